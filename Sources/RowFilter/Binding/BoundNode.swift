// A filter with its columns found and its constants brought to their types.

indirect enum BoundNode: Sendable {
  case and([BoundNode])
  case or([BoundNode])
  case not(BoundNode)
  case constant(Bool)
  /// A test of one column, by its place in the filter's list of columns.
  case test(Int, ColumnTest)
  case comparison(Int, FilterComparison, Int)
}

/// What is asked of the values of one column.
struct ColumnTest: Sendable {
  enum Kind: Sendable {
    case integers(IntegerSet)
    case floats(FloatSet)
    case text(TextSet)
    /// Text of a path that is read as a number.
    case pathNumbers(FilterComparison, [FilterNumber])
    /// The bucket of a text, or of an integer's decimal text.
    case bucket(count: Int, IntegerSet)
    /// True for null, else false.
    case isNull
  }

  /// Its number among the filter's tests.
  let ordinal: Int
  let kind: Kind
  let values: FilterColumn.Values
  let isNullable: Bool
  /// What a null row comes to.
  let whenNull: Bool?
}

/// Integers of 64 bits, with or without sign: a range, or a list.
enum IntegerSet: Sendable, Equatable {
  /// Empty where the first is greater.
  case range(Int128, Int128)
  /// Ascending.
  case list([Int128])

  /// The integers that compare so with a number whose floor is given.
  init(_ comparison: FilterComparison, floor: Int128, isExact: Bool) {
    let least = Int128.min
    let greatest = Int128.max
    switch comparison {
    case .equal, .notEqual: self = isExact ? .range(floor, floor) : .range(0, -1)
    case .less: self = .range(least, isExact ? floor - 1 : floor)
    case .lessOrEqual: self = .range(least, floor)
    case .greater: self = .range(floor + 1, greatest)
    case .greaterOrEqual: self = .range(isExact ? floor : floor + 1, greatest)
    }
  }

  func contains(_ value: Int128) -> Bool {
    switch self {
    case .range(let low, let high): value >= low && value <= high
    case .list(let values): values.contains(value)
    }
  }

  /// Whether values between two bounds may be inside, and outside.
  func outcomes(_ least: Int128, _ greatest: Int128) -> (inside: Bool, outside: Bool) {
    switch self {
    case .range(let low, let high): (low <= high && least <= high && greatest >= low, !(low <= least && greatest <= high))
    case .list(let values): (values.contains { $0 >= least && $0 <= greatest }, least != greatest || !values.contains(least))
    }
  }
}

/// Floats: a range without NaN, or a list. Bounds of float32 and float16 columns are numbers of theirs.
enum FloatSet: Sendable, Equatable {
  /// Empty where the first is greater.
  case range(Double, Double)
  /// Ascending.
  case list([Double])

  /// Whether values between two bounds may be inside, and outside.
  func outcomes(_ least: Double, _ greatest: Double) -> (inside: Bool, outside: Bool) {
    switch self {
    case .range(let low, let high): (low <= high && least <= high && greatest >= low, !(low <= least && greatest <= high))
    case .list(let values): (values.contains { $0 >= least && $0 <= greatest }, least != greatest || !values.contains(least))
    }
  }
}

enum TextSet: Sendable, Equatable {
  case comparison(FilterComparison, [UInt8])
  /// Ascending by bytes.
  case list([[UInt8]])
}
