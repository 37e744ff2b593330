// That an epoch holds every sample once, that blocks and the line fit together, and that nothing depends on how it is read.

import Testing

@testable import SampleOrder

@Suite struct EpochOrderTests {
  private static let tables: [[Int]] = [
    [], [0], [0, 0, 0], [1], [5], [0, 1, 0], [3, 0, 0, 4], [10, 10, 10], [1, 2, 3, 4, 5, 6], [100, 1, 1, 0, 100], [Int](repeating: 7, count: 50),
  ]

  private func orders(_ table: ShardTable) -> [EpochOrder] {
    let blocks = [1, 2, 3, 10, max(1, table.sampleCount - 1), max(1, table.sampleCount), table.sampleCount + 1, Int.max]
    return [EpochOrder(algorithm: .sequential, table: table, seed: 0, epoch: 0, blockSampleCount: 1)]
      + blocks.map { EpochOrder(algorithm: .window, table: table, seed: 42, epoch: 3, blockSampleCount: $0) }
  }

  private func samples(_ order: EpochOrder) -> [SampleLocation] { (0..<order.sampleCount).map(order.sample) }

  private func stored(_ table: ShardTable) -> [SampleLocation] {
    (0..<table.shardCount).flatMap { shard in (0..<table.count(of: shard)).map { SampleLocation(shard: shard, row: $0) } }
  }

  @Test(arguments: tables)
  func everySampleComesOnce(_ counts: [Int]) throws {
    let table = try ShardTable(counts)
    for order in orders(table) {
      #expect(order.sampleCount == counts.reduce(0, +))
      let sorted = samples(order).sorted { ($0.shard, $0.row) < ($1.shard, $1.row) }
      #expect(sorted == stored(table), "\(order.algorithm), blocks of \(order.blockSampleCount)")
    }
  }

