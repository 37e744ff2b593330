// A permutation of 0..<count that is computed, not stored. Specified in docs/ORDER.md, where the choices are argued.

/// A keyed permutation of `0..<count` in constant time and memory, forwards and backwards, with the same result on every machine.
///
/// A Feistel network over pairs (left, right) of `0..<leftRadix` and `0..<rightRadix`, whose product is hardly larger than `count`;
/// a value that falls past `count` is sent through again until it does not (cycle walking), about `1 + 1/rightRadix` times on average.
public struct KeyedBijection: Sendable {
  /// How many values are permuted.
  public let count: Int

  private let leftRadix: UInt64
  private let rightRadix: UInt64
  /// floor((2^64 - 1) / rightRadix), which makes the division by it a multiplication.
  private let rightReciprocal: UInt64
  /// The round key of round i, counted from 0, is `key + (i + 1) * goldenGamma`.
  private let key: UInt64
  private let lastRoundKey: UInt64
  /// Half the number of rounds: a pair changes the left half, then the right half.
  private let roundPairCount: Int

  /// Below this count the halves are so small that eight rounds would prefer some permutations to others.
  static let smallCount = 1024
  static let roundPairCount = 4
  static let smallRoundPairCount = 16

  /// - Precondition: `count` is at least 1.
  public init(count: Int, key: OrderKey) {
    self.init(count: count, key: key.bits)
  }

  /// - Precondition: `count` is at least 1.
  public init(count: Int, key: UInt64) {
    precondition(count >= 1, "a permutation of \(count) values")
    let radices = Self.radices(count: UInt64(count))
    self.count = count
    leftRadix = radices.left
    rightRadix = radices.right
    rightReciprocal = UInt64.max / radices.right
    self.key = key
    roundPairCount = count < Self.smallCount ? Self.smallRoundPairCount : Self.roundPairCount
    lastRoundKey = key &+ UInt64(2 * roundPairCount) &* goldenGamma
  }

  /// The least even number whose square is at least `count`, and what it must be multiplied with to reach `count`.
  ///
  /// Even, because with two odd radices every round is an even permutation, and half of all permutations could not occur.
  static func radices(count: UInt64) -> (left: UInt64, right: UInt64) {
    // The hardware's root may be one off, so the integers decide. No overflow: left <= 2^32, as count < 2^63.
    var left = UInt64(Double(count).squareRoot())
    while left * left >= count && left > 0 { left -= 1 }
    while left * left < count { left += 1 }
    left += left & 1
    return (left, (count - 1) / left + 1)
  }

  /// Where the permutation sends `value`.
  /// - Precondition: `value` is in `0..<count`.
  public func image(of value: Int) -> Int {
    precondition(value >= 0 && value < count, "value \(value) of a permutation of \(count)")
    var result = forward(UInt64(truncatingIfNeeded: value))
    while result >= UInt64(truncatingIfNeeded: count) { result = forward(result) }
    return Int(truncatingIfNeeded: result)
  }

  /// What the permutation sends to `value`.
  /// - Precondition: `value` is in `0..<count`.
  public func preimage(of value: Int) -> Int {
    precondition(value >= 0 && value < count, "value \(value) of a permutation of \(count)")
    var result = backward(UInt64(truncatingIfNeeded: value))
    while result >= UInt64(truncatingIfNeeded: count) { result = backward(result) }
    return Int(truncatingIfNeeded: result)
  }

  /// How many rounds the image of `value` takes: the work of a lookup.
  func roundCount(ofImage value: Int) -> Int {
    var walks = 1
    var result = forward(UInt64(value))
    while result >= UInt64(count) {
      result = forward(result)
      walks += 1
    }
    return walks * roundPairCount * 2
  }

  // MARK: - The network

  // Nothing below can overflow: left < leftRadix <= 2^32, right < rightRadix <= 2^32, and left * rightRadix + right < leftRadix * rightRadix < count + leftRadix < 2^64.

  @inline(__always)
  private func forward(_ value: UInt64) -> UInt64 {
    var (left, right) = halves(value)
    var roundKey = key
    for _ in 0..<roundPairCount {
      roundKey &+= goldenGamma
      left &+= noise(right, roundKey, leftRadix)
      left = left >= leftRadix ? left &- leftRadix : left
      roundKey &+= goldenGamma
      right &+= noise(left, roundKey, rightRadix)
      right = right >= rightRadix ? right &- rightRadix : right
    }
    return left &* rightRadix &+ right
  }

  @inline(__always)
  private func backward(_ value: UInt64) -> UInt64 {
    var (left, right) = halves(value)
    var roundKey = lastRoundKey
    for _ in 0..<roundPairCount {
      let rightNoise = noise(left, roundKey, rightRadix)
      right = right >= rightNoise ? right &- rightNoise : right &+ rightRadix &- rightNoise
      roundKey &-= goldenGamma
      let leftNoise = noise(right, roundKey, leftRadix)
      left = left >= leftNoise ? left &- leftNoise : left &+ leftRadix &- leftNoise
      roundKey &-= goldenGamma
    }
    return left &* rightRadix &+ right
  }

  /// A number in `0..<radix` that `half` and the key of the round decide.
  @inline(__always)
  private func noise(_ half: UInt64, _ roundKey: UInt64, _ radix: UInt64) -> UInt64 {
    mixed(half ^ roundKey).multipliedFullWidth(by: radix).high
  }

  /// Quotient and remainder of `value` by `rightRadix`.
  @inline(__always)
  private func halves(_ value: UInt64) -> (left: UInt64, right: UInt64) {
    // The product with the reciprocal, rounded down, is the quotient or one less, since value < 2^63 + 2^32.
    var left = value.multipliedFullWidth(by: rightReciprocal).high
    var right = value &- left &* rightRadix
    if right >= rightRadix {
      left &+= 1
      right &-= rightRadix
    }
    return (left, right)
  }
}
