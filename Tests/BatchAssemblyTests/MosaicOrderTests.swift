// Passes whose rows are listed: content in every world, decode counts, memory, damage.

import BatchCache
import Platform
import SampleOrder
import Testing

@testable import BatchAssembly

struct MosaicOrderTests {
  static let counts = [20, 33, 7, 41, 25, 10, 0, 1, 30]

  private func view(_ algorithm: MosaicAlgorithm, block: Int = 40, canonicalNodes: Int = 2, batchSize: Int = 8, nodes: Int = 1) throws -> TestView {
    var settings = MosaicSettings(
      algorithm: algorithm, seed: 9176, blockSampleCount: block, canonicalNodeCount: canonicalNodes, batchSize: batchSize)
    settings.nodeCount = nodes
    return TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: batchSize, mosaic: settings)
  }

  @Test(arguments: MosaicAlgorithm.allCases, [1, 2, 6])
  func batchesOfEveryRankAreTheRowsThatTheOrderNames(algorithm: MosaicAlgorithm, world: Int) throws {
    let rig = try Rig(view(algorithm, nodes: 2))
    let batches = try #require(rig.views[0].worlds?[world])
    for ordinal in 0..<batches.ordinalCount { try rig.read(rig.key(ordinal, epoch: 1, world: world)) }
    #expect(rig.views[0].worlds?[3] == nil, "three ranks do not divide over two nodes")
  }

  /// With room for what straddles the passes, every shard is decoded once, though its rows lie all over the epoch.
  @Test(arguments: MosaicAlgorithm.allCases)
  func anEpochInOrderDecodesEveryShardOnce(algorithm: MosaicAlgorithm) throws {
    let rig = try Rig(view(algorithm))
    for ordinal in 0..<rig.batchCount { try rig.read(rig.key(ordinal)) }
    #expect(rig.source.decodeCounts == Self.counts.map { $0 == 0 ? 0 : 1 })
  }

  @Test(arguments: MosaicAlgorithm.allCases, [1, 2, 5])
  func theCapHoldsUnderRandomRequests(algorithm: MosaicAlgorithm, factor: Int) throws {
    var random = SplitMix(seed: UInt64(factor))
    let rig = try Rig(view(algorithm)) { BatchAssembler.leastByteCount(views: $0) * factor }
    for _ in 0..<60 {
      let world = [1, 1, 2, 4].randomElement(using: &random) ?? 1
      let count = try #require(rig.views[0].worlds?[world]).ordinalCount
      let key = rig.key(Int.random(in: 0..<count, using: &random), epoch: Int.random(in: 0..<3, using: &random), world: world)
      rig.check(try rig.ask(key).wait(seconds: 10).get(), key)
    }
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
  }

  @Test func readersOfManyEpochsAtTheLeastCapAllGetTheirs() throws {
    let rig = try Rig(view(.naive)) { BatchAssembler.leastByteCount(views: $0) }
    // The answers are not kept: each batch goes when it was made.
    let answered = Lock(0)
    for number in 0..<24 {
      rig.assembler.request(rig.key(number % rig.batchCount, epoch: number)) { result in
        if case .success = result { answered.withLock { $0 += 1 } }
      }
    }
    #expect(eventually { answered.withLock { $0 } == 24 })
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
  }

  @Test func aDamagedShardFailsTheBatchesWithItsRowsOnly() throws {
    let rig = try Rig(view(.py1br, block: 10, canonicalNodes: 1))
    rig.source.fail([3])
    for ordinal in 0..<rig.batchCount {
      let key = rig.key(ordinal)
      switch try rig.ask(key).wait() {
      case .success(let batch):
        #expect(!rig.shards(key).contains(3))
        rig.check(batch, key)
      case .failure: #expect(rig.shards(key).contains(3))
      }
    }
  }
}
