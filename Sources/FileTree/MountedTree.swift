// The tree with bytes: answers a mount's requests from the assembler, the schemas and the control files.

public import BatchAssembly
internal import BatchCache
internal import ByteParsing
internal import Platform
internal import ShardStore
internal import Synchronization

/// The file system of one mount. Waits for nothing: what must be decoded is answered by the assembler's workers.
public final class MountedTree: FileService {
  public let tree: FileTree
  public let control: ControlContent
  public let totals: FileSystemTotals
  private let assembler: BatchAssembler
  private let userID: UInt32
  private let groupID: UInt32
  private let modified: FileTime
  /// Told of every data error that a reader met.
  private let onError: @Sendable (ReaderError) -> Void
  /// Told of every open and read of a batch or an array when it was answered.
  let onAccess: @Sendable (FileAccess) -> Void
  /// What the open control files said when they were opened.
  private let snapshots = Lock(Snapshots())

  private let openBatches: OpenBatches
  private let sizes = FoundSizes()
  /// The handles of files that the kernel reads by itself, and of all that need nothing remembered.
  private static let passthroughHandle = FileHandle(.max)
  private static let plainHandle = FileHandle(0)

  private struct Snapshots: Sendable {
    var next: UInt64 = 1
    var bytes: [UInt64: [UInt8]] = [:]
  }

  public init(
    tree: FileTree, assembler: BatchAssembler, control: ControlContent, userID: UInt32, groupID: UInt32, onError: @escaping @Sendable (ReaderError) -> Void,
    onAccess: @escaping @Sendable (FileAccess) -> Void = { _ in }
  ) {
    self.tree = tree
    self.assembler = assembler
    self.control = control
    self.userID = userID
    self.groupID = groupID
    self.onError = onError
    self.onAccess = onAccess
    openBatches = OpenBatches(byteLimit: assembler.spareByteCount / 2)
    totals = FileSystemTotals(
      byteCount: UInt64(clamping: tree.folders.reduce(0) { $0.saturatingAdding($1.whole.source.rawByteCount) }), fileCount: tree.scheme.end)
    modified = tree.folders.map { FileTime($0.whole.source.modified) }.max() ?? FileTime(seconds: 0)
  }

  // MARK: - Names and attributes

  public func lookUp(_ name: String, in directory: Inode, reply: @escaping @Sendable (Result<FileAttributes, FileError>) -> Void) {
    let found: Node
    do throws(FileError) {
      guard let folder = tree.scheme.node(of: directory) else { throw .notFound }
      found = try tree.child(name, of: folder)
    } catch { return reply(.failure(error)) }
    attributes(of: found, handle: nil, reply: reply)
  }

  public func attributes(of inode: Inode, handle: FileHandle?, reply: @escaping @Sendable (Result<FileAttributes, FileError>) -> Void) {
    guard let node = tree.scheme.node(of: inode) else { return reply(.failure(.notFound)) }
    attributes(of: node, handle: handle, reply: reply)
  }

  /// At once, but for arrays whose length is known only when their column was decoded, and for files of batches whose size only their values tell.
  private func attributes(of node: Node, handle: FileHandle?, reply: @escaping @Sendable (Result<FileAttributes, FileError>) -> Void) {
    if case .batch(let key, let file) = node, tree.byteCount(of: node) == nil { return attributes(of: node, key, file: file, reply: reply) }
    guard case .array(let key) = node, tree.byteCount(of: node) == nil else {
      return reply(.success(attributes(of: node, byteCount: byteCount(of: node, handle))))
    }
    assembler.byteCount(of: key) { [self] result in
      switch result {
      case .success(let byteCount): reply(.success(attributes(of: node, byteCount: byteCount)))
      case .failure(let error): reply(.failure(tell(error, of: node)))
      }
    }
  }

  /// Of a file of a batch whose size is known when the batch was made.
  private func attributes(of node: Node, _ key: BatchKey, file: Int, reply: @escaping @Sendable (Result<FileAttributes, FileError>) -> Void) {
    if let byteCount = sizes.byteCount(of: tree.scheme.inode(of: node)) { return reply(.success(attributes(of: node, byteCount: byteCount))) }
    assembler.request(key) { [self] result in
      switch result {
      case .success(let batch):
        for (place, file) in batch.files.enumerated() where tree.byteCount(of: .batch(key, tensor: place)) == nil {
          if case .success(let buffer) = file { sizes.remember(buffer.byteCount, of: tree.scheme.inode(of: .batch(key, tensor: place))) }
        }
        switch batch.files[file] {
        case .success(let buffer): reply(.success(attributes(of: node, byteCount: buffer.byteCount)))
        case .failure(let error): reply(.failure(tell(error, of: node)))
        }
      case .failure(let error): reply(.failure(tell(error, of: node)))
      }
    }
  }

