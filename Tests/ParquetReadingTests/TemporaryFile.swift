// A file for tests that change bytes.

import Glibc

/// Without a name of its own: it is reached through its descriptor, and gone with it.
final class TemporaryFile {
  private let descriptor: Int32
  let path: String

  init(_ bytes: [UInt8]) throws {
    var template = Array("/tmp/epochfs-tests-XXXXXX".utf8CString)
    // Sound: a C string of our own, which mkstemp writes its six letters into.
    descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else { throw BadFixture(name: "mkstemp") }
    // Sound: the same C string.
    unsafe _ = unlink(template)
    path = "/proc/self/fd/\(descriptor)"
    try write(bytes)
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8]) throws {
    // Sound: as many bytes as the array has, which lives through the call.
    guard ftruncate(descriptor, bytes.count) == 0, unsafe pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else { throw BadFixture(name: path) }
  }

  func write(_ bytes: [UInt8], changing place: Int, to value: UInt8) throws {
    var changed = bytes
    changed[place] = value
    try write(changed)
  }
}
