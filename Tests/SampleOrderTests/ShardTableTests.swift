// That a shard table adds up, finds every sample, and refuses counts that cannot be.

import Testing

@testable import SampleOrder

@Suite struct ShardTableTests {
  @Test func sumsAndCounts() throws {
    let table = try ShardTable([UInt32(3), 0, UInt32.max, 1])
    #expect(table.shardCount == 4)
    #expect(table.sampleCount == 4_294_967_299)
    #expect((0..<4).map(table.count) == [3, 0, 4_294_967_295, 1])
    #expect((0...4).map(table.start) == [0, 3, 3, 4_294_967_298, 4_294_967_299])
    #expect(table.location(ofSample: 3) == SampleLocation(shard: 2, row: 0))
    #expect(table.location(ofSample: 4_294_967_298) == SampleLocation(shard: 3, row: 0))
  }

  @Test func noShards() throws {
    let table = try ShardTable([Int]())
    #expect(table.shardCount == 0)
    #expect(table.sampleCount == 0)
  }

  @Test func hostileCountsAreRefused() throws {
    #expect(throws: OrderError.negativeSampleCount(shard: 1, found: -4)) { try ShardTable([2, -4]) }
    #expect(throws: OrderError.tooManySamples(shard: 2)) { try ShardTable([0, Int.max, 1]) }
    #expect(try ShardTable([0, Int.max, 0]).sampleCount == Int.max)
    #expect(OrderError.negativeSampleCount(shard: 1, found: -4).description == "shard 1: -4 samples, expected 0 or more")
  }

  /// The whole range of samples in a few shards: sums, searches and blocks stay within 64 bits.
  @Test func theLargestTable() throws {
    let table = try ShardTable([Int.max / 2, 0, Int.max - Int.max / 2 - 1, 1])
    #expect(table.location(ofSample: Int.max - 1) == SampleLocation(shard: 3, row: 0))
    for block in [Int.max, Int.max - 1, 1 << 62, 1000] {
      let order = EpochOrder(algorithm: .window, table: table, seed: 0, epoch: 0, blockSampleCount: block)
      let last = order.positions(ofBlock: order.blockCount - 1)
      #expect(last.upperBound == Int.max)
      let sample = order.sample(at: Int.max - 1)
      #expect(sample.row < table.count(of: sample.shard))
    }
  }

  @Test func searchAgreesWithAScan() throws {
    var random = SplitMix(seed: 0x5ea)
    for round in 0..<200 {
      let largest = [1, 3, 100][round % 3]
      var counts = (0..<Int.random(in: 1...40, using: &random)).map { _ in Int.random(in: 0...largest, using: &random) }
      if round % 7 == 0 { counts[Int.random(in: 0..<counts.count, using: &random)] = 5000 }
      let table = try ShardTable(counts)
      var sample = 0
      for (shard, count) in counts.enumerated() {
        for row in 0..<count {
          #expect(table.location(ofSample: sample) == SampleLocation(shard: shard, row: row))
          sample += 1
        }
      }
    }
  }
}
