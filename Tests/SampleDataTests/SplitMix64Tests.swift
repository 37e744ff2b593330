// The generator, against its author's numbers and against what is said of its distributions.

import Testing

@testable import SampleData

@Suite struct SplitMix64Tests {
  /// The first outputs of the reference implementation for the seed 1234567.
  @Test func referenceOutputs() {
    var random = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in random.next() } == expected)
  }

  @Test func bellHasMeanZeroAndDeviationOne() {
    var random = SplitMix64(seed: 5)
    let values = (0..<100_000).map { _ in random.bell() }
    let mean = values.reduce(0, +) / 100_000
    let variance = values.reduce(0) { $0 + $1 * $1 } / 100_000
    #expect(abs(mean) < 0.01)
    #expect(abs(variance - 1) < 0.02)
    #expect(values.allSatisfy { abs($0) <= 3.47 })
  }

  @Test func integersStayBelowTheirBoundAndReachIt() {
    var random = SplitMix64(seed: 6)
    #expect(Set((0..<1000).map { _ in random.integer(below: 8) }) == Set(0..<8))
  }

  @Test func streamsDiffer() {
    var firsts: Set<UInt64> = []
    for seed in UInt64(0)..<8 {
      for stream in 0..<1000 {
        var random = SplitMix64(seed: seed, stream: stream)
        firsts.insert(random.next())
      }
    }
    #expect(firsts.count == 8000)
  }
}
