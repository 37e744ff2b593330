// What does it cost to know which sample stands where?

import Benchmark
import SampleOrder

func orderBenchmarks() {
  let sampleCount = 108_700_000
  let key = OrderKey(seed: 1, epoch: 0, purpose: .block, ordinal: 0)
  let bijection = KeyedBijection(count: 28_928, key: key)
  Benchmark("Order: image in a block of 28,928", each: .kilo) { blackHole(bijection.image(of: $0)) }
  Benchmark("Order: preimage in a block of 28,928", each: .kilo) { blackHole(bijection.preimage(of: $0)) }

  guard let table = try? ShardTable([Int](repeating: 3614, count: 30_085)), let large = try? ShardTable([Int](repeating: 64, count: 1_000_000)) else {
    preconditionFailure("a table of shards")
  }
  let order = EpochOrder(algorithm: .window, table: table, seed: 1, epoch: 0, blockSampleCount: 28_928)
  Benchmark("Order: any sample of \(sampleCount / 1_000_000) million", each: .kilo) { blackHole(order.sample(at: $0 &* 104_729 % order.sampleCount)) }
  Benchmark("Order: all positions of a block of 28,928", each: .one) { _ in
    let block = order.blockOrder(1)
    var sum = 0
    for place in block.positions { sum &+= block.position(ofPlace: place) }
    blackHole(sum)
  }
  Benchmark("Order: a line of 1,000,000 shards", each: .one) { epoch in
    blackHole(EpochOrder(algorithm: .window, table: large, seed: 1, epoch: epoch, blockSampleCount: 28_928).blockCount)
  }
}
