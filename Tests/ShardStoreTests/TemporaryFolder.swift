// A folder for one test, and what tests do to files.

import Glibc
import Platform

final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/epochfs-tests-XXXXXX".utf8CString)
    // Sound: the template is a C string of our own, which mkdtemp writes its six letters into.
    guard unsafe template.withUnsafeMutableBufferPointer({ unsafe mkdtemp($0.baseAddress!) }) != nil else { throw FileProblem(path: "/tmp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { TestFiles.remove(path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }
}

struct FileProblem: Error { let path: String }

/// Sound, all of it: texts are handed over as C strings that live through the call, streams are open between fopen and fclose.
enum TestFiles {
  static func makeFolder(_ path: String) throws {
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileProblem(path: path) }
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = unsafe fopen(path, "wb") else { throw FileProblem(path: path) }
    let count = unsafe fwrite(bytes, 1, bytes.count, file)
    guard unsafe fclose(file) == 0, count == bytes.count else { throw FileProblem(path: path) }
  }

  static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  static func bytes(_ path: String) throws -> [UInt8] { try InputFile.contents(of: path, limit: 1 << 30) }

  /// Copies a folder with what lies in it.
  static func copy(_ source: String, to target: String) throws {
    try makeFolder(target)
    for name in try Folder.names(in: source) {
      let (from, to) = ("\(source)/\(name)", "\(target)/\(name)")
      if Folder.kind(of: from) == .folder { try copy(from, to: to) } else { try write(bytes(from), to: to) }
    }
  }

  /// Changes bytes of a file; size and time stay as they were, as with a damaged disk.
  static func damage(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw FileProblem(path: path) }
    var bytes = try bytes(path)
    body(&bytes)
    try write(bytes, to: path)
    try setTime(path, status.st_mtim)
  }

  static func setTime(_ path: String, _ time: timespec) throws {
    let times = [time, time]
    guard unsafe utimensat(AT_FDCWD, path, times, 0) == 0 else { throw FileProblem(path: path) }
  }

  static func remove(_ path: String) {
    if Folder.kind(of: path) == .folder {
      for name in (try? Folder.names(in: path)) ?? [] { remove("\(path)/\(name)") }
      unsafe _ = rmdir(path)
    } else {
      unsafe _ = unlink(path)
    }
  }

  /// The data sets of Tests/Fixtures.
  static var fixtures: String { "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Fixtures/mds" }

  /// The elements of an expected `.npy` file, whose header has 128 bytes.
  static func elements(_ name: String) throws -> [UInt8] { Array(try bytes("\(fixtures)/expected/\(name).npy")[128...]) }
}
