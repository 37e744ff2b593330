// A folder for one test.

import Glibc

final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/epochfs-sample-tests-XXXXXX".utf8CString)
    // Sound: the template is a C string of our own, which mkdtemp writes its six letters into.
    guard unsafe template.withUnsafeMutableBufferPointer({ unsafe mkdtemp($0.baseAddress!) }) != nil else { throw Failure() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    // Sound: a callback without state; entries come before the folder that holds them.
    unsafe _ = nftw(path, { path, _, _, _ in unsafe remove(path!) }, 16, Int32(FTW_DEPTH.rawValue) | Int32(FTW_PHYS.rawValue))
  }

  struct Failure: Error {}
}
