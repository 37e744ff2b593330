// The keys of an order's permutations, and the mixer they and the permutations are made of. Specified in docs/ORDER.md.

/// The key of one permutation: a function of seed, epoch, what is permuted, and which of those it is.
public struct OrderKey: Sendable, Hashable {
  /// What a permutation permutes, so that no two kinds share a key.
  public enum Purpose: UInt64, Sendable {
    /// The shards of an epoch.
    case shards = 1
    /// The samples of one block of an epoch.
    case block = 2
  }

  public let bits: UInt64

  /// - Parameter ordinal: which of the permutations of this purpose: the block's number; 0 for the shards.
  /// - Precondition: neither `epoch` nor `ordinal` is negative.
  public init(seed: UInt64, epoch: Int, purpose: Purpose, ordinal: Int) {
    self = OrderKey.beforeOrdinal(seed: seed, epoch: epoch, purpose: purpose).absorbing(UInt64(ordinal))
  }

  /// The key before its last word, the ordinal, is absorbed.
  static func beforeOrdinal(seed: UInt64, epoch: Int, purpose: Purpose) -> OrderKey {
    OrderKey(bits: 0).absorbing(seed).absorbing(UInt64(epoch)).absorbing(purpose.rawValue)
  }

  private init(bits: UInt64) { self.bits = bits }

  func absorbing(_ word: UInt64) -> OrderKey { OrderKey(bits: mixed((bits ^ word) &+ goldenGamma)) }
}

/// 2^64 divided by the golden ratio, made odd: the increment of SplitMix64.
let goldenGamma: UInt64 = 0x9e37_79b9_7f4a_7c15

/// The finaliser of SplitMix64 (David Stafford's variant 13): a bijection of 64 bits in which every input bit changes every output bit about half of the time.
@inline(__always)
func mixed(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}
