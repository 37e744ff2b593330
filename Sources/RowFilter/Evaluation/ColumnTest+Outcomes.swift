// What statistics say of a test: bounds include every value but null and NaN.

extension ColumnTest {
  func outcomes(_ statistics: ColumnStatistics?) -> FilterOutcomes {
    guard let statistics else { return joined(inside: true, outside: true, null: isNullable) }
    // A lying null count settles nothing.
    let nullCount = statistics.nullCount.flatMap { $0 >= 0 && $0 <= statistics.rowCount ? $0 : nil }
    let canBeNull = nullCount.map { $0 > 0 } ?? isNullable
    guard nullCount != statistics.rowCount || statistics.rowCount == 0 else { return joined(inside: false, outside: false, null: true) }
    let (inside, outside) = settled(statistics)
    guard let tested = statistics.tested, !isOfNulls else { return joined(inside: inside, outside: outside, null: canBeNull) }
    return joined(inside: inside && tested.passing.contains(ordinal), outside: outside && tested.failing.contains(ordinal), null: canBeNull)
  }

  private func joined(inside: Bool, outside: Bool, null: Bool) -> FilterOutcomes {
    if case .isNull = kind { return FilterOutcomes(canBeTrue: null, canBeFalse: inside || outside, canBeNull: false) }
    return FilterOutcomes(canBeTrue: inside || null && whenNull == true, canBeFalse: outside || null && whenNull == false, canBeNull: null && whenNull == nil)
  }

  /// Whether values that are not null may pass, and may fail.
  private func settled(_ statistics: ColumnStatistics) -> (inside: Bool, outside: Bool) {
    switch (kind, statistics.bounds) {
    case (.integers(let set), .integers(let least, let greatest)) where least <= greatest: return set.outcomes(least, greatest)
    case (.wide(let set), .wide(let least, let greatest)) where least <= greatest: return set.outcomes(least, greatest)
    case (.floats(let set), .floats(let least, let greatest)) where least <= greatest:
      let (inside, outside) = set.outcomes(least, greatest)
      return (inside, outside || statistics.nanCount != 0)
    case (.floats, _) where statistics.hasOnlyNaN: return (false, true)
    case (.text(let set), .bytes(let least, let greatest)) where !greatest.lexicographicallyPrecedes(least): return set.outcomes(least, greatest)
    case (.pathNumbers(let comparison, let numbers), .bytes(let least, let greatest)) where least == greatest:
      let isInside = Self.compares(least, comparison, numbers)
      return (isInside, !isInside)
    case (.bucket(let count, let set), .bytes(let least, let greatest)) where least == greatest:
      guard let bucket = TextBucket.bucket(least, count: count) else { return (true, true) }
      let isInside = set.contains(Int128(bucket))
      return (isInside, !isInside)
    default: return (true, true)
    }
  }

  /// Whether a text of a path, read as a number, compares so with one of `numbers`.
  static func compares(_ text: [UInt8], _ comparison: FilterComparison, _ numbers: [FilterNumber]) -> Bool {
    guard let value = FilterNumber(decimal: String(decoding: text, as: UTF8.self)) else { return false }
    return numbers.contains { number in value.order(to: number).map(comparison.holds) ?? false }
  }
}

extension ColumnStatistics {
  /// Whether every value that is not null is NaN.
  fileprivate var hasOnlyNaN: Bool {
    guard let nullCount, let nanCount, nullCount >= 0, nanCount > 0 else { return false }
    return nullCount <= rowCount && nanCount == rowCount - nullCount
  }
}

extension TextSet {
  /// Whether texts between two bounds may be inside, and outside.
  func outcomes(_ least: [UInt8], _ greatest: [UInt8]) -> (inside: Bool, outside: Bool) {
    func contains(_ text: [UInt8]) -> Bool { !text.lexicographicallyPrecedes(least) && !greatest.lexicographicallyPrecedes(text) }
    switch self {
    case .list(let texts): return (texts.contains(where: contains), least != greatest || !texts.contains(least))
    case .comparison(let comparison, let text):
      switch comparison {
      case .equal: return (contains(text), least != greatest || least != text)
      case .notEqual: return (least != greatest || least != text, contains(text))
      case .less: return (least.lexicographicallyPrecedes(text), !greatest.lexicographicallyPrecedes(text))
      case .lessOrEqual: return (!text.lexicographicallyPrecedes(least), text.lexicographicallyPrecedes(greatest))
      case .greater: return (text.lexicographicallyPrecedes(greatest), !text.lexicographicallyPrecedes(least))
      case .greaterOrEqual: return (!greatest.lexicographicallyPrecedes(text), least.lexicographicallyPrecedes(text))
      }
    }
  }
}
