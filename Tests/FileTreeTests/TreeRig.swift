// A tree with an assembler, and reading from it by path, as the kernel would.

import BatchAssembly
import BatchCache
import Platform
import ShardStore

@testable import FileTree

final class TreeRig: Sendable {
  let tree: MountedTree
  let assembler: BatchAssembler
  let sentences: Lock<[String]>

  convenience init(
    _ views: [ViewPlan], inMemoryFiles: Bool = false, capByteCount: Int = 8 << 20, onAccess: @escaping @Sendable (FileAccess) -> Void = { _ in }
  ) throws {
    try self.init(
      folders: views.map { ViewFolder(name: $0.name, leaf: .batches($0)) }, inMemoryFiles: inMemoryFiles, capByteCount: capByteCount, onAccess: onAccess)
  }

  init(
    folders: [ViewFolder], inMemoryFiles: Bool = false, capByteCount: Int = 8 << 20, onAccess: @escaping @Sendable (FileAccess) -> Void = { _ in }
  ) throws {
    let names = try FileTree(folders)
    let work = AssemblyWork(views: names.views, arrays: names.arrays)
    assembler = try BatchAssembler(work: work, budget: MemoryBudget(capByteCount: capByteCount), threadCount: 2, onShardError: { _ in })
    if inMemoryFiles { assembler.useMemoryFiles() }
    let control = ControlContent(name: "test", configurationYAML: "name: test\n", version: "1.2.3", assembler: assembler, sources: folders.map(\.whole.source))
    let sentences = Lock<[String]>([])
    self.sentences = sentences
    tree = MountedTree(
      tree: names, assembler: assembler, control: control, userID: 12, groupID: 34,
      onError: { error in sentences.withLock { $0.append("\(error)") } }, onAccess: onAccess)
  }

  deinit { assembler.stop() }

  func lookUp(_ name: String, in folder: Inode) throws -> FileAttributes {
    let reply = Reply<FileAttributes>()
    tree.lookUp(name, in: folder) { reply.fulfil($0) }
    return try reply.wait()
  }

  func attributes(_ path: String) throws -> FileAttributes {
    try path.split(separator: Character("/")).reduce(attributes(of: .root)) { try lookUp(String($1), in: $0.inode) }
  }

  func attributes(of inode: Inode, handle: FileHandle? = nil) throws -> FileAttributes {
    let reply = Reply<FileAttributes>()
    tree.attributes(of: inode, handle: handle) { reply.fulfil($0) }
    return try reply.wait()
  }

  func open(_ inode: Inode) throws -> OpenedFile {
    let reply = Reply<OpenedFile>()
    tree.open(inode) { reply.fulfil($0) }
    return try reply.wait()
  }

  func read(_ inode: Inode, _ handle: FileHandle, from byteOffset: Int, count: Int) throws -> [UInt8] {
    let reply = Reply<FileBytes>()
    tree.read(inode, handle: handle, byteOffset: byteOffset, byteCount: count) { reply.fulfil($0) }
    let bytes = try reply.wait()
    return bytes.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }  // Sound: copied.
  }

  /// The whole file, in pieces.
  func bytes(_ path: String, pieceByteCount: Int = 1 << 20) throws -> [UInt8] {
    let inode = try attributes(path).inode
    let opened = try open(inode)
    defer { tree.close(inode, handle: opened.handle) }
    var bytes: [UInt8] = []
    while true {
      let piece = try read(inode, opened.handle, from: bytes.count, count: pieceByteCount)
      bytes += piece
      if piece.count < pieceByteCount { return bytes }
    }
  }

  func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

  func names(_ path: String, from ordinal: Int = 0, limit: Int = .max) throws -> [String] {
    var names: [String] = []
    try tree.entries(of: attributes(path).inode, from: ordinal) { entry in
      names.append(entry.name)
      return names.count < limit
    }
    return names
  }
}

/// A reply that is waited for, but not for ever; a second one is an error.
final class Reply<Value: Sendable>: Sendable {
  private let results: Lock<[Result<Value, FileError>]> = Lock([])
  private let arrived = Condition()

  func fulfil(_ result: Result<Value, FileError>) {
    results.withLock { $0.append(result) }
    arrived.broadcast()
  }

  func wait() throws -> Value {
    let end = MonotonicClock.nanoseconds + 20_000_000_000
    let found = results.withLock(waitingOn: arrived) { results -> WaitStep<[Result<Value, FileError>]> in
      let now = MonotonicClock.nanoseconds
      return !results.isEmpty || now >= end ? .done(results) : .wait(nanoseconds: end - now)
    }
    guard found.count == 1 else { throw TimedOut() }
    return try found[0].get()
  }
}

struct TimedOut: Error {}