  private func byteCount(of node: Node, _ handle: FileHandle?) -> Int {
    if case .control(let file) = node { return snapshot(handle)?.count ?? control.bytes(of: file).count }
    return tree.byteCount(of: node) ?? Self.folderByteCount
  }

  private func attributes(of node: Node, byteCount: Int) -> FileAttributes {
    let time = tree.source(of: node).map { FileTime($0.modified) } ?? modified
    // The folder too: so that a look at it tells whether the daemon lives.
    let isControl =
      switch node {
      case .controlFolder, .control: true
      default: false
      }
    return FileAttributes(
      inode: tree.scheme.inode(of: node), kind: node.isFolder ? .directory : .file, byteCount: byteCount, modified: time, userID: userID, groupID: groupID,
      isImmutable: !isControl)
  }

  private static let folderByteCount = 4096

  public func entries(of directory: Inode, from ordinal: Int, emit: (DirectoryEntry) -> Bool) throws(FileError) {
    guard let folder = tree.scheme.node(of: directory) else { throw .notFound }
    guard folder.isFolder else { throw .notADirectory }
    for number in stride(from: ordinal, to: tree.entryCount(of: folder), by: 1) {
      let (name, node) = tree.entry(number, of: folder)
      if !emit(DirectoryEntry(name: name, inode: tree.scheme.inode(of: node), kind: node.isFolder ? .directory : .file)) { return }
    }
  }

  // MARK: - Bytes

  public func open(_ inode: Inode, reply: @escaping @Sendable (Result<OpenedFile, FileError>) -> Void) {
    guard let node = tree.scheme.node(of: inode) else { return reply(.failure(.notFound)) }
    switch node {
    case .control(let file):
      let bytes = control.bytes(of: file)
      let number = snapshots.withLock { snapshots in
        defer { snapshots.next += 1 }
        snapshots.bytes[snapshots.next] = bytes
        return snapshots.next
      }
      reply(.success(OpenedFile(handle: FileHandle(number), serving: .uncachedReplies)))
    case .schema: reply(.success(OpenedFile(handle: Self.plainHandle, serving: .cachedReplies)))
    case .batch(let key, let tensor):
      let reply = timed(.open, of: node, reply)
      guard control.isPassthrough.load(ordering: .relaxed) else {
        return reply(.success(OpenedFile(handle: Self.plainHandle, serving: .cachedReplies)))
      }
      openPassthrough(inode, key, tensor: tensor, reply: reply)
    case .array:
      let reply = timed(.open, of: node, reply)
      // What is open has a size: where it cannot be found, nothing of the file could be read to its end.
      attributes(of: node, handle: nil) { reply($0.map { _ in OpenedFile(handle: Self.plainHandle, serving: .cachedReplies) }) }
    case .root, .controlFolder, .folder, .epoch, .rank: reply(.failure(.isADirectory))
    }
  }

  /// The batch is complete before the open is answered, and lies in a file the kernel can read by itself.
  private func openPassthrough(
    _ inode: Inode, _ key: BatchKey, tensor: Int, reply: @escaping @Sendable (Result<OpenedFile, FileError>) -> Void
  ) {
    if let buffer = openBatches.reopen(inode) {
      buffer.seal()
      control.servedByteCount.add(buffer.byteCount, ordering: .relaxed)
      return reply(.success(OpenedFile(handle: Self.passthroughHandle, serving: .passthrough(buffer))))
    }
    assembler.request(key) { [self] result in
      switch result.flatMap({ $0.files[tensor] }) {
      case .success(let file):
        guard let (buffer, isFirst) = openBatches.open(inode, file) else {
          return reply(.success(OpenedFile(handle: Self.plainHandle, serving: .cachedReplies)))
        }
        if isFirst { assembler.hold(key, file: tensor, buffer) }
        // Before the kernel has it: complete, and never written again. Whoever opens it meanwhile waits for that here.
        buffer.seal()
        control.servedByteCount.add(buffer.byteCount, ordering: .relaxed)
        reply(.success(OpenedFile(handle: Self.passthroughHandle, serving: .passthrough(buffer))))
      case .failure(let error): reply(.failure(tell(error, of: .batch(key, tensor: tensor))))
      }
    }
  }

