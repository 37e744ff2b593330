// How often shards are decoded: once for an epoch in order, once for many who want the same, and not before anybody reads on.

import BatchCache
import Platform
import SampleOrder
import ShardStore
import Synchronization
import Testing

@testable import BatchAssembly

/// Room for the workers and two blocks of each view: the least for which nothing is warned of at the mount.
func twoBlocks(_ threads: Int) -> ([ViewPlan]) -> Int {
  { views in
    let blocks = 2 * (views.map(\.blockByteCount).max() ?? 0)
    var cap = blocks
    // The number of workers depends on the cap, and what is left for blocks on the workers.
    while cap - BatchAssembler.workingByteCount(views: views, threadCount: threads, capByteCount: cap) < blocks { cap += 4096 }
    return cap
  }
}

struct DecodeCountTests {
  /// Shards of many sizes, in sum 1024 samples: eight blocks of 128, none of whose ends is a shard's.
  static let counts = [50, 41, 70, 33, 64, 64, 90, 17, 55, 58, 1, 99, 80, 61, 47, 70, 62, 62]

  @Test(arguments: [1, 2, 4])
  func anEpochInOrderDecodesEachShardOnce(threads: Int) throws {
    let rig = try Rig(TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, block: 128), threads: threads, cap: twoBlocks(threads))
    for epoch in 0..<3 {
      rig.source.forgetCounts()
      try rig.readEpoch(epoch)
      #expect(rig.source.decodeCounts == Array(repeating: 1, count: Self.counts.count), "epoch \(epoch)")
    }
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
  }

  /// Batch sizes that do not divide the block, blocks smaller than shards, shards smaller than batches.
  @Test(arguments: [(7, 128), (8, 100), (16, 30), (64, 48), (100, 128)], OrderAlgorithm.allCases)
  func whateverTheSizes(sizes: (batch: Int, block: Int), algorithm: OrderAlgorithm) throws {
    let test = TestView(counts: Self.counts, tensors: [try .track()], batchSize: sizes.batch, algorithm: algorithm, block: sizes.block)
    let rig = try Rig(test)
    try rig.readEpoch()
    #expect(rig.source.decodeCounts == Array(repeating: 1, count: Self.counts.count))
  }

  @Test func twoReadersThatStrideDecodeEachShardOnce() throws {
    let rig = try Rig(TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, block: 128), cap: twoBlocks(2))
    try stride(rig, readers: 2)
    #expect(rig.source.decodeCounts == Array(repeating: 1, count: Self.counts.count))
  }

  /// Each reader takes every n-th batch; none is more than four steps ahead of another, as with a DataLoader's workers.
  private func stride(_ rig: Rig, readers: Int) throws {
    let steps = Lock(Array(repeating: 0, count: readers))
    let moved = Condition()
    let problems = Lock<[String]>([])
    let threads = try (0..<readers).map { reader in
      try Thread {
        for (step, ordinal) in Swift.stride(from: reader, to: rig.batchCount, by: readers).enumerated() {
          steps.withLock(waitingOn: moved) { steps -> WaitStep<Void> in
            step <= (steps.min() ?? 0) + 4 ? .done(()) : .wait(nanoseconds: 100_000_000)
          }
          do { try rig.read(rig.key(ordinal)) } catch { problems.withLock { $0.append("batch \(ordinal): \(error)") } }
          steps.withLock { $0[reader] = step + 1 }
          moved.broadcast()
        }
        steps.withLock { $0[reader] = .max / 2 }
        moved.broadcast()
      }
    }
    for thread in threads { thread.join() }
    #expect(problems.withLock { $0 } == [])
  }

  /// What random reading left behind does not stand in the way of what follows.
  @Test func inOrderAfterReadingAtRandom() throws {
    var random = SplitMix(seed: 11)
    let rig = try Rig(TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, block: 128), cap: twoBlocks(2))
    for ordinal in (0..<rig.batchCount).shuffled(using: &random) { try rig.read(rig.key(ordinal)) }
    // Chance steps forward look like reading in order; what is prepared for them is not what this is about.
    rig.assembler.state.withLock { $0.streams = [:] }
    #expect(eventually { rig.assembler.state.withLock { $0.passes.isEmpty && $0.decoding.isEmpty } })
    rig.source.forgetCounts()
    try rig.readEpoch(1)
    #expect(rig.source.decodeCounts == Array(repeating: 1, count: Self.counts.count))
  }

  /// However often a block is filled, what its last shard has for the next is kept once.
  @Test func rowsForTheNextBlockAreKeptOnce() throws {
    let rig = try Rig(TestView(counts: [60, 60], tensors: [try .id()], batchSize: 5, block: 40))
    rig.assembler.companionLimit.store(1, ordering: .relaxed)
    for ordinal in [0, 1, 2, 3, 4, 5] { try rig.read(rig.key(ordinal)) }
    // What was prepared meanwhile keeps rows of other shards.
    let shards = rig.assembler.state.withLock { $0.retained.map(\.rows.shard) }
    #expect(Set(shards).count == shards.count, "\(shards)")
  }

  @Test func manyWhoWantTheSameShareOneDecode() throws {
    let rig = try Rig(TestView(counts: [20, 20, 20, 20], tensors: try TestTensor.all(), batchSize: 16, block: 40))
    rig.source.hold()
    let answers = Lock<[Answer]>([])
    let threads = try (0..<8).map { _ in
      try Thread { for _ in 0..<25 { let answer = rig.ask(rig.key(1)); answers.withLock { $0.append(answer) } } }
    }
    for thread in threads { thread.join() }
    rig.source.release()
    var seen: Set<ObjectIdentifier> = []
    for answer in answers.withLock({ $0 }) {
      let batch = try answer.wait().get()
      seen.insert(ObjectIdentifier(batch))
      #expect(answer.count == 1)
    }
    #expect(seen.count == 1)
    let wanted = rig.shards(rig.key(1))
    for shard in wanted { #expect(rig.source.decodeCounts[shard] == 1) }
    #expect(rig.source.decodeCounts.allSatisfy { $0 <= 1 })
    #expect(rig.assembler.metrics.missCount.load(ordering: .relaxed) == 200 && rig.assembler.metrics.hitCount.load(ordering: .relaxed) == 0)
    rig.check(try rig.ask(rig.key(1)).wait().get(), rig.key(1))
    #expect(rig.assembler.metrics.hitCount.load(ordering: .relaxed) == 1)
  }

  /// Shards that lie wholly outside the first `blocks` blocks of an epoch.
  private func shardsBeyond(_ rig: Rig, blocks: Int) -> Set<Int> {
    let order = rig.views[0].epochOrder(0)
    let near = (0..<blocks).flatMap { order.lineShards(ofBlock: $0).map { order.shard(atLine: $0) } }
    return Set(0..<order.shardCount).subtracting(near)
  }

  private func decoded(_ rig: Rig) -> Set<Int> { Set(rig.source.decodeCounts.indices.filter { rig.source.decodeCounts[$0] > 0 }) }

  @Test func theNextBlockIsPreparedAfterTwoBatchesInOrder() throws {
    let rig = try Rig(TestView(counts: Self.counts, tensors: [try .id()], batchSize: 8, block: 128), cap: twoBlocks(2))
    try rig.read(rig.key(0))
    pause(milliseconds: 60)
    #expect(decoded(rig).isDisjoint(with: shardsBeyond(rig, blocks: 1)))
    try rig.read(rig.key(1))
    let next = Set(0..<Self.counts.count).subtracting(shardsBeyond(rig, blocks: 2))
    #expect(eventually { decoded(rig).isSuperset(of: next) })
  }

  @Test func nothingIsPreparedForWhoReadsBackwards() throws {
    let rig = try Rig(TestView(counts: Self.counts, tensors: [try .id()], batchSize: 8, block: 128))
    for ordinal in [127, 120, 113] { try rig.read(rig.key(ordinal)) }
    pause(milliseconds: 60)
    #expect(decoded(rig).count < 8)
  }

  @Test func nothingIsPreparedPastTheEpochsEnd() throws {
    let rig = try Rig(TestView(counts: [40, 40, 40], tensors: [try .id()], batchSize: 8, block: 40))
    try rig.readEpoch(0)
    // A rank's last batches wrap; they are no reason to prepare anything either.
    for ordinal in 15..<18 { try rig.read(rig.key(ordinal, isWrapped: true)) }
    pause(milliseconds: 60)
    #expect(rig.assembler.state.withLock { state in state.entries.keys.allSatisfy { $0.folder.epoch == 0 && ($0.ordinal < 15 || $0.isWrapped) } })
  }

  /// The kernel's hint may take long (a network file system); nobody who asks for a batch waits for it.
  @Test func theHintToTheKernelHoldsNobodyUp() throws {
    let rig = try Rig(TestView(counts: Self.counts, tensors: [try .id()], batchSize: 8, block: 128))
    let asked = Lock(false)
    let changed = Condition()
    let wasHeldUp = Lock(false)
    let isHinting = Lock(false)
    rig.source.onWillNeed { _ in
      isHinting.withLock { $0 = true }
      changed.broadcast()
      let end = MonotonicClock.nanoseconds + 3_000_000_000
      let inTime = asked.withLock(waitingOn: changed) { asked -> WaitStep<Bool> in
        asked ? .done(true) : MonotonicClock.nanoseconds > end ? .done(false) : .wait(nanoseconds: 100_000_000)
      }
      if !inTime { wasHeldUp.withLock { $0 = true } }
    }
    let first = rig.ask(rig.key(0))
    #expect(eventually { isHinting.withLock { $0 } })
    let second = rig.ask(rig.key(100))
    asked.withLock { $0 = true }
    changed.broadcast()
    _ = try (first.wait().get(), second.wait().get())
    #expect(!wasHeldUp.withLock { $0 })
  }
}
