// That a keyed bijection is a permutation, its own inverse's inverse, exact at the limits and of constant work.

import Testing

@testable import SampleOrder

@Suite struct KeyedBijectionTests {
  /// The order that `permutation` says, or nil where a value comes twice, is out of range, or is not found back.
  private func images(_ permutation: KeyedBijection) -> [Int]? {
    var seen = [Bool](repeating: false, count: permutation.count)
    var images: [Int] = []
    for value in 0..<permutation.count {
      let image = permutation.image(of: value)
      guard seen.indices.contains(image), !seen[image], permutation.preimage(of: image) == value else { return nil }
      seen[image] = true
      images.append(image)
    }
    return images
  }

  @Test func everySmallCountIsPermuted() {
    var random = SplitMix(seed: 0x51a1)
    for count in 1...300 {
      for key in [0, UInt64.max, random.next(), random.next(), random.next()] {
        #expect(images(KeyedBijection(count: count, key: key)) != nil, "count \(count), key \(key)")
      }
    }
  }

  @Test func randomCountsUpToAMillionArePermuted() {
    var random = SplitMix(seed: 0xb16)
    for _ in 0..<12 {
      let count = Int.random(in: 301...1_000_000, using: &random)
      let key = random.next()
      #expect(images(KeyedBijection(count: count, key: key)) != nil, "count \(count), key \(key)")
    }
  }

  @Test(arguments: [1_000_000_000_000, 1 << 40 - 1, 1 << 40, 1 << 40 + 1, 1 << 62, 1 << 62 + 1, Int.max - 1, Int.max])
  func largeCountsAreInvertible(_ count: Int) {
    var random = SplitMix(seed: 0x1a49e)
    let permutation = KeyedBijection(count: count, key: random.next())
    let right = Int(KeyedBijection.radices(count: UInt64(count)).right)
    let edges = [0, 1, right - 1, right, count - right - 1, count - 2, count - 1]
    for value in edges + (0..<20_000).map({ _ in Int.random(in: 0..<count, using: &random) }) {
      let image = permutation.image(of: value)
      #expect(image >= 0 && image < count)
      guard permutation.preimage(of: image) == value, permutation.image(of: permutation.preimage(of: value)) == value else {
        Issue.record("count \(count): \(value) is not found back")
        return
      }
    }
  }

  @Test func radicesAreExact() {
    var random = SplitMix(seed: 0x400)
    var counts: [UInt64] = Array(1...5000) + [UInt64(Int.max), UInt64(Int.max) - 1]
    for _ in 0..<5000 {
      let root = UInt64.random(in: 2...3_037_000_499, using: &random)
      counts += [root * root - 1, root * root, root * root + 1]
    }
    for count in counts {
      let (left, right) = KeyedBijection.radices(count: count)
      let isLeast = left == 2 || (left - 2) * (left - 2) < count
      let isEnough = left * left >= count && left * right >= count && left * right - count < left
      guard left % 2 == 0, right >= 1, right <= left, isLeast, isEnough else {
        Issue.record("count \(count): \(left) x \(right)")
        return
      }
    }
  }

  /// The bound of a lookup's work is the same for a thousand and ten thousand million values.
  @Test(arguments: [1025, 1_000_000, 1 << 32 + 1, 10_000_000_000, Int.max])
  func workDoesNotGrow(_ count: Int) {
    var random = SplitMix(seed: 0x0111)
    let permutation = KeyedBijection(count: count, key: random.next())
    let lookups = 20_000
    var rounds = 0
    var most = 0
    for _ in 0..<lookups {
      let work = permutation.roundCount(ofImage: Int.random(in: 0..<count, using: &random))
      rounds += work
      most = max(most, work)
    }
    #expect(Double(rounds) / Double(lookups) < 8.6, "rounds a lookup, of 8")
    #expect(most <= 8 * 6)
  }

  @Test func timeDoesNotGrow() {
    func time(_ count: Int) -> Duration {
      let permutation = KeyedBijection(count: count, key: 7)
      return (0..<3).map { _ in
        var value = 0
        return ContinuousClock().measure { for _ in 0..<50_000 { value = permutation.image(of: value) } }
      }.min() ?? .zero
    }
    // Loose: the machine does other things too. A table or a search would be a thousand times as slow.
    #expect(time(10_000_000_000) < time(2_000) * 10)
  }
}
