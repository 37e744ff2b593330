// The numbers of filters: never rounded when they are compared with a column's.

/// An integer of 64 bits with or without sign, or a float64.
enum FilterNumber: Sendable, Equatable {
  /// From -2^63 to 2^64 - 1 where it was read from a filter; wider where a column's values were scaled.
  case integer(Int128)
  /// Finite where it was read from a filter.
  case float(Double)

  /// The number that a text spells in decimal: digits with an optional sign, fraction and exponent. Nil where it spells none, or one that has no such type.
  init?(decimal text: String) {
    let bytes = Array(text.utf8)
    let digits = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
    guard let first = digits.first, Self.isDigit(first), let last = digits.last, Self.isDigit(last) else { return nil }
    if digits.allSatisfy(Self.isDigit) {
      guard let value = Int128(text), value >= Int128(Int64.min), value <= Int128(UInt64.max) else { return nil }
      self = .integer(value)
    } else {
      // What else Double would take (hexadecimal, nan) is no decimal.
      guard digits.allSatisfy({ Self.isDigit($0) || ".eE-+".utf8.contains($0) }), let value = Double(text), value.isFinite else { return nil }
      self = .float(value)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  /// The largest integer that is not larger; of floats beyond 2^100 some integer beyond those of 64 bits, which is as good for comparisons.
  var floor: (value: Int128, isExact: Bool) {
    switch self {
    case .integer(let value): return (value, true)
    case .float(let value):
      let limit = 0x1p100
      let down = max(-limit, min(limit, value.rounded(.down)))
      return (Int128(down), down == value)
    }
  }

  /// How this compares with another, exactly; nil where one is NaN.
  func order(to other: FilterNumber) -> FilterOrdering? {
    switch (self, other) {
    case (.integer(let a), .integer(let b)): return FilterOrdering(a, b)
    case (.float(let a), .float(let b)): return a.isNaN || b.isNaN ? nil : FilterOrdering(a, b)
    case (.integer(let a), .float(let b)):
      if b.isNaN { return nil }
      if b.isInfinite { return b > 0 ? .less : .greater }
      let (floor, isExact) = other.floor
      return a == floor && !isExact ? .less : FilterOrdering(a, floor)
    case (.float, .integer): return other.order(to: self)?.reversed
    }
  }
}

extension FilterNumber: CustomStringConvertible {
  var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    }
  }
}

enum FilterOrdering: Sendable {
  case less, equal, greater

  init<Value: Comparable>(_ a: Value, _ b: Value) { self = a < b ? .less : a == b ? .equal : .greater }

  var reversed: FilterOrdering {
    switch self {
    case .less: .greater
    case .equal: .equal
    case .greater: .less
    }
  }
}
