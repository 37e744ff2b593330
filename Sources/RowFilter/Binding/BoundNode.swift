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
    /// Also moments and lengths of time, and decimals without their point.
    case integers(IntegerSet)
    /// Decimals of more than 128 bits.
    case wide(WideSet)
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

enum TextSet: Sendable, Equatable {
  case comparison(FilterComparison, [UInt8])
  /// Ascending by bytes.
  case list([[UInt8]])
}
