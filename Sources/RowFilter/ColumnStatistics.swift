// What is known of a run of rows of a column without reading it.

/// Least and greatest of the values that are neither null nor NaN, and how many are null. Bounds may be wider than the values: those of text are often cut.
public struct ColumnStatistics: Sendable, Equatable {
  public enum Bounds: Sendable, Equatable {
    /// Of integers, booleans, moments and lengths of time, in the column's unit.
    case integers(Int128, Int128)
    /// Of float16, float32 and float64. They say nothing about NaN.
    case floats(Double, Double)
    /// Of text and bytes, by bytes.
    case bytes([UInt8], [UInt8])
  }

  public var rowCount: Int
  /// Nil where it is not known.
  public var nullCount: Int?
  /// Nil where nothing is known; what no value fits in (least above greatest, NaN) counts as nothing.
  public var bounds: Bounds?

  public init(rowCount: Int, nullCount: Int?, bounds: Bounds?) {
    self.rowCount = rowCount
    self.nullCount = nullCount
    self.bounds = bounds
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
