// What a test of the assembler stands on: sources, views, a cap, and answers that are waited for with a limit.

import BatchCache
import NumPyFormat
import Platform
import SampleOrder
import ShardStore
import Testing

@testable import BatchAssembly

/// One view's part of a rig.
struct TestView {
  var counts: [Int]
  var tensors: [TestTensor]
  var batchSize = 8
  var dropLast = false
  var algorithm = OrderAlgorithm.window
  var seed: UInt64 = 42
  var block = 16
  var inputByteCount = 0
  /// An order of mosaicml-streaming in place of `algorithm`; its batch size is this one's.
  var mosaic: MosaicSettings?
}

/// An assembler at work; stops it at the end.
final class Rig: Sendable {
  let sources: [FakeSource]
  let views: [ViewPlan]
  let tensors: [[TestTensor]]
  let budget: MemoryBudget
  let assembler: BatchAssembler
  let failures = Lock<[String]>([])

  /// - Parameter cap: made of the views' needs.
  init(_ tests: [TestView], threads: Int = 2, inMemoryFiles: Bool = false, cap: ([ViewPlan]) -> Int = { _ in 64 << 20 }) throws {
    var sources: [FakeSource] = []
    var views: [ViewPlan] = []
    for (ordinal, test) in tests.enumerated() {
      let source = try FakeSource(test.counts, inputByteCount: test.inputByteCount)
      let numbering = BatchNumbering(sampleCount: source.shards.sampleCount, batchSize: test.batchSize, dropLast: test.dropLast)
      var settings = test.mosaic
      settings?.batchSize = test.batchSize
      settings?.dropLast = test.dropLast
      let plan = try settings.map { try MosaicPlan($0, table: source.shards, streams: [(0..<test.counts.count, nil)]) }
      let order = plan.map(OrderPlan.init(mosaic:)) ?? OrderPlan(algorithm: test.algorithm, seed: test.seed, blockSampleCount: test.block)
      sources.append(source)
      views.append(
        ViewPlan(
          ordinal: ordinal, name: "view\(ordinal)", source: source, sourceColumns: Array(source.columns.indices), tensors: test.tensors.map(\.plan),
          numbering: numbering, order: order, listedEpochCount: 3,
          listedRankCount: nil))
    }
    self.sources = sources
    self.views = views
    tensors = tests.map(\.tensors)
    budget = MemoryBudget(capByteCount: cap(views))
    let failures = failures
    assembler = try BatchAssembler(views: views, budget: budget, threadCount: threads) { error in failures.withLock { $0.append(error.description) } }
    if inMemoryFiles { assembler.useMemoryFiles() }
  }

  convenience init(_ test: TestView, threads: Int = 2, inMemoryFiles: Bool = false, cap: ([ViewPlan]) -> Int = { _ in 64 << 20 }) throws {
    try self.init([test], threads: threads, inMemoryFiles: inMemoryFiles, cap: cap)
  }

  deinit {
    for source in sources { source.release() }
    assembler.stop()
  }

  var source: FakeSource { sources[0] }
  var batchCount: Int { views[0].batchCount }

  func key(_ ordinal: Int, epoch: Int = 0, view: Int = 0, world: Int = 1, isWrapped: Bool = false) -> BatchKey {
    BatchKey(folder: FolderKey(view: view, epoch: epoch, worldSize: world), ordinal: ordinal, isWrapped: isWrapped)
  }

  // MARK: - Requests

  func ask(_ key: BatchKey) -> Answer {
    let answer = Answer()
    assembler.request(key) { answer.fulfil($0) }
    return answer
  }

  /// Reads a batch as a reader does: whole, compared with the model, then marked as read.
  func read(_ key: BatchKey) throws {
    let batch = try ask(key).wait().get()
    check(batch, key)
    for tensor in views[key.folder.view].tensors.indices { assembler.markRead(key, tensor: tensor) }
  }

  func readEpoch(_ epoch: Int = 0, view: Int = 0) throws {
    for ordinal in 0..<views[view].batchCount { try read(key(ordinal, epoch: epoch, view: view)) }
  }

  // MARK: - The model

