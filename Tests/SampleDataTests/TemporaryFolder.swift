// A folder for one test.

import Glibc
import Platform

@testable import SampleData

final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/epochfs-sample-tests-XXXXXX".utf8CString)
    // Sound: the template is a C string of our own, which mkdtemp writes its six letters into.
    guard unsafe template.withUnsafeMutableBufferPointer({ unsafe mkdtemp($0.baseAddress!) }) != nil else { throw Failure() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    for name in (try? Folder.names(in: path)) ?? [] {
      let inner = "\(path)/\(name)"
      if Folder.kind(of: inner) == .folder { remove(inner) } else { OutputFiles.removeFile(inner) }
    }
    OutputFiles.removeFolder(path)
  }

  struct Failure: Error {}
}
