// A small file system in memory that the tests mount.

import BatchCache
import FileTree
import Glibc
import Platform
import Synchronization

/// Files of pattern bytes, one for each way of being served, and a big folder.
final class PatternService: FileService {
  struct File {
    var name: String
    var byteCount: Int
    var behaviour: Behaviour = .plain
  }
  enum Behaviour { case plain, delayed, damaged, refused, neverOpens, neverReads, control, passthrough }

  static let bigFolder: UInt64 = 3
  static let bigCount = 100_000
  static let files: [UInt64: File] = [
    10: File(name: "pattern.bin", byteCount: 3_000_001),
    11: File(name: "empty.bin", byteCount: 0),
    12: File(name: "delayed.bin", byteCount: 500_000, behaviour: .delayed),
    13: File(name: "damaged.bin", byteCount: 100_000, behaviour: .damaged),
    14: File(name: "refused.bin", byteCount: 100_000, behaviour: .refused),
    15: File(name: "status.json", byteCount: 0, behaviour: .control),
    16: File(name: "batch.bin", byteCount: 2_000_003, behaviour: .passthrough),
    17: File(name: "never.bin", byteCount: 10, behaviour: .neverOpens),
    19: File(name: "unread.bin", byteCount: 10, behaviour: .neverReads),
    18: File(name: "naïve \u{1F41F}.bin", byteCount: 5),
  ]

  let readCount = Atomic(0)
  let readByteCount = Atomic(0)
  let openCount = Atomic(0)
  let closeCount = Atomic(0)
  let controlReads = Atomic(0)
  /// What answers the requests that wait: with success, or as the mount's end does.
  private let held = Lock<[@Sendable (_ isSuccess: Bool) -> Void]>([])

  var totals: FileSystemTotals { FileSystemTotals(byteCount: 10_000_000, fileCount: 12) }

