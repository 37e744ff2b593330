// The tree with bytes, in process: what every request is answered with.

import BatchAssembly
import BatchCache
import NumPyFormat
import Platform
import SampleOrder
import ShardStore
import Synchronization
import TensorPrograms
import Testing

@testable import FileTree

struct MountedTreeTests {
  private func rig(failing: Set<Int> = [], inMemoryFiles: Bool = false) throws -> TreeRig {
    let source = try StubSource([10, 0, 9, 11], failing: failing)
    let newer = try StubSource([6], name: "newer", modified: FileTimestamp(seconds: 99, nanoseconds: 1))
    return try TreeRig(
      [
        stubView(0, "train", source: source, tensors: ["id", "x"], ranks: 2), stubView(1, "val", source: newer, epochs: nil),
        stubView(2, "all", source: source, epochs: nil),
      ], inMemoryFiles: inMemoryFiles)
  }

  /// What a batch must hold, from the order and the stub alone.
  private func expected(_ rig: TreeRig, view: Int, epoch: Int, positions: [Int], tensor: Int) -> [UInt8] {
    let plan = rig.tree.tree.views[view]
    let order = plan.epochOrder(epoch)
    let rows = positions.flatMap { position in
      let sample = order.sample(at: position)
      return StubSource.value(column: tensor, sample: plan.source.shards.start(of: sample.shard) + sample.row)
    }
    return NpyHeader.bytes(elementType: tensor == 0 ? .int64 : .float32, shape: [positions.count] + (tensor == 0 ? [] : [2])) + rows
  }

  @Test(arguments: [1 << 20, 64, 100]) func filesHoldTheirBatches(pieceByteCount: Int) throws {
    let rig = try rig()
    for epoch in [0, 5] {
      for batch in 0..<8 {
        for (tensor, name) in ["id", "x"].enumerated() {
          let bytes = try rig.bytes("train/epoch-\(epoch)/batch-000\(batch).\(name).npy", pieceByteCount: pieceByteCount)
          #expect(bytes == expected(rig, view: 0, epoch: epoch, positions: Array(batch * 4..<min(30, batch * 4 + 4)), tensor: tensor))
          #expect(try rig.attributes("train/epoch-\(epoch)/batch-000\(batch).\(name).npy").byteCount == bytes.count)
        }
      }
    }
    // The last batch of the second rank is filled up from the epoch's start.
    let wrapped = try rig.bytes("train/epoch-0/rank-1-of-2/batch-0003.x.npy", pieceByteCount: pieceByteCount)
    #expect(wrapped == expected(rig, view: 0, epoch: 0, positions: [28, 29, 0, 1], tensor: 1))
    #expect(try rig.bytes("val/batch-0001.npy") == expected(rig, view: 1, epoch: 0, positions: [4, 5], tensor: 0))
  }

