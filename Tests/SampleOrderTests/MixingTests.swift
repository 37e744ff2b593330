// That orders look random: every test compares with what a uniformly random permutation would give.

import Testing

@testable import SampleOrder

@Suite struct MixingTests {
  /// How many standard deviations chi-square is from its expectation: about a standard normal for many degrees of freedom.
  private func deviation(ofChiSquare chiSquare: Double, degreesOfFreedom: Int) -> Double {
    (chiSquare - Double(degreesOfFreedom)) / (2 * Double(degreesOfFreedom)).squareRoot()
  }

  private func chiSquare(_ observed: [Int], expected: Double) -> Double {
    observed.reduce(0) { sum, count in
      let difference = Double(count) - expected
      return sum + difference * difference / expected
    }
  }

  /// Every permutation of a few values comes equally often over keys of successive epochs, as the shards' keys are.
  @Test(arguments: [2, 3, 4, 5, 6, 7])
  func fewValuesTakeEveryOrder(_ count: Int) {
    let orders = (1...count).reduce(1, *)
    let expected = 200
    var observed: [Int: Int] = [:]
    for epoch in 0..<(orders * expected) {
      let permutation = KeyedBijection(count: count, key: OrderKey(seed: 42, epoch: epoch, purpose: .shards, ordinal: 0))
      let name = (0..<count).reduce(0) { $0 * count + permutation.image(of: $1) }
      observed[name, default: 0] += 1
    }
    #expect(observed.count == orders)
    let score = deviation(ofChiSquare: chiSquare(Array(observed.values), expected: Double(expected)), degreesOfFreedom: orders - 1)
    #expect(abs(score) < 5, "\(score) standard deviations")
  }

  /// Each value goes everywhere, and so does the distance of two neighbours, for counts around the change of rounds and odd squares.
  @Test(arguments: [9, 16, 25, 49, 100, 1023, 1024, 1025])
  func smallCountsAreEven(_ count: Int) {
    let keys = 200 * count
    var images = [Int](repeating: 0, count: count)
    var distances = [Int](repeating: 0, count: count)
    var columnDistances = [Int](repeating: 0, count: count)
    let right = Int(KeyedBijection.radices(count: UInt64(count)).right)
    for key in 0..<keys {
      let permutation = KeyedBijection(count: count, key: OrderKey(seed: 1, epoch: 0, purpose: .block, ordinal: key))
      let (first, second, below) = (permutation.image(of: 0), permutation.image(of: 1), permutation.image(of: right))
      images[first] += 1
      distances[(second - first + count) % count] += 1
      columnDistances[(below - first + count) % count] += 1
    }
    #expect(distances[0] == 0 && columnDistances[0] == 0)
    let imageScore = deviation(ofChiSquare: chiSquare(images, expected: 200), degreesOfFreedom: count - 1)
    #expect(abs(imageScore) < 5, "\(imageScore) standard deviations")
    for distances in [distances, columnDistances] {
      let expected = Double(keys) / Double(count - 1)
      let score = deviation(ofChiSquare: chiSquare(Array(distances.dropFirst()), expected: expected), degreesOfFreedom: count - 2)
      #expect(abs(score) < 5, "\(score) standard deviations")
    }
  }

  /// One permutation of a million: images against positions in 64 x 64 bins.
  @Test(arguments: [UInt64(0), 1, 0xdead_beef])
  func aMillionSpreadOverAllBins(_ key: UInt64) {
    let count = 1 << 20
    let permutation = KeyedBijection(count: count, key: key)
    var bins = [Int](repeating: 0, count: 64 * 64)
    var moved = 0.0
    var products = 0.0
    var ascents = 0
    var previous = -1
    for value in 0..<count {
      let image = permutation.image(of: value)
      bins[(value >> 14) * 64 + (image >> 14)] += 1
      moved += Double(abs(image - value))
      if previous >= 0 {
        products += (Double(previous) / Double(count) - 0.5) * (Double(image) / Double(count) - 0.5)
        ascents += image > previous ? 1 : 0
      }
      previous = image
    }
    // Margins are fixed by the permutation: (64 - 1)^2 degrees of freedom.
    let score = deviation(ofChiSquare: chiSquare(bins, expected: 256), degreesOfFreedom: 63 * 63)
    #expect(abs(score) < 5, "\(score) standard deviations")
    // A random permutation moves a value by n/3 on average; the average's deviation is about n/3 * sqrt(0.5 / n).
    #expect(abs(moved / Double(count) / (Double(count) / 3) - 1) < 5 * (0.5 / Double(count)).squareRoot())
    // The correlation of neighbours: deviation 1 / sqrt(n).
    #expect(abs(products / Double(count) * 12) < 5 / Double(count).squareRoot())
    // Ascents: half of the neighbours, variance n / 12.
    #expect(abs(Double(ascents) - Double(count) / 2) < 5 * (Double(count) / 12).squareRoot())
  }

