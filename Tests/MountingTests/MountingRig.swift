// Configurations over data sets of one test, and what they become.

import BatchAssembly
import FileTree
import MountConfiguration
import Platform
import ShardStore

@testable import Mounting

/// A folder with the data sets `raw` (60 samples), `zstd` (45, numbered from 1000) and, from Tests/Fixtures, `workers`.
final class MountingRig {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("raw"), count: 60)
    try TestDataSet.write(to: folder.path("zstd"), first: 1000, count: 45, level: 3)
  }

  static let yaml = """
    version: 1
    name: test
    memory: 8MiB
    threads: 2
    sources:
      windows:
        format: mds
        path: ./raw
        columns:
          features: {dtype: float32, shape: [4, 3], channels: [lat, lon, cog]}
      packed: {format: mds, path: ./zstd, columns: {features: {dtype: float32, shape: [4, 3]}}}
    views:
      train:
        source: windows
        batch_size: 8
        epochs: 2
        ranks: 2
        order: {algorithm: window, seed: 42, block: 20}
        tensors:
          input:
            column: features
            slice: "1:"
            transform:
              lat: [{subtract: 4}, {divide: 8}]
              lon: [{clamp: [-50, -20]}]
          target: {column: features, slice: "::2, :2", channels: [lon], dtype: float64}
          numbers: {columns: [label, id], dtype: float32}
      plain: {source: packed, batch_size: 7}

    """

  func plan(
    _ yaml: String = MountingRig.yaml, overrides: [String] = [], progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
  ) throws -> MountPlan {
    try MountPlan(Configuration.parse(yaml, file: "config.yaml", folder: folder.path, overrides: overrides), progress: progress)
  }

  /// The least cap that a mount of the configuration accepts, in bytes.
  func leastCap() throws -> Int { AssemblyWork(views: try plan().views).leastByteCount }

  /// The first problem of a configuration that must be refused.
  func refusal(_ yaml: String, overrides: [String] = []) throws -> ConfigurationProblem {
    do { _ = try plan(yaml, overrides: overrides) } catch let error as ConfigurationError { return error.problems[0] }
    throw NotRefused()
  }
}

struct NotRefused: Error {}

extension String {
  /// This text with the first `old` replaced; a test that names text which is not there is wrong.
  func replacing(first old: String, with new: String) -> String {
    guard let range = ranges(of: old).first else { preconditionFailure("\(old) is not in the text") }
    var copy = self
    copy.replaceSubrange(range, with: new)
    return copy
  }

  /// The 1-based line of the first `part`.
  func line(of part: String) -> Int? { ranges(of: part).first.map { self[..<$0.lowerBound].filter { $0 == "\n" }.count + 1 } }
}

/// A mounted tree without a kernel.
final class TreeReader {
  let tree: MountedTree
  let assembler: BatchAssembler
  let sentences = Lock<[String]>([])
  /// Its files go with it.
  private let rig: MountingRig

  init(_ plan: MountPlan, of rig: MountingRig) throws {
    self.rig = rig
    assembler = try plan.makeAssembler { _ in }
    let sentences = sentences
    tree = plan.makeTree(assembler: assembler, version: "1") { error in sentences.withLock { $0.append("\(error)") } }
  }

  deinit { assembler.stop() }

  private func wait<Value: Sendable>(_ ask: (@escaping @Sendable (Result<Value, FileError>) -> Void) -> Void) throws -> Value {
    let answer = Lock<Result<Value, FileError>?>(nil)
    let arrived = Condition()
    ask { result in
      answer.withLock { $0 = result }
      arrived.broadcast()
    }
    let end = MonotonicClock.nanoseconds + 20_000_000_000
    let found = answer.withLock(waitingOn: arrived) { answer -> WaitStep<Result<Value, FileError>?> in
      let now = MonotonicClock.nanoseconds
      return answer != nil || now >= end ? .done(answer) : .wait(nanoseconds: end - now)
    }
    guard let found else { throw TimedOut() }
    return try found.get()
  }

  func attributes(_ path: String) throws -> FileAttributes {
    let root: FileAttributes = try wait { tree.attributes(of: .root, handle: nil, reply: $0) }
    return try path.split(separator: Character("/")).reduce(root) { folder, name in try wait { tree.lookUp(String(name), in: folder.inode, reply: $0) } }
  }

  func bytes(_ path: String) throws -> [UInt8] {
    let inode = try attributes(path).inode
    let opened: OpenedFile = try wait { tree.open(inode, reply: $0) }
    defer { tree.close(inode, handle: opened.handle) }
    let bytes: FileBytes = try wait { tree.read(inode, handle: opened.handle, byteOffset: 0, byteCount: 1 << 30, reply: $0) }
    return bytes.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }  // Sound: copied.
  }

  /// Every file below `path`, as it is listed.
  func files(_ path: String = "") throws -> [String] {
    var found: [String] = []
    var folders: [String] = []
    try tree.entries(of: attributes(path).inode, from: 0) { entry in
      let inner = path.isEmpty ? entry.name : path + "/" + entry.name
      if entry.kind == .file { found.append(inner) } else { folders.append(inner) }
      return true
    }
    return try found + folders.flatMap(files)
  }
}

struct TimedOut: Error {}
