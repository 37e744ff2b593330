// Shuffles and choices of NumPy's Generator, and how to pass over them without doing them.

extension NumPyGenerator {
  /// `shuffle` of a list or of a one-dimensional array.
  mutating func shuffle<Element>(_ values: inout [Element], _ range: Range<Int>? = nil) {
    let range = range ?? values.indices
    var index = range.count - 1
    while index > 0 {
      values.swapAt(range.lowerBound + index, range.lowerBound + masked(index))
      index -= 1
    }
  }

  /// The same for samples, of which there are many: not generic, and on copies that can stay in registers.
  mutating func shuffle(_ values: inout [Int], _ range: Range<Int>? = nil) {
    let range = range ?? values.indices
    var generator = self
    var index = range.count - 1
    while index > 0 {
      values.swapAt(range.lowerBound + index, range.lowerBound + generator.masked(index))
      index -= 1
    }
    self = generator
  }

  /// `permutation(count)`: the numbers below it, shuffled.
  mutating func permutation(_ count: Int) -> [Int] {
    var values = Array(0..<count)
    shuffle(&values)
    return values
  }

  /// Draws what a shuffle of `count` values draws.
  mutating func skipShuffle(_ count: Int) {
    // A copy, so that the state can stay in registers.
    var generator = self
    var index = count - 1
    while index > 0 {
      _ = generator.masked(index)
      index -= 1
    }
    self = generator
  }

  /// `choice(population, count, replace=False)`.
  /// - Precondition: `count` is in 0 ... `population`.
  mutating func choice(_ population: Int, _ count: Int) -> [Int] {
    if Self.takesTail(population, count) {
      var values = Array(0..<population)
      for index in stride(from: population - 1, through: max(population - count, 1), by: -1) { values.swapAt(index, multiplied(index)) }
      return Array(values[(population - count)...])
    }
    // Floyd's sampling, then a shuffle of what was found.
    var values: [Int] = []
    var seen: Set<Int> = []
    values.reserveCapacity(count)
    for last in population - count..<population {
      let drawn = multiplied(last)
      let value = seen.insert(drawn).inserted ? drawn : last
      if value == last { seen.insert(last) }
      values.append(value)
    }
    for index in stride(from: count - 1, through: 1, by: -1) { values.swapAt(index, multiplied(index)) }
    return values
  }

  /// Draws what `choice` draws.
  mutating func skipChoice(_ population: Int, _ count: Int) {
    if Self.takesTail(population, count) {
      for index in stride(from: population - 1, through: max(population - count, 1), by: -1) { _ = multiplied(index) }
      return
    }
    for last in population - count..<population { _ = multiplied(last) }
    for index in stride(from: count - 1, through: 1, by: -1) { _ = multiplied(index) }
  }

  /// NumPy shuffles the tail of the whole population where many of a large one are chosen.
  private static func takesTail(_ population: Int, _ count: Int) -> Bool { population > 10_000 && count > population / 50 }
}
