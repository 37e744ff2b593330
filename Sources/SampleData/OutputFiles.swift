// The system calls that make files and folders.

internal import Glibc
internal import Platform

// Sound, all of it: texts are handed over as C strings that live through the call.
enum OutputFiles {
  static func makeFolder(_ path: String) throws(SampleDataError) {
    guard unsafe mkdir(path, 0o777) == 0 else { throw failure("make folder", path) }
  }

  /// Makes a folder, and those above it, where they are missing.
  static func makeFolders(_ path: String) throws(SampleDataError) {
    guard !path.isEmpty, Folder.kind(of: path) == nil else { return }
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) { try makeFolders(String(path[..<slash])) }
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("make folder", path) }
  }

  /// Makes a new file; nothing is overwritten, and what could not be written whole is removed.
  static func write(_ bytes: [UInt8], to path: String) throws(SampleDataError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("create", path) }
    var error: SampleDataError?
    var done = 0
    while done < bytes.count, error == nil {
      // Sound: the array is not empty and lives through the call, and `done` is within it.
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
      if written >= 0 { done += written } else if errno != EINTR { error = failure("write", path) }
    }
    // Some file systems tell only now that there was no room.
    if close(descriptor) != 0, error == nil { error = failure("write", path) }
    guard let error else { return }
    removeFile(path)
    throw error
  }

  static func move(_ source: String, to target: String) throws(SampleDataError) {
    guard unsafe rename(source, target) == 0 else { throw failure("rename to", target) }
  }

  static func removeFile(_ path: String) { unsafe _ = unlink(path) }

  /// Removes an empty folder.
  static func removeFolder(_ path: String) { unsafe _ = rmdir(path) }

  private static func failure(_ call: String, _ path: String) -> SampleDataError { .system(SystemError(call: call, path: path, number: errno)) }
}
