// The cap holds, and the smallest cap still serves everybody.

import BatchCache
import Platform
import SampleOrder
import ShardStore
import Testing

@testable import BatchAssembly

struct MemoryTests {
  static let counts = [20, 33, 7, 41, 25, 10, 0, 1, 30]

  @Test(arguments: [1, 2, 3, 8], [false, true])
  func theCapHoldsUnderRandomRequests(factor: Int, inMemoryFiles: Bool) throws {
    var random = SplitMix(seed: UInt64(factor))
    let test = TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, block: 50)
    let rig = try Rig(test, inMemoryFiles: inMemoryFiles) { BatchAssembler.leastByteCount(views: $0) * factor }
    for _ in 0..<60 {
      let answers = (0..<3).map { _ in
        let key = rig.key(Int.random(in: 0..<rig.batchCount, using: &random), epoch: Int.random(in: 0..<2, using: &random))
        return (key, rig.ask(key))
      }
      for (key, answer) in answers { rig.check(try answer.wait().get(), key) }
    }
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
    #expect(rig.budget.peakByteCount > 0)
  }

  /// The least cap that a mount accepts: one shard, one batch. Readers that let go of what they read all get theirs.
  @Test(arguments: OrderAlgorithm.allCases, [false, true])
  func theLeastCapServesEverybody(algorithm: OrderAlgorithm, inMemoryFiles: Bool) throws {
    let test = TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, algorithm: algorithm, block: 50, inputByteCount: 5000)
    let rig = try Rig(test, inMemoryFiles: inMemoryFiles) { BatchAssembler.leastByteCount(views: $0) }
    try readOnThreads(rig, threads: 4, each: 20, epochs: 2)
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
  }

  /// Small files are not rounded up to pages; what stands beside their bytes counts too.
  @Test(arguments: [false, true])
  func theLeastCapServesManySmallTensors(inMemoryFiles: Bool) throws {
    // 128 + 8 * 496 bytes: exactly a page.
    let tensors = try (0..<40).map { try TestTensor.id("id\($0)") }
    let test = TestView(counts: [500, 500], tensors: tensors, batchSize: 496, block: 300)
    let rig = try Rig(test, inMemoryFiles: inMemoryFiles) { BatchAssembler.leastByteCount(views: $0) }
    for ordinal in 0..<rig.batchCount { rig.check(try rig.ask(rig.key(ordinal)).wait(seconds: 5).get(), rig.key(ordinal)) }
  }

  private func readOnThreads(_ rig: Rig, threads: Int, each: Int, epochs: Int) throws {
    let problems = Lock<[String]>([])
    let running = try (0..<threads).map { thread in
      try Thread {
        var random = SplitMix(seed: UInt64(thread))
        for _ in 0..<each {
          let key = rig.key(Int.random(in: 0..<rig.batchCount, using: &random), epoch: Int.random(in: 0..<epochs, using: &random))
          do {
            let batch = try rig.ask(key).wait().get()
            if batch.files.map(\.allBytes) != rig.expectedFiles(key) { problems.withLock { $0.append("\(key) has wrong bytes") } }
          } catch { problems.withLock { $0.append("\(key): \(error)") } }
        }
      }
    }
    for thread in running { thread.join() }
    #expect(problems.withLock { $0 } == [])
  }

  /// More epochs than orders are kept, all wanted at once, with room for one batch.
  @Test func moreEpochsThanOrdersAreKept() throws {
    let test = TestView(counts: [30, 30, 30], tensors: try TestTensor.all(), batchSize: 30, block: 45)
    let rig = try Rig(test) { BatchAssembler.leastByteCount(views: $0) }
    rig.source.hold()
    // The answers are not kept: each batch goes when it was looked at.
    let wrong = Lock<[String]>([])
    let count = Lock(0)
    for epoch in 0..<3 * AssemblerState.orderLimit {
      let key = rig.key(epoch % 3, epoch: epoch)
      rig.assembler.request(key) { result in
        let isRight = (try? result.get()).map { $0.files.map(\.allBytes) == rig.expectedFiles(key) } ?? false
        if !isRight { wrong.withLock { $0.append("\(key)") } }
        count.withLock { $0 += 1 }
      }
    }
    rig.source.release()
    #expect(eventually { count.withLock { $0 } == 3 * AssemblerState.orderLimit })
    #expect(wrong.withLock { $0 } == [])
  }

  @Test func whatAReaderHoldsStaysCharged() throws {
    let test = TestView(counts: [400, 400], tensors: [try .track()], batchSize: 100, block: 100)
    // Room for the worker and three batches.
    let rig = try Rig(test, threads: 1) { BatchAssembler.leastByteCount(views: $0) + 2 * $0[0].chargedByteCount(rowCount: 100, inMemoryFile: true) }
    let charge = rig.views[0].chargedByteCount(rowCount: 100, inMemoryFile: false)
    var held: [Batch] = []
    for ordinal in 0..<2 { held.append(try rig.ask(rig.key(ordinal)).wait().get()) }
    for ordinal in 2..<8 { try rig.read(rig.key(ordinal)) }
    // Both were pushed out, and both still count.
    #expect(rig.assembler.state.withLock { $0.entries[rig.key(0)] == nil && $0.entries[rig.key(1)] == nil })
    let demand = rig.assembler.demand.byteCount
    #expect(rig.budget.usedByteCount >= demand + 2 * charge)
    rig.check(held[0], rig.key(0))
    rig.check(held[1], rig.key(1))
    held = []
    #expect(rig.budget.usedByteCount <= rig.budget.capByteCount - charge)
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
  }

  /// Who finds the cap full of what others hold waits, and goes on when they let go.
  @Test func memoryThatComesBackWakesWhoWaitsForIt() throws {
    let test = TestView(counts: [400, 400], tensors: [try .track()], batchSize: 400, block: 800)
    let rig = try Rig(test, threads: 1) { BatchAssembler.leastByteCount(views: $0) }
    var held: Batch? = try rig.ask(rig.key(0)).wait().get()
    let answer = rig.ask(rig.key(1))
    pause(milliseconds: 30)
    #expect(answer.count == 0)
    withExtendedLifetime(held) {}
    held = nil
    rig.check(try answer.wait().get(), rig.key(1))
  }

  /// Nothing is dropped while the cap has room.
  @Test func whatFitsStays() throws {
    let rig = try Rig(TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, block: 50))
    for epoch in 0..<2 { try rig.readEpoch(epoch) }
    let decodes = rig.source.decodeCounts
    for epoch in 0..<2 { try rig.readEpoch(epoch) }
    #expect(rig.source.decodeCounts == decodes)
  }

  /// The objects of a pass do not grow with the block: with batches of one small row a block can have millions.
  @Test func aPassOfAHugeBlockIsBounded() throws {
    let count = 3 * 65_536
    let test = TestView(counts: [count], tensors: [try .id()], batchSize: 1, block: count)
    let rig = try Rig(test, threads: 1)
    rig.source.hold()
    let answer = rig.ask(rig.key(count / 2))
    #expect(eventually { rig.source.decodeCounts[0] == 1 })
    #expect(rig.assembler.state.withLock { $0.passes.map(\.entries.count).max() ?? 0 } <= 65_536)
    rig.source.release()
    rig.check(try answer.wait().get(), rig.key(count / 2))
  }
}