  public func read(
    _ inode: Inode, handle: FileHandle, byteOffset: Int, byteCount: Int, reply: @escaping @Sendable (Result<FileBytes, FileError>) -> Void
  ) {
    guard byteOffset >= 0, byteCount >= 0 else { return reply(.failure(.invalidArgument)) }
    guard let node = tree.scheme.node(of: inode) else { return reply(.failure(.notFound)) }
    switch node {
    case .control(let file): reply(.success(Self.part(of: snapshot(handle) ?? control.bytes(of: file), byteOffset, byteCount)))
    case .schema(let folder): reply(.success(Self.part(of: tree.schema(ofFolder: folder), byteOffset, byteCount)))
    case .batch(let key, let tensor):
      readBatch(key, tensor: tensor, byteOffset, byteCount, timed(.read(byteOffset: byteOffset, byteCount: byteCount), of: node, reply))
    case .array(let key):
      readArray(key, byteOffset, byteCount, timed(.read(byteOffset: byteOffset, byteCount: byteCount), of: node, reply))
    case .root, .controlFolder, .folder, .epoch, .rank: reply(.failure(.isADirectory))
    }
  }

  private func readBatch(_ key: BatchKey, tensor: Int, _ byteOffset: Int, _ byteCount: Int, _ reply: @escaping @Sendable (Result<FileBytes, FileError>) -> Void)
  {
    assembler.request(key) { [self] result in
      switch result.flatMap({ $0.files[tensor] }) {
      case .success(let file):
        let range = Self.range(byteOffset, byteCount, in: file.byteCount)
        control.servedByteCount.add(range.count, ordering: .relaxed)
        reply(.success(FileBytes(file, range)))
        if range.upperBound == file.byteCount { assembler.markRead(key, tensor: tensor) }
      case .failure(let error): reply(.failure(tell(error, of: .batch(key, tensor: tensor))))
      }
    }
  }

  private func readArray(_ key: ArrayKey, _ byteOffset: Int, _ byteCount: Int, _ reply: @escaping @Sendable (Result<FileBytes, FileError>) -> Void) {
    assembler.read(key, byteOffset: byteOffset, byteCount: byteCount) { [self] result in
      switch result {
      case .success(let found):
        let bytes = FileBytes(found)
        control.servedByteCount.add(bytes.byteCount, ordering: .relaxed)
        reply(.success(bytes))
      case .failure(let error): reply(.failure(tell(error, of: .array(key))))
      }
    }
  }

  public func close(_ inode: Inode, handle: FileHandle) {
    if handle == Self.passthroughHandle {
      let last = openBatches.close(inode)
      if case .batch(let key, let tensor) = tree.scheme.node(of: inode) {
        if let last { assembler.release(key, file: tensor, last) }
        assembler.markRead(key, tensor: tensor)
      }
    } else if handle != Self.plainHandle {
      snapshots.withLock { $0.bytes[handle.number] = nil }
    }
  }

  /// Writes a data error down and says what the reader gets.
  private func tell(_ error: BatchError, of node: Node) -> FileError {
    let answer: FileError
    let told: ReaderError
    switch error {
    case .stopping: return .stopping
    case .noMemory(let message):
      answer = .outOfMemory
      told = ReaderError(path: tree.path(of: node), source: sourceName(of: node), shard: nil, errno: answer.errno, message: message)
    case .shard(let shard), .value(let shard):
      answer = .damagedData(error.description)
      told = ReaderError(path: tree.path(of: node), source: shard.source, shard: shard.path, errno: answer.errno, message: shard.description)
    }
    if control.errors.record(told) { onError(told) }
    return answer
  }

  private func sourceName(of node: Node) -> String {
    switch node {
    case .batch(let key, _): tree.views[key.folder.view].source.name
    case .array(let key): tree.arrays[key.plan].source.name
    case .root, .controlFolder, .control, .schema, .folder, .epoch, .rank: ""
    }
  }

  private func snapshot(_ handle: FileHandle?) -> [UInt8]? {
    guard let handle, handle.number != 0 else { return nil }
    return snapshots.withLock { $0.bytes[handle.number] }
  }

  private static func part(of bytes: [UInt8], _ byteOffset: Int, _ byteCount: Int) -> FileBytes {
    FileBytes(bytes, range(byteOffset, byteCount, in: bytes.count))
  }

  private static func range(_ byteOffset: Int, _ byteCount: Int, in total: Int) -> Range<Int> {
    let begin = min(byteOffset, total)
    return begin..<begin + min(byteCount, total - begin)
  }

}

extension FileTime {
  init(_ time: FileTimestamp) { self.init(seconds: time.seconds, nanoseconds: time.nanoseconds) }
}