  /// The bytes of each file, made once.
  private static let contents = files.reduce(into: [UInt64: [UInt8]]()) { contents, file in
    contents[file.key] = (0..<file.value.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(file.key) &+ $0 >> 8) }
  }
  static func pattern(_ inode: UInt64, _ range: Range<Int>) -> [UInt8] { Array(contents[inode, default: []][range]) }

  func lookUp(_ name: String, in directory: Inode, reply: @escaping @Sendable (Result<FileAttributes, FileError>) -> Void) {
    switch directory.number {
    case 1:
      if name == "big" { return reply(.success(Self.folder(Self.bigFolder))) }
      guard let (number, file) = Self.files.first(where: { $0.value.name == name }) else { return reply(.failure(.notFound)) }
      reply(.success(Self.attributes(number, file)))
    case Self.bigFolder:
      guard name.hasPrefix("entry-"), let index = Int(name.dropFirst(6)), (0..<Self.bigCount).contains(index) else { return reply(.failure(.notFound)) }
      reply(.success(Self.attributes(1_000_000 + UInt64(index), File(name: name, byteCount: index))))
    default: reply(.failure(.notADirectory))
    }
  }

  func attributes(of inode: Inode, handle: FileHandle?, reply: @escaping @Sendable (Result<FileAttributes, FileError>) -> Void) {
    switch inode.number {
    case 1, Self.bigFolder: reply(.success(Self.folder(inode.number)))
    case 1_000_000...: reply(.success(Self.attributes(inode.number, File(name: "", byteCount: Int(inode.number) - 1_000_000))))
    default: reply(Self.files[inode.number].map { .success(Self.attributes(inode.number, $0)) } ?? .failure(.notFound))
    }
  }

  func open(_ inode: Inode, reply: @escaping @Sendable (Result<OpenedFile, FileError>) -> Void) {
    openCount.add(1, ordering: .relaxed)
    let handle = FileHandle(UInt64(openCount.load(ordering: .relaxed)))
    guard let file = Self.files[inode.number] else { return reply(.success(OpenedFile(handle: handle, serving: .cachedReplies))) }
    switch file.behaviour {
    case .plain, .damaged, .neverReads: reply(.success(OpenedFile(handle: handle, serving: .cachedReplies)))
    case .delayed: later { reply(.success(OpenedFile(handle: handle, serving: .cachedReplies))) }
    case .refused: later { reply(.failure(.outOfMemory)) }
    case .neverOpens:
      held.withLock { $0.append { reply($0 ? .success(OpenedFile(handle: handle, serving: .cachedReplies)) : .failure(.stopping)) } }
    case .control: reply(.success(OpenedFile(handle: handle, serving: .uncachedReplies)))
    case .passthrough: later { reply(.success(OpenedFile(handle: handle, serving: .passthrough(Self.buffer(inode.number, file.byteCount))))) }
    }
  }

  func read(_ inode: Inode, handle: FileHandle, byteOffset: Int, byteCount: Int, reply: @escaping @Sendable (Result<FileBytes, FileError>) -> Void) {
    readCount.add(1, ordering: .relaxed)
    readByteCount.add(byteCount, ordering: .relaxed)
    guard let file = Self.files[inode.number] else { return reply(.failure(.notFound)) }
    if file.behaviour == .damaged { return later { reply(.failure(.damagedData("a flipped byte"))) } }
    if file.behaviour == .neverReads {
      return held.withLock { $0.append { reply($0 ? .success(FileBytes(Self.pattern(inode.number, 0..<10), 0..<10)) : .failure(.stopping)) } }
    }
    if file.behaviour == .control {
      let text = byteOffset == 0 ? "read \(controlReads.add(1, ordering: .relaxed).newValue)\n" : ""
      return reply(.success(FileBytes(Array(text.utf8), 0..<text.utf8.count)))
    }
    let range = min(byteOffset, file.byteCount)..<min(byteOffset + byteCount, file.byteCount)
    let bytes = FileBytes(Self.pattern(inode.number, range), 0..<range.count)
    if file.behaviour == .delayed { later { reply(.success(bytes)) } } else { reply(.success(bytes)) }
  }

  func close(_ inode: Inode, handle: FileHandle) { closeCount.add(1, ordering: .relaxed) }

  func entries(of directory: Inode, from ordinal: Int, emit: (DirectoryEntry) -> Bool) throws(FileError) {
    switch directory.number {
    case 1:
      let entries =
        [DirectoryEntry(name: "big", inode: Inode(Self.bigFolder), kind: .directory)]
        + Self.files.sorted { $0.key < $1.key }.map { DirectoryEntry(name: $0.value.name, inode: Inode($0.key), kind: .file) }
      for entry in entries.dropFirst(ordinal) where !emit(entry) { return }
    case Self.bigFolder:
      for index in min(ordinal, Self.bigCount)..<Self.bigCount {
        guard emit(DirectoryEntry(name: Self.bigName(index), inode: Inode(1_000_000 + UInt64(index)), kind: .file)) else { return }
      }
    default: throw .notADirectory
    }
  }

  /// Requests that nobody has answered yet.
  var heldCount: Int { held.withLock { $0.count } }

  /// Answers the opens of `never.bin` and the reads of `unread.bin` after all.
  func letGo(isSuccess: Bool = false) {
    let replies = held.withLock { held in
      defer { held = [] }
      return held
    }
    for reply in replies { reply(isSuccess) }
  }

  static func bigName(_ index: Int) -> String {
    let digits = String(index)
    return "entry-" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  private static func folder(_ number: UInt64) -> FileAttributes {
    FileAttributes(
      inode: Inode(number), kind: .directory, byteCount: 0, modified: FileTime(seconds: 1_700_000_000), userID: getuid(), groupID: getgid(), isImmutable: true)
  }

  private static func attributes(_ number: UInt64, _ file: File) -> FileAttributes {
    FileAttributes(
      inode: Inode(number), kind: .file, byteCount: file.byteCount, modified: FileTime(seconds: 1_700_000_000, nanoseconds: 5), userID: getuid(),
      groupID: getgid(),
      isImmutable: file.behaviour != .control)
  }

  /// Another thread, a little later, as a decoder's answer comes.
  private func later(_ body: @escaping @Sendable () -> Void) {
    let thread = try? Thread {
      usleep(20_000)
      body()
    }
    if thread == nil { body() }
  }

  private static func buffer(_ inode: UInt64, _ byteCount: Int) -> BatchBuffer {
    let budget = MemoryBudget(capByteCount: byteCount + (1 << 20))
    guard let buffer = BatchBuffer(byteCount: byteCount, rowByteCount: byteCount, inMemoryFile: true, budget: budget) else {
      preconditionFailure("no memory file")
    }
    let bytes = pattern(inode, 0..<byteCount)
    let span = bytes.span
    // Sound: bytes of bytes.
    let isWritten = unsafe buffer.write(span.bytes, at: 0)
    precondition(isWritten)
    buffer.seal()
    return buffer
  }
}
