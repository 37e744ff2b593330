// What is known of a run of rows of a column without reading it.

/// Least and greatest of the values that are neither null nor NaN, and how many are null. Bounds may be wider than the values: those of text are often cut.
public struct ColumnStatistics: Sendable, Equatable {
  public enum Bounds: Sendable, Equatable {
    /// Of integers, booleans, moments and lengths of time, in the column's unit; of decimals without their point, up to 128 bits.
    case integers(Int128, Int128)
    /// Of decimals without their point, of 256 bits.
    case wide(WideInteger, WideInteger)
    /// Of float16, float32 and float64. They say nothing about NaN.
    case floats(Double, Double)
    /// Of text and bytes, by bytes.
    case bytes([UInt8], [UInt8])
  }

  public var rowCount: Int
  /// Nil where it is not known.
  public var nullCount: Int?
  /// Nil where it is not known: any value of a column of floats may be NaN.
  public var nanCount: Int?
  /// Nil where nothing is known; what no value fits in (least above greatest, NaN) counts as nothing.
  public var bounds: Bounds?
  /// What the filter that asks found of all the column's values; nil where they are not known.
  public var tested: TestedValues?

  public init(rowCount: Int, nullCount: Int?, nanCount: Int? = nil, bounds: Bounds?) {
    self.rowCount = rowCount
    self.nullCount = nullCount
    self.nanCount = nanCount
    self.bounds = bounds
  }

  /// What is known of some of the rows, when it is known of all: bounds hold for each, and counts where they are of none or of all.
  public func ofSome(rowCount count: Int) -> ColumnStatistics {
    func some(_ known: Int?) -> Int? { known.flatMap { $0 == 0 ? 0 : $0 == rowCount ? count : nil } }
    var some = ColumnStatistics(rowCount: count, nullCount: some(nullCount), nanCount: some(nanCount), bounds: bounds)
    some.tested = tested
    return some
  }

  /// What is known of some of the rows by this of all, and by `other` of them alone.
  public func narrowed(by other: ColumnStatistics) -> ColumnStatistics {
    var narrow = ofSome(rowCount: other.rowCount)
    narrow.nullCount = other.nullCount ?? narrow.nullCount
    narrow.nanCount = other.nanCount ?? narrow.nanCount
    narrow.bounds = other.bounds ?? narrow.bounds
    narrow.tested = other.tested ?? narrow.tested
    return narrow
  }

  /// Of rows that all have the same text, or are all null.
  public static func constant(_ text: [UInt8]?, rowCount: Int) -> ColumnStatistics {
    ColumnStatistics(rowCount: rowCount, nullCount: text == nil ? rowCount : 0, bounds: text.map { .bytes($0, $0) })
  }

  /// The one text that every row has; nil where rows may differ.
  public var constantText: [UInt8]? {
    if nullCount == 0, case .bytes(let least, let greatest) = bounds, least == greatest { least } else { nil }
  }
}

/// What a condition may come to for some row, as far as is known.
struct FilterOutcomes: Equatable {
  var canBeTrue: Bool
  var canBeFalse: Bool
  var canBeNull: Bool

  static let anything = FilterOutcomes(canBeTrue: true, canBeFalse: true, canBeNull: true)

  var negated: FilterOutcomes { FilterOutcomes(canBeTrue: canBeFalse, canBeFalse: canBeTrue, canBeNull: canBeNull) }

  func and(_ other: FilterOutcomes) -> FilterOutcomes {
    FilterOutcomes(
      canBeTrue: canBeTrue && other.canBeTrue, canBeFalse: canBeFalse || other.canBeFalse,
      canBeNull: canBeNull && (other.canBeNull || other.canBeTrue) || canBeTrue && other.canBeNull)
  }

  func or(_ other: FilterOutcomes) -> FilterOutcomes { negated.and(other.negated).negated }

  /// The one thing that every row comes to: true, false, or null as nil; outer nil where rows may differ.
  var certain: Bool?? {
    switch (canBeTrue, canBeFalse, canBeNull) {
    case (true, false, false): .some(true)
    case (false, true, false): .some(false)
    case (false, false, true): .some(nil)
    default: nil
    }
  }
}
