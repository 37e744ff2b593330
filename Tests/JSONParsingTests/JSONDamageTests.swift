// Damaged texts are read or refused, and never stop the program.

import JSONParsing
import Testing

struct JSONDamageTests {
  static let text = Array(#"{"shards": [{"a": [1, -2.5e3, "x\u00e9\n", "ü"], "b": null, "c": {"d": true, "e": [[], {}]}}], "version": 2}"#.utf8)

  @Test func mutationsNeverTrap() {
    let seed = 0x6A50_4E5F_4D44_5301 as UInt64  // Fuzzing seed
    var generator = SplitMix(state: seed)
    var refused = 0
    for _ in 0..<5000 {
      var damaged = Self.text
      for _ in 0...generator.next() % 3 { damaged[Int(generator.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: generator.next()) }
      if generator.next() % 4 == 0 { damaged.removeLast(Int(generator.next() % UInt64(damaged.count))) }
      do {
        let acceptsNonFinite = generator.next() % 2 == 0
        let range = try reading(damaged, acceptsNonFinite: acceptsNonFinite) { try $0.skipValue() }
        #expect(range.lowerBound >= 0 && range.upperBound <= damaged.count)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 3000, "seed \(seed)")
  }

  @Test func everyTruncationIsRefused() {
    for count in 0..<Self.text.count {
      #expect(throws: JSONError.self) { try reading(Array(Self.text[..<count])) { try $0.skipValue() } }
    }
  }
}

/// The generator of Steele, Lea and Flood.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
