// NumPy's SeedSequence: an integer of any size becomes well mixed words (NEP 19; the algorithm is Melissa O'Neill's seed_seq_fe).

/// The words that `numpy.random.SeedSequence(seed).generate_state` gives, for seeds below 2^128.
struct SeedSequence {
  private let pool: [UInt32]

  init(_ seed: UInt128) {
    // The seed's 32-bit words, lowest first. Missing ones are mixed in as zeros, so leading zeros make no difference.
    let words = (0..<Self.poolCount).map { UInt32(truncatingIfNeeded: seed >> (32 * UInt128($0))) }
    var factor: UInt32 = 0x43b0_d7e5
    func hashed(_ word: UInt32) -> UInt32 {
      var value = word ^ factor
      factor &*= 0x931e_8875
      value &*= factor
      return value ^ (value >> 16)
    }
    func mixed(_ a: UInt32, _ b: UInt32) -> UInt32 {
      let value = 0xca01_f9dd &* a &- 0x4973_f715 &* b
      return value ^ (value >> 16)
    }
    var pool = words.map(hashed)
    for source in 0..<Self.poolCount {
      for target in 0..<Self.poolCount where target != source { pool[target] = mixed(pool[target], hashed(pool[source])) }
    }
    self.pool = pool
  }

  /// `generate_state(count, numpy.uint64)`.
  func words(_ count: Int) -> [UInt64] {
    var factor: UInt32 = 0x8b51_f9dd
    var halves: [UInt32] = []
    for index in 0..<2 * count {
      var value = pool[index % Self.poolCount] ^ factor
      factor &*= 0x58f3_8ded
      value &*= factor
      halves.append(value ^ (value >> 16))
    }
    return (0..<count).map { UInt64(halves[2 * $0]) | UInt64(halves[2 * $0 + 1]) << 32 }
  }

  private static let poolCount = 4
}