  /// The distances between images of neighbours one row or one column of the network apart, which few rounds would leave in place.
  @Test(arguments: [1, 1000, 1024, 31, 1001])
  func neighboursOfAMillionPart(_ step: Int) {
    let count = 1_000_000
    let permutation = KeyedBijection(count: count, key: 99)
    var bins = [Int](repeating: 0, count: 1000)
    var kept = 0
    for value in 0..<(count - step) {
      let distance = (permutation.image(of: value + step) - permutation.image(of: value) + count) % count
      bins[distance / 1000] += 1
      kept += distance == step ? 1 : 0
    }
    let score = deviation(ofChiSquare: chiSquare(bins, expected: Double(count - step) / 1000), degreesOfFreedom: 999)
    #expect(abs(score) < 6, "\(score) standard deviations")
    // Neighbours that stay neighbours: about one.
    #expect(kept < 9)
  }

  /// Cycles of a random permutation of n: ln n + 0.58 on average, variance about ln n - 1.
  @Test func cyclesAreAsManyAsChanceMakes() {
    let count = 10_007
    var cycles = 0
    let permutations = 60
    for key in 0..<permutations {
      let permutation = KeyedBijection(count: count, key: UInt64(key))
      var seen = [Bool](repeating: false, count: count)
      for start in 0..<count where !seen[start] {
        cycles += 1
        var value = start
        while !seen[value] {
          seen[value] = true
          value = permutation.image(of: value)
        }
      }
    }
    let expected = 9.7883
    #expect(abs(Double(cycles) / Double(permutations) - expected) < 5 * (8.14 / Double(permutations)).squareRoot())
  }

  /// How many shards a batch draws from: blocks of 20 shards of 500 samples, batches of 64.
  @Test func batchesDrawFromAllShardsOfABlock() throws {
    let table = try ShardTable([Int](repeating: 500, count: 200))
    let order = EpochOrder(algorithm: .window, table: table, seed: 5, epoch: 2, blockSampleCount: 10_000)
    var distinct = 0
    var batches = 0
    for start in stride(from: 0, to: 9984, by: 64) {
      for block in 0..<order.blockCount {
        distinct += Set((0..<64).map { order.sample(at: block * 10_000 + start + $0).shard }).count
        batches += 1
      }
    }
    // 20 * (1 - C(9500, 64) / C(10000, 64)) = 19.257 shards of 20, a deviation of about 0.8 a batch.
    let mean = Double(distinct) / Double(batches)
    #expect(abs(mean - 19.257) < 5 * 0.8 / Double(batches).squareRoot(), "\(mean) shards a batch")
  }

  /// Two epochs, two seeds or two blocks agree in about one place, as two random permutations do.
  @Test func ordersAreUnrelated() {
    let count = 100_000
    func images(_ seed: UInt64, _ epoch: Int, _ block: Int) -> [Int] {
      let permutation = KeyedBijection(count: count, key: OrderKey(seed: seed, epoch: epoch, purpose: .block, ordinal: block))
      return (0..<count).map(permutation.image)
    }
    let base = images(0, 0, 0)
    for other in [images(0, 1, 0), images(1, 0, 0), images(0, 0, 1), images(1 << 63, 0, 0), images(1, 1, 0)] {
      #expect(zip(base, other).count { $0 == $1 } < 9)
      var bins = [Int](repeating: 0, count: 32 * 32)
      for (a, b) in zip(base, other) { bins[a * 32 / count * 32 + b * 32 / count] += 1 }
      let score = deviation(ofChiSquare: chiSquare(bins, expected: Double(count) / 1024), degreesOfFreedom: 31 * 31)
      #expect(abs(score) < 5, "\(score) standard deviations")
    }
  }
}