  @Test func readsAtAnyPlace() throws {
    let rig = try rig()
    let inode = try rig.attributes("val/batch-0000.npy").inode
    let whole = try rig.bytes("val/batch-0000.npy")
    #expect(whole.count == 128 + 32)
    for (offset, count) in [(0, 0), (0, 1), (127, 3), (159, 1), (159, 100), (160, 1), (161, 5), (Int.max, 1), (5, Int.max), (Int.max, Int.max)] {
      let begin = min(offset, whole.count)
      #expect(
        try rig.read(inode, FileHandle(0), from: offset, count: count) == Array(whole[begin..<begin + min(count, whole.count - begin)]), "\(offset), \(count)")
    }
    #expect(throws: FileError.invalidArgument) { try rig.read(inode, FileHandle(0), from: -1, count: 1) }
    #expect(throws: FileError.invalidArgument) { try rig.read(inode, FileHandle(0), from: 0, count: -1) }
  }

  @Test func attributesAreExact() throws {
    let rig = try rig()
    let root = try rig.attributes(of: .root)
    #expect(root.kind == .directory && root.userID == 12 && root.groupID == 34 && root.isImmutable && root.modified == FileTime(seconds: 99, nanoseconds: 1))
    let file = try rig.attributes("train/epoch-1/batch-0000.x.npy")
    #expect(file.kind == .file && file.byteCount == 128 + 32 && file.modified == FileTime(seconds: 77, nanoseconds: 8) && file.isImmutable)
    #expect(try rig.attributes("val/schema.json").modified == FileTime(seconds: 99, nanoseconds: 1))
    let control = try rig.attributes(".epochfs")
    #expect(control.kind == .directory && !control.isImmutable)
    #expect(try !rig.attributes(".epochfs/metrics").isImmutable)
    #expect(try rig.attributes(of: file.inode) == file)
  }

  @Test func whatIsNotThereOrNoFile() throws {
    let rig = try rig()
    #expect(throws: FileError.notFound) { try rig.attributes("nothing") }
    #expect(throws: FileError.notADirectory) { try rig.attributes("val/schema.json/x") }
    #expect(throws: FileError.notFound) { try rig.attributes(of: Inode(0)) }
    #expect(throws: FileError.notFound) { try rig.lookUp("x", in: Inode(.max)) }
    #expect(throws: FileError.notFound) { try rig.open(Inode(14)) }
    #expect(throws: FileError.notFound) { try rig.read(Inode(.max), FileHandle(0), from: 0, count: 1) }
    for folder in ["", ".epochfs", "train", "train/epoch-0", "train/epoch-0/rank-0-of-2"] {
      let inode = try rig.attributes(folder).inode
      #expect(throws: FileError.isADirectory) { try rig.open(inode) }
      #expect(throws: FileError.isADirectory) { try rig.read(inode, FileHandle(0), from: 0, count: 1) }
    }
    #expect(throws: FileError.notADirectory) { try rig.names("val/schema.json") }
    #expect(throws: FileError.notFound) { try rig.tree.entries(of: Inode(.max), from: 0) { _ in true } }
  }

  @Test func foldersListFromAnyPlace() throws {
    let rig = try rig()
    #expect(try rig.names("") == [".epochfs", "train", "val", "all"])
    #expect(try rig.names(".epochfs") == ["config.yaml", "status.json", "metrics", "errors.jsonl"])
    #expect(try rig.names("train") == ["schema.json", "epoch-0", "epoch-1"])
    let all = try rig.names("train/epoch-1")
    #expect(all.count == 2 + 16 && Array(all.prefix(4)) == ["rank-0-of-2", "rank-1-of-2", "batch-0000.id.npy", "batch-0000.x.npy"])
    for ordinal in 0...19 { #expect(try rig.names("train/epoch-1", from: ordinal) == Array(all.dropFirst(ordinal))) }
    #expect(try rig.names("train/epoch-1", from: 3, limit: 2) == Array(all[3..<5]))
    #expect(try rig.names("train/epoch-1/rank-0-of-2") == (0..<4).flatMap { ["batch-000\($0).id.npy", "batch-000\($0).x.npy"] })
  }

  /// A control file says the same from its open to its close, whatever happens meanwhile.
  @Test func controlFilesAreOfTheMomentOfTheirOpen() throws {
    let rig = try rig()
    let inode = try rig.attributes(".epochfs/metrics").inode
    let first = try rig.open(inode)
    guard case .uncachedReplies = first.serving else { throw TimedOut() }
    let before = try rig.read(inode, first.handle, from: 0, count: 1 << 20)
    #expect(try rig.attributes(of: inode, handle: first.handle).byteCount == before.count)
    _ = try rig.bytes("val/batch-0000.npy")
    #expect(try rig.read(inode, first.handle, from: 0, count: 1 << 20) == before)
    #expect(try rig.read(inode, first.handle, from: 10, count: 5) == Array(before[10..<15]))
    let second = try rig.open(inode)
    #expect(second.handle != first.handle && second.handle.number != 0)
    #expect(try rig.read(inode, second.handle, from: 0, count: 1 << 20) != before)
    rig.tree.close(inode, handle: first.handle)
    rig.tree.close(inode, handle: second.handle)
    #expect(try rig.read(inode, first.handle, from: 0, count: 1 << 20) != before)
  }

  @Test func aBadShardIsToldOnceAndWhere() throws {
    let rig = try rig(failing: [2])
    var failed = 0
    for batch in 0..<8 {
      let path = "all/batch-000\(batch).npy"
      // Samples 10 to 18, in stored order.
      let isBad = batch * 4 + 4 > 10 && batch * 4 < 19
      do {
        #expect(try rig.bytes(path) == expected(rig, view: 2, epoch: 0, positions: Array(batch * 4..<min(30, batch * 4 + 4)), tensor: 0))
        #expect(!isBad)
      } catch FileError.damagedData(let message) {
        #expect(isBad && message == "source stub: /stub/shard-2: is made to fail")
        failed += 1
        #expect(throws: FileError.damagedData(message)) { try rig.bytes(path) }
      }
    }
    #expect(failed == 3)
    let sentences = rig.sentences.withLock { $0 }
    #expect(sentences == (2..<5).map { "all/batch-000\($0).npy: source stub: /stub/shard-2: is made to fail" })
    let log = try rig.text(".epochfs/errors.jsonl")
    #expect(log.split(separator: Character("\n")).count == 3)
    #expect(log.contains(#""/stub/shard-2""#) && log.contains(#""all/batch-0002.npy""#))
  }

  /// A value that does not fit its tensor: source and shard are named as for any damage.
  @Test func aValueThatDoesNotFitIsToldAndWhere() throws {
    let source = try StubSource([120, 20], name: "numbers")
    let narrow = TensorPlan(name: "narrow", inputs: [0], program: try TensorProgram(TensorSpecification(elementType: .int64, sampleShape: [], castTo: .int8)))
    let view = ViewPlan(
      ordinal: 0, name: "v", source: source, sourceColumns: [0, 1], tensors: [narrow],
      numbering: BatchNumbering(sampleCount: 140, batchSize: 70, dropLast: false),
      order: OrderPlan(algorithm: .sequential, seed: 0, blockSampleCount: 7), listedEpochCount: nil, listedRankCount: nil)
    let rig = try TreeRig([view])
    #expect(try rig.bytes("v/batch-0000.npy").count == 128 + 70)
    #expect(throws: FileError.self) { try rig.bytes("v/batch-0001.npy") }
    let line = try rig.text(".epochfs/errors.jsonl")
    for part in [#""path":"v/batch-0001.npy""#, #""source":"numbers""#, #""shard":"/stub/shard-1""#, "narrow"] { #expect(line.contains(part), "\(line)") }
  }

  @Test func whatWaitsAtTheEndIsTold() throws {
    let rig = try rig()
    rig.assembler.stop()
    #expect(throws: FileError.stopping) { try rig.bytes("val/batch-0000.npy") }
    // What needs no decoding is still answered.
    #expect(try rig.text("val/schema.json").contains("\"view\""))
  }

  @Test func passthroughHandsOverTheWholeFile() throws {
    let rig = try rig(failing: [2], inMemoryFiles: true)
    rig.tree.control.isPassthrough.store(true, ordering: .relaxed)
    let path = "val/batch-0000.npy"
    let inode = try rig.attributes(path).inode
    let opened = try rig.open(inode)
    guard case .passthrough(let buffer) = opened.serving else { throw TimedOut() }
    #expect(opened.backingDescriptor == buffer.fileDescriptor && buffer.fileDescriptor != nil)
    let whole = expected(rig, view: 1, epoch: 0, positions: [0, 1, 2, 3], tensor: 0)
    #expect(buffer.withBytes(0..<buffer.byteCount) { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } } == whole)
    #expect(rig.tree.control.servedByteCount.load(ordering: .relaxed) == whole.count)
    // Where the kernel asks all the same, it is answered.
    #expect(try rig.read(inode, opened.handle, from: 0, count: 1000) == whole)
    rig.tree.close(inode, handle: opened.handle)
    let bad = try rig.attributes("all/batch-0003.npy").inode
    #expect(throws: FileError.self) { try rig.open(bad) }
    #expect(rig.sentences.withLock { $0.count } == 1)
  }

  /// The kernel takes one backing file for an inode, so all who have it open get the same; what is open stays in the cache.
  @Test func aFileThatIsOpenIsHandedOverAgain() throws {
    let rig = try rig(inMemoryFiles: true)
    rig.tree.control.isPassthrough.store(true, ordering: .relaxed)
    let inode = try rig.attributes("val/batch-0000.npy").inode
    let (first, second) = (try rig.open(inode), try rig.open(inode))
    guard case .passthrough(let one) = first.serving, case .passthrough(let two) = second.serving else { throw TimedOut() }
    #expect(one === two)
    // The same rows under a rank's name are the same file.
    let named = try rig.open(rig.attributes("val/rank-0-of-1/batch-0000.npy").inode)
    guard case .passthrough(let three) = named.serving else { throw TimedOut() }
    #expect(three === one)
    for opened in [first, second, named] { rig.tree.close(inode, handle: opened.handle) }
    // A close too many changes nothing.
    rig.tree.close(inode, handle: named.handle)
    #expect(try rig.bytes("val/batch-0000.npy") == expected(rig, view: 1, epoch: 0, positions: [0, 1, 2, 3], tensor: 0))
  }

  /// Open files may hold half of what the cap leaves; further ones are served by replies, which hold nothing.
  @Test func openFilesDoNotHoldTheWholeCap() throws {
    let rig = try TreeRig(
      [stubView(source: StubSource(Array(repeating: 500, count: 20)), batchSize: 1000, epochs: nil)], inMemoryFiles: true, capByteCount: 192 << 10)
    rig.tree.control.isPassthrough.store(true, ordering: .relaxed)
    var opened: [(Inode, OpenedFile)] = []
    for batch in 0..<10 {
      let inode = try rig.attributes("train/batch-000\(batch).npy").inode
      opened.append((inode, try rig.open(inode)))
    }
    let passed = opened.filter { $0.1.backingDescriptor != nil }
    #expect(!passed.isEmpty && passed.count < 10)
    #expect(passed.count * 8128 <= rig.assembler.spareByteCount / 2)
    for (inode, file) in opened { #expect(try rig.read(inode, file.handle, from: 0, count: 1 << 20).count == 128 + 8000) }
    for (inode, file) in opened { rig.tree.close(inode, handle: file.handle) }
    // Closed ones make room for others.
    #expect(try rig.open(opened[9].0).backingDescriptor != nil)
  }

  @Test func totalsAreThoseOfTheSources() throws {
    let rig = try rig()
    let totals = rig.tree.totals
    #expect(totals.byteCount == 2 * 16 * 30 + 16 * 6 && totals.fileCount == rig.tree.tree.scheme.end)
  }

  @Test func everyErrorHasItsErrno() {
    let numbers: [(FileError, Int32)] = [
      (.notFound, 2), (.damagedData("x"), 5), (.stopping, 5), (.outOfMemory, 12), (.notADirectory, 20), (.isADirectory, 21), (.invalidArgument, 22),
      (.readOnly, 30),
    ]
    for (error, number) in numbers { #expect(error.errno == number) }
  }
}
