// Reads small files whole, with the system's calls.

internal import Glibc
internal import Platform

enum ConfigurationFile {
  /// A configuration is written by hand; this is some ten thousand lines.
  static let byteLimit = 1 << 20

  enum Failure: Error {
    /// The system's message.
    case cannotRead(String)
    case tooLarge
    /// 1-based line.
    case notUTF8(line: Int)
  }

  /// The text of a file of at most `byteLimit` bytes.
  static func text(_ path: String) throws(Failure) -> String {
    let bytes = try bytes(path, limit: byteLimit)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(line: lineOfFirstError(bytes)) }
    return text
  }

  private static func lineOfFirstError(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var line = 1
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      if scalar == "\n" { line += 1 }
    }
    return line
  }

  static func bytes(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    guard !path.utf8.contains(0) else { throw .cannotRead("the name holds a NUL") }
    // Sound: the string becomes a C string that lives for the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(SystemError.text(errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      let wanted = 1 << 16
      var failure: Int32 = 0
      // Sound: `read` writes at most `wanted` bytes into a buffer of that capacity and says how many it wrote.
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
        let got = unsafe read(descriptor, buffer.baseAddress, wanted)
        if got < 0 { failure = errno }
        count = max(0, got)
      }
      if failure == EINTR { continue }
      guard failure == 0 else { throw .cannotRead(SystemError.text(failure)) }
      if chunk.isEmpty { return bytes }
      bytes += chunk
      guard bytes.count <= limit else { throw .tooLarge }
    }
  }

  /// The folder of a file, absolute.
  static func folder(of path: String) -> String {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    if path.hasPrefix("/") { return PathExpansion.cleaned(folder) }
    return PathExpansion.cleaned(workingFolder() + "/" + folder)
  }

  private static func workingFolder() -> String {
    // Sound: getcwd with no buffer answers a string of its own, which is copied before it is freed.
    guard let name = unsafe getcwd(nil, 0) else { return "/" }
    defer { unsafe free(name) }
    return unsafe String(cString: name)
  }
}