  @Test(arguments: tables)
  func blocksTileTheEpoch(_ counts: [Int]) throws {
    let table = try ShardTable(counts)
    for order in orders(table) {
      var next = 0
      for block in 0..<order.blockCount {
        let positions = order.positions(ofBlock: block)
        #expect(positions.lowerBound == next)
        next = positions.upperBound
        #expect(order.algorithm == .sequential || (1...order.blockSampleCount).contains(positions.count))
        for position in positions { #expect(order.block(containing: position) == block) }
        let blockOrder = order.blockOrder(block)
        #expect(blockOrder.positions == positions)
        #expect(Set(positions.map(blockOrder.place)) == Set(positions))
        for position in positions { #expect(blockOrder.position(ofPlace: blockOrder.place(ofPosition: position)) == position) }
      }
      #expect(next == order.sampleCount)
    }
  }

  @Test(arguments: tables)
  func theLineHoldsEveryShardOnce(_ counts: [Int]) throws {
    let table = try ShardTable(counts)
    for order in orders(table) {
      #expect(order.shardCount == counts.count)
      #expect((0..<order.shardCount).map(order.shard).sorted() == Array(0..<counts.count))
      var next = 0
      for ordinal in 0..<order.shardCount {
        let places = order.places(ofLineShard: ordinal)
        #expect(places.lowerBound == next)
        #expect(places.count == counts[order.shard(atLine: ordinal)])
        next = places.upperBound
      }
      #expect(next == order.sampleCount)
    }
  }

  /// What the assembler does: the shards of a block, scattered to their positions, are the block.
  @Test(arguments: tables)
  func scatteringShardsGivesTheSamples(_ counts: [Int]) throws {
    let table = try ShardTable(counts)
    for order in orders(table) {
      for block in 0..<order.blockCount {
        let blockOrder = order.blockOrder(block)
        var scattered: [Int: SampleLocation] = [:]
        for ordinal in order.lineShards(ofBlock: block) {
          let places = order.places(ofLineShard: ordinal)
          for place in places.clamped(to: blockOrder.positions) {
            scattered[blockOrder.position(ofPlace: place)] = SampleLocation(shard: order.shard(atLine: ordinal), row: place - places.lowerBound)
          }
        }
        #expect(scattered.count == blockOrder.positions.count)
        for position in blockOrder.positions { #expect(scattered[position] == order.sample(at: position)) }
        let ends = order.lineShards(ofBlock: block)
        if let first = ends.first, let last = ends.last {
          #expect(order.places(ofLineShard: first).overlaps(blockOrder.positions) && order.places(ofLineShard: last).overlaps(blockOrder.positions))
        } else {
          #expect(blockOrder.positions.isEmpty)
        }
      }
    }
  }

  @Test func sequentialIsTheStoredOrder() throws {
    let table = try ShardTable([3, 0, 2])
    for epoch in [0, 7] {
      let order = EpochOrder(algorithm: .sequential, table: table, seed: UInt64(epoch), epoch: epoch, blockSampleCount: 1)
      #expect(samples(order) == stored(table))
      #expect(order.blockCount == 3)
      #expect(order.positions(ofBlock: 1) == 3..<3)
      #expect(order.lineShards(ofBlock: 1).isEmpty)
      #expect(order.lineShards(ofBlock: 2) == 2..<3)
      #expect(order.blockOrder(2).isStoredOrder)
    }
  }

  @Test func readingOrderHasNoEffect() throws {
    var random = SplitMix(seed: 0x0de4)
    let table = try ShardTable((0..<60).map { _ in Int.random(in: 0...40, using: &random) })
    let order = EpochOrder(algorithm: .window, table: table, seed: 9, epoch: 4, blockSampleCount: 100)
    let inOrder = samples(order)
    for position in (0..<order.sampleCount).shuffled(using: &random) {
      let again = EpochOrder(algorithm: .window, table: table, seed: 9, epoch: 4, blockSampleCount: 100)
      #expect(order.sample(at: position) == inOrder[position] && again.sample(at: position) == inOrder[position])
    }
  }

  @Test func epochsAndSeedsDiffer() throws {
    let table = try ShardTable([Int](repeating: 50, count: 40))
    func order(_ seed: UInt64, _ epoch: Int) -> EpochOrder { EpochOrder(algorithm: .window, table: table, seed: seed, epoch: epoch, blockSampleCount: 200) }
    let base = samples(order(1, 1))
    let baseShards = (0..<40).map(order(1, 1).shard)
    for other in [order(1, 2), order(2, 1), order(0, 1), order(1, 0), order(UInt64.max, 999_999)] {
      #expect(zip(base, samples(other)).count { $0 == $1 } < 12)
      #expect((0..<40).map(other.shard) != baseShards)
    }
  }

  /// Ten thousand million samples in a hundred thousand shards.
  @Test func hugeEpochsAreSearchedNotListed() throws {
    var random = SplitMix(seed: 0x10e10)
    let table = try ShardTable((0..<100_000).map { _ in Int.random(in: 0...200_000, using: &random) })
    let order = EpochOrder(algorithm: .window, table: table, seed: 3, epoch: 1, blockSampleCount: 3_000_000)
    for _ in 0..<2000 {
      let position = Int.random(in: 0..<order.sampleCount, using: &random)
      let sample = order.sample(at: position)
      #expect(sample.row >= 0 && sample.row < table.count(of: sample.shard))
      let block = order.block(containing: position)
      let ordinal = try #require(order.lineShards(ofBlock: block).first { order.shard(atLine: $0) == sample.shard })
      #expect(order.blockOrder(block).position(ofPlace: order.places(ofLineShard: ordinal).lowerBound + sample.row) == position)
    }
  }

  @Test func memoryIsOfShards() {
    #expect(EpochOrder.tableByteCount(algorithm: .window, shardCount: 1000) == 8008)
    #expect(EpochOrder.tableByteCount(algorithm: .sequential, shardCount: 1000) == 0)
  }

  @Test func namesAreTheConfigurations() {
    #expect(OrderAlgorithm.allCases.map(\.rawValue) == ["sequential", "window"])
  }
}