  /// The samples of a batch, as numbers in stored order: what the epoch's order says of each position, one by one.
  func samples(_ key: BatchKey) -> [Int] {
    let view = views[key.folder.view]
    if let plan = view.order.mosaic { return mosaicSamples(key, plan, view) }
    let order = view.epochOrder(key.folder.epoch)
    let count = view.numbering.sampleCount
    let begin = key.ordinal * view.numbering.batchSize
    let end = key.isWrapped ? begin + view.numbering.batchSize : min(begin + view.numbering.batchSize, count)
    return (begin..<end).map { position in
      let sample = order.sample(at: position % count)
      return view.source.shards.start(of: sample.shard) + sample.row
    }
  }

  private func mosaicSamples(_ key: BatchKey, _ plan: MosaicPlan, _ view: ViewPlan) -> [Int] {
    guard let world = try? plan.world(key.folder.worldSize) else { return [] }
    let rows = MosaicEpoch(plan, table: view.source.shards, world: world, epoch: key.folder.epoch).rows(ofOrdinals: [key.ordinal], first: key.ordinal)
    var samples = Array(repeating: -1, count: world.rowCount(ofOrdinal: key.ordinal))
    for index in rows.shards.indices {
      for entry in rows.range(ofShardAt: index) {
        samples[Int(rows.slots[entry])] = view.source.shards.start(of: rows.shards[index]) + Int(rows.rows[entry])
      }
    }
    return samples
  }

  func expectedFiles(_ key: BatchKey) -> [[UInt8]] {
    let samples = samples(key)
    return tensors[key.folder.view].map { tensor in
      NpyHeader.bytes(elementType: tensor.elementType, shape: [samples.count] + tensor.shape) + samples.flatMap(tensor.row)
    }
  }

  func check(_ batch: Batch, _ key: BatchKey, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(batch.key == key, sourceLocation: sourceLocation)
    #expect(batch.files.map(\.allBytes) == expectedFiles(key), "\(key)", sourceLocation: sourceLocation)
  }

  /// The shards that a batch has rows of.
  func shards(_ key: BatchKey) -> Set<Int> {
    let table = views[key.folder.view].source.shards
    return Set(samples(key).map { sample in (0..<table.shardCount).first { table.start(of: $0 + 1) > sample } ?? -1 })
  }
}

extension BatchBuffer {
  var allBytes: [UInt8] { withBytes(0..<byteCount) { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } } }
}

extension Batch.File {
  /// Nothing of a file that failed.
  var allBytes: [UInt8] { (try? get())?.allBytes ?? [] }
}

/// Where a request's answer arrives.
final class Answer: Sendable {
  private let answers: Lock<[Result<Batch, BatchError>]> = Lock([])
  private let arrived = Condition()

  func fulfil(_ result: Result<Batch, BatchError>) {
    answers.withLock { $0.append(result) }
    arrived.broadcast()
  }

  var count: Int { answers.withLock { $0.count } }

  /// The answer, for which nobody waits longer than `seconds`: a lost wake-up is an error, not a test without end.
  func wait(seconds: UInt64 = 20) throws -> Result<Batch, BatchError> {
    let end = MonotonicClock.nanoseconds + seconds * 1_000_000_000
    let answer = answers.withLock(waitingOn: arrived) { answers -> WaitStep<Result<Batch, BatchError>?> in
      let now = MonotonicClock.nanoseconds
      return answers.first.map { .done($0) } ?? (now < end ? .wait(nanoseconds: end - now) : .done(nil))
    }
    guard let answer else { throw TimedOut() }
    return answer
  }
}

struct TimedOut: Error {}

/// Waits until `condition` holds, at most `seconds`.
func eventually(seconds: UInt64 = 20, _ condition: () -> Bool) -> Bool {
  let end = MonotonicClock.nanoseconds + seconds * 1_000_000_000
  while !condition() {
    if MonotonicClock.nanoseconds > end { return false }
    pause(milliseconds: 1)
  }
  return true
}

func pause(milliseconds: UInt64) {
  let end = MonotonicClock.nanoseconds + milliseconds * 1_000_000
  Lock(()).withLock(waitingOn: Condition()) { _ -> WaitStep<Void> in
    let now = MonotonicClock.nanoseconds
    return now < end ? .wait(nanoseconds: end - now) : .done(())
  }
}

/// SplitMix64: a failure's seed, given again, gives the same requests.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
