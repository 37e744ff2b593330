// The values that pass a test: a range, or a list.

/// Of numbers whose bounds are of the column's own type.
enum ValueSet<Value: Comparable & Sendable>: Sendable, Equatable {
  /// Empty where the first is greater.
  case range(Value, Value)
  /// Ascending.
  case list([Value])

  func contains(_ value: Value) -> Bool {
    switch self {
    case .range(let low, let high): value >= low && value <= high
    case .list(let values): values.contains(value)
    }
  }

  /// Whether values between two bounds may be inside, and outside.
  func outcomes(_ least: Value, _ greatest: Value) -> (inside: Bool, outside: Bool) {
    switch self {
    case .range(let low, let high): (low <= high && least <= high && greatest >= low, !(low <= least && greatest <= high))
    case .list(let values): (values.contains { $0 >= least && $0 <= greatest }, least != greatest || !values.contains(least))
    }
  }
}

/// Integers of 64 bits, with or without sign, and decimals of up to 38 digits.
typealias IntegerSet = ValueSet<Int128>
/// Decimals of more digits.
typealias WideSet = ValueSet<WideInteger>
/// Floats, without NaN. Bounds of float32 and float16 columns are numbers of theirs.
typealias FloatSet = ValueSet<Double>

extension ValueSet where Value: SteppedInteger {
  static var none: ValueSet { .range(.greatest, .least) }
  static var all: ValueSet { .range(.least, .greatest) }

  /// The integers that compare so with a number whose floor is given.
  init(_ comparison: FilterComparison, floor: Value, isExact: Bool) {
    switch comparison {
    case .equal, .notEqual: self = isExact ? .range(floor, floor) : .none
    case .less where isExact: self = floor == .least ? .none : .range(.least, floor.predecessor)
    case .less, .lessOrEqual: self = .range(.least, floor)
    case .greaterOrEqual where isExact: self = .range(floor, .greatest)
    case .greater, .greaterOrEqual: self = floor == .greatest ? .none : .range(floor.successor, .greatest)
    }
  }

  /// The integers that compare so with a number which is above all of them, or below.
  init(_ comparison: FilterComparison, isAbove: Bool) {
    switch comparison {
    case .equal, .notEqual: self = .none
    case .less, .lessOrEqual: self = isAbove ? .all : .none
    case .greater, .greaterOrEqual: self = isAbove ? .none : .all
    }
  }
}

extension WideSet {
  /// The unscaled decimals that compare so with a number.
  init(_ comparison: FilterComparison, _ place: DecimalText.Place) {
    switch place {
    case .floor(let floor, let isExact): self.init(comparison, floor: floor, isExact: isExact)
    case .below: self.init(comparison, isAbove: false)
    case .above: self.init(comparison, isAbove: true)
    }
  }
}

extension IntegerSet {
  /// The same for decimals of up to 128 bits.
  init(_ comparison: FilterComparison, _ place: DecimalText.Place) {
    switch place {
    case .floor(let floor, let isExact):
      if let narrow = floor.narrow { self.init(comparison, floor: narrow, isExact: isExact) } else { self.init(comparison, isAbove: floor > WideInteger(0)) }
    case .below: self.init(comparison, isAbove: false)
    case .above: self.init(comparison, isAbove: true)
    }
  }
}
