// A folder that appears whole or not at all.

internal import Glibc
internal import Platform

/// Collects files beside their destination, or inside it where that exists already, and moves them to their place at the end.
///
/// What was not published is removed when the value goes away.
struct StagedFolder: ~Copyable {
  /// Where the files will be.
  private let target: String
  /// Where they are until then.
  private let staging: String
  /// Whether `staging` lies in `target`, an empty folder that was there before and stays (it may be a mount point, or somebody's working folder).
  private let isInside: Bool
  /// Everything made so far, parents before children.
  private var made: [(path: String, isFolder: Bool)] = []

  /// - Throws: `.folderNotEmpty`, `.notAFolder`, `.system`.
  init(target path: String) throws(SampleDataError) {
    target = Self.withoutTrailingSlashes(path)
    switch Folder.kind(of: target) {
    case .file, .other: throw .notAFolder(target)
    case .folder:
      let names = try Self.system { () throws(SystemError) in try Folder.names(in: target) }
      guard names.isEmpty else { throw .folderNotEmpty(target, found: names[0]) }
      isInside = true
      staging = "\(target)/.epochfs-\(getpid())"
    case nil:
      let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
      let parent = slash.map { String(target[..<$0]) } ?? "."
      let name = slash.map { String(target[target.utf8.index(after: $0)...]) } ?? target
      try Self.makeParents(parent)
      isInside = false
      staging = "\(parent)/.\(name).epochfs-\(getpid())"
    }
    try Self.makeFolder(staging)
    made.append((staging, isFolder: true))
  }

  deinit {
    for entry in made.reversed() { _ = unsafe entry.isFolder ? rmdir(entry.path) : unlink(entry.path) }
  }

  /// `path` is relative; its parents were made before.
  mutating func makeFolder(_ path: String) throws(SampleDataError) {
    try Self.makeFolder("\(staging)/\(path)")
    made.append(("\(staging)/\(path)", isFolder: true))
  }

  mutating func write(_ bytes: [UInt8], to path: String) throws(SampleDataError) {
    let full = "\(staging)/\(path)"
    let descriptor = unsafe open(full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure("create", full) }
    made.append((full, isFolder: false))
    var done = 0
    while done < bytes.count {
      // Sound: the buffer lives through the call, and `done` is within it.
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
      if written >= 0 {
        done += written
      } else if errno != EINTR {
        let error = Self.failure("write", full)
        close(descriptor)
        throw error
      }
    }
    // Some file systems tell only now that there was no room.
    guard close(descriptor) == 0 else { throw Self.failure("close", full) }
  }

  /// Moves everything to its place. `names` are those at the top, the one that makes the rest usable last.
  consuming func publish(_ names: [String]) throws(SampleDataError) {
    if isInside {
      var moved: [String] = []
      do throws(SampleDataError) {
        for name in names {
          try Self.move("\(staging)/\(name)", to: "\(target)/\(name)")
          moved.append(name)
        }
      } catch {
        for name in moved { rename("\(target)/\(name)", "\(staging)/\(name)") }
        throw error
      }
      rmdir(staging)
    } else {
      try Self.move(staging, to: target)
    }
    made = []
  }

  private static func move(_ source: String, to target: String) throws(SampleDataError) {
    guard rename(source, target) == 0 else { throw failure("rename", target) }
  }

  private static func makeFolder(_ path: String) throws(SampleDataError) {
    guard mkdir(path, 0o777) == 0 else { throw failure("make folder", path) }
  }

  /// Makes a folder and those above it where they are missing.
  private static func makeParents(_ path: String) throws(SampleDataError) {
    guard !path.isEmpty, Folder.kind(of: path) == nil else { return }
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) { try makeParents(String(path[..<slash])) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("make folder", path) }
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    var path = path[...]
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return String(path)
  }

  private static func failure(_ call: String, _ path: String) -> SampleDataError { .system(SystemError(call: call, path: path, number: errno)) }

  private static func system<Value>(_ body: () throws(SystemError) -> Value) throws(SampleDataError) -> Value {
    do throws(SystemError) { return try body() } catch { throw .system(error) }
  }
}
