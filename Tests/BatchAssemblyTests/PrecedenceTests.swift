// Many who wait for memory at once, under the least cap: each is served.

import BatchCache
import Platform
import SampleOrder
import ShardStore
import Synchronization
import Testing

@testable import BatchAssembly

struct PrecedenceTests {
  private static let counts = [20, 33, 7, 41, 25, 10, 0, 1, 30]

  private func views() throws -> [TestView] {
    let tensors = try TestTensor.all()
    let settings = MosaicSettings(algorithm: .py1s, seed: 9176, blockSampleCount: 40, canonicalNodeCount: 2, batchSize: 8)
    return [
      TestView(counts: Self.counts, tensors: tensors, batchSize: 8, mosaic: settings),
      TestView(counts: Self.counts, tensors: tensors, batchSize: 8, block: 50),
      TestView(counts: Self.counts, tensors: tensors, batchSize: 30, block: 50),
    ]
  }

  /// The tables of a mosaic order and the batches of other views do not fit at once: who dropped the other's went in circles, and nobody was answered any more.
  @Test(arguments: [1, 3]) func ordersAndBatchesDoNotPushEachOtherOut(threads: Int) throws {
    let rig = try Rig(views(), threads: threads) { BatchAssembler.leastByteCount(views: $0) }
    rig.assembler.precedenceNanoseconds.store(10_000_000, ordering: .relaxed)
    let problems = Lock<[String]>([])
    let readers = try (0..<8).map { reader in
      try Thread {
        var random = SplitMix(seed: UInt64(reader))
        for _ in 0..<40 {
          let view = Int.random(in: 0..<3, using: &random)
          let key = rig.key(Int.random(in: 0..<rig.views[view].batchCount, using: &random), epoch: Int.random(in: 0..<2, using: &random), view: view)
          do { rig.check(try rig.ask(key).wait().get(), key) } catch { problems.withLock { $0.append("\(key): \(error)") } }
        }
      }
    }
    for reader in readers { reader.join() }
    #expect(problems.withLock { $0 } == [])
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
  }

  /// Who has precedence keeps it no longer than it must.
  @Test func precedenceEndsWithTheAnswer() throws {
    let rig = try Rig(views(), threads: 1) { BatchAssembler.leastByteCount(views: $0) }
    rig.assembler.precedenceNanoseconds.store(0, ordering: .relaxed)
    for ordinal in 0..<5 {
      let answers = (0..<3).map { rig.ask(rig.key(ordinal, view: $0)) }
      for (view, answer) in answers.enumerated() { rig.check(try answer.wait().get(), rig.key(ordinal, view: view)) }
    }
    #expect(eventually { rig.assembler.state.withLock { $0.demands.isEmpty && $0.passes.isEmpty } })
    // The next look for work ends it.
    rig.check(try rig.ask(rig.key(7, view: 1)).wait().get(), rig.key(7, view: 1))
    #expect(eventually { rig.assembler.state.withLock { $0.precedence == nil } })
  }

  /// A small file that is open keeps its own bytes and no others.
  @Test func aHeldFileHoldsNoOthersOfItsBatch() throws {
    let test = TestView(counts: [400, 400], tensors: [try .id(), try .track()], batchSize: 100, block: 800)
    let rig = try Rig(test, threads: 1, inMemoryFiles: true) { BatchAssembler.leastByteCount(views: $0) + (64 << 10) }
    rig.assembler.patienceNanoseconds.store(200_000_000, ordering: .relaxed)
    var held: [(BatchKey, BatchBuffer)] = []
    for ordinal in 0..<8 {
      let key = rig.key(ordinal)
      let batch = try rig.ask(key).wait().get()
      rig.check(batch, key)
      let small = try batch.files[0].get()
      rig.assembler.hold(key, file: 0, small)
      held.append((key, small))
    }
    for (key, buffer) in held {
      #expect(buffer.allBytes == rig.expectedFiles(key)[0])
      rig.assembler.release(key, file: 0, buffer)
    }
    #expect(rig.assembler.state.withLock { $0.entries.values.allSatisfy(\.heldFiles.isEmpty) })
  }
}
