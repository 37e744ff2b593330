// `numpy.random.default_rng(seed)`: PCG64 (XSL-RR, 128 bits of state) and the draws that mosaicml-streaming makes from it, bit for bit.

/// NumPy does not promise these streams for ever (NEP 19); Tests/Models/mosaic_golden.json holds what they are.
struct NumPyGenerator: Sendable {
  private var state: UInt128
  private let increment: UInt128
  /// Draws of 32 bits take the lower half of 64 first; the upper one waits here for the next, however many draws of 64 bits come between.
  private var upperHalf: UInt32 = 0
  private var hasUpperHalf = false

  init(seed: UInt128) {
    let words = SeedSequence(seed).words(4)
    increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
    state = 0
    step()
    state &+= UInt128(words[0]) << 64 | UInt128(words[1])
    step()
  }

  // MARK: - Raw draws

  private static let multiplier: UInt128 = 2_549_297_995_355_413_924 << 64 | 4_865_540_595_714_422_341

  @inline(__always)
  private mutating func step() { state = state &* Self.multiplier &+ increment }

  @inline(__always)
  mutating func next64() -> UInt64 {
    step()
    let high = UInt64(truncatingIfNeeded: state >> 64)
    let folded = high ^ UInt64(truncatingIfNeeded: state)
    let rotation = high >> 58
    return folded >> rotation | folded << (64 &- rotation & 63)
  }

  @inline(__always)
  mutating func next32() -> UInt32 {
    if hasUpperHalf {
      hasUpperHalf = false
      return upperHalf
    }
    let bits = next64()
    upperHalf = UInt32(truncatingIfNeeded: bits >> 32)
    hasUpperHalf = true
    return UInt32(truncatingIfNeeded: bits)
  }

  /// As many draws of 64 bits as `count`, in O(log count).
  mutating func skip64(_ count: Int) {
    var remaining = UInt64(count)
    var factor = Self.multiplier
    var summand = increment
    var allFactors: UInt128 = 1
    var allSummands: UInt128 = 0
    while remaining > 0 {
      if remaining & 1 == 1 {
        allFactors &*= factor
        allSummands = allSummands &* factor &+ summand
      }
      summand = (factor &+ 1) &* summand
      factor &*= factor
      remaining >>= 1
    }
    state = allFactors &* state &+ allSummands
  }

  // MARK: - Numbers

  /// An integer of 0 ... `bound`, as `Generator.shuffle` and `permutation` draw it: masked, and again while it is too large.
  @inline(__always)
  mutating func masked(_ bound: Int) -> Int {
    guard bound > 0 else { return 0 }
    let mask = UInt64.max >> UInt64(bound.leadingZeroBitCount)
    let limit = UInt64(bound)
    if limit <= 0xffff_ffff {
      while true {
        let value = UInt64(next32()) & mask
        if value <= limit { return Int(truncatingIfNeeded: value) }
      }
    }
    while true {
      let value = next64() & mask
      if value <= limit { return Int(truncatingIfNeeded: value) }
    }
  }

  /// An integer of 0 ... `bound`, as `Generator.integers` and `choice` draw it (Lemire's multiplication).
  mutating func multiplied(_ bound: Int) -> Int {
    guard bound > 0 else { return 0 }
    if bound < 0xffff_ffff {
      let range = UInt64(bound) + 1
      var product = UInt64(next32()) * range
      if product & 0xffff_ffff < range {
        let threshold = (0xffff_ffff - UInt64(bound)) % range
        while product & 0xffff_ffff < threshold { product = UInt64(next32()) * range }
      }
      return Int(product >> 32)
    }
    if bound == 0xffff_ffff { return Int(next32()) }
    let range = UInt64(bound) + 1
    var product = next64().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (UInt64.max - UInt64(bound)) % range
      while product.low < threshold { product = next64().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// `integers(range.lowerBound, range.upperBound)`; the range is not empty.
  mutating func integer(_ range: Range<Int>) -> Int { range.lowerBound + multiplied(range.count - 1) }

  /// `uniform(low, high)`.
  @inline(__always)
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * (Double(next64() >> 11) * 0x1p-53) }

  // MARK: - Positions in the stream

  /// A generator's place in its stream, small enough to keep one for every shard.
  struct Mark: Sendable {
    fileprivate let high: UInt64
    fileprivate let low: UInt64
    /// Bit 32: there is an upper half; below it the half.
    fileprivate let half: UInt64
  }

  var mark: Mark {
    Mark(
      high: UInt64(truncatingIfNeeded: state >> 64), low: UInt64(truncatingIfNeeded: state), half: hasUpperHalf ? 1 << 32 | UInt64(upperHalf) : 0)
  }

  /// This generator at a place where it, or a copy of it, was before.
  func at(_ mark: Mark) -> NumPyGenerator {
    var copy = self
    copy.state = UInt128(mark.high) << 64 | UInt128(mark.low)
    copy.hasUpperHalf = mark.half >> 32 == 1
    copy.upperHalf = UInt32(truncatingIfNeeded: mark.half)
    return copy
  }
}
