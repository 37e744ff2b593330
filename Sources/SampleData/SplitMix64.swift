// The generator behind the sample data: the same numbers on every machine, since it is integer arithmetic and exact divisions alone.

/// Sebastiano Vigna's SplitMix64.
struct SplitMix64: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A generator of its own for each `stream` of a seed.
  init(seed: UInt64, stream: Int) { state = Self.mix(Self.mix(seed) ^ UInt64(truncatingIfNeeded: stream)) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A number from 0 up to, but not including, 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func number(in range: ClosedRange<Double>) -> Double { range.lowerBound + (range.upperBound - range.lowerBound) * unit() }

  /// A number of mean 0 and standard deviation 1 within plus or minus 3.47: the sum of four even ones, for which no logarithm is needed.
  mutating func bell() -> Double {
    let bits = next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
    return (Double(sum) * 0x1p-16 - 2) * 3.squareRoot()
  }

  /// An integer of `0..<count`; `count` is at least 1. The bias is below count / 2^64.
  mutating func integer(below count: Int) -> Int { Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high) }

  mutating func happens(_ probability: Double) -> Bool { unit() < probability }

  private static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
