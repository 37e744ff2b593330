// A filter: a condition on the columns of a row, as `filter:` of sources and views has it (DESIGN.md section 3).

internal import NumPyFormat

/// A filter's text, read but not yet brought together with columns.
public struct FilterExpression: Sendable {
  let root: FilterNode

  /// Reads `difficulty == 'Simple' and sog > 3`.
  ///
  /// - Throws: `FilterError` where the text is no condition, is longer than 64 KiB or nested more than 64 deep.
  public init(parsing text: String) throws(FilterError) {
    var parser = try FilterParser(text)
    root = try parser.parse()
  }

  /// The columns it names, each once, in the order of the text, with the first place (1-based characters).
  public var columnNames: [(name: String, position: Int)] {
    var names: [(name: String, position: Int)] = []
    root.forEachOperand { operand in
      switch operand.kind {
      case .column(let name), .bucket(let name, _): if !names.contains(where: { $0.name == name }) { names.append((name, operand.position)) }
      case .literal: break
      }
    }
    return names
  }
}

/// A condition on the rows of certain columns, its types checked. Three-valued, as SQL: a row is kept where it is true, not where it is false or null.
///
/// Null and NaN are as pyarrow.dataset has them: a comparison with null is null, `not` leaves null, `in` is never null (null is in a list that holds null),
/// NaN is unequal to everything and neither less nor greater. Comparisons are exact: no number is rounded to another's type.
public final class RowFilter: Sendable {
  /// What it looks at, in the order of `values` and `statistics` below.
  public let columns: [FilterColumn]
  let root: BoundNode
  private let types: [ElementType]

  /// - Parameter find: the column of a name, nil where there is none.
  /// - Throws: `FilterError` for names that are no columns, and for comparisons between values that cannot be compared.
  public init(_ expression: FilterExpression, find: (String) -> FilterColumn?) throws(FilterError) {
    var binder = FilterBinder()
    root = try binder.bind(expression.root, find)
    columns = binder.columns
    types = columns.map { column in
      switch column.values {
      case .fixed(let type), .decimal(let type, _): type
      default: .uint8
      }
    }
  }

  /// Which of `columns` have to be decoded to evaluate rows that have these statistics, ascending.
  public func neededColumns(_ statistics: [ColumnStatistics?]) -> [Int] {
    var needed: Set<Int> = []
    root.collectNeeded(statistics, &needed)
    return needed.sorted()
  }

  /// What the statistics alone say of every row that they are about.
  public func verdict(_ statistics: [ColumnStatistics?]) -> FilterVerdict {
    let outcomes = root.outcomes(statistics)
    if !outcomes.canBeTrue { return .never }
    return outcomes.canBeFalse || outcomes.canBeNull ? .maybe : .always
  }

  /// Whether it asks of a column more than what is null, so that its values alone may settle something.
  public func testsValues(ofColumn slot: Int) -> Bool { root.contains { $0 == slot && !$1.isOfNulls } }

  /// Tries every test of a column on values that are not null.
  ///
  /// - Parameter count: of the values; every value that the column has in the rows that the result is used for is among them.
  public func test(_ values: ColumnValues, count: Int, ofColumn slot: Int) -> TestedValues {
    var tested = TestedValues()
    root.forEachTest { place, test in
      guard place == slot, !test.isOfNulls else { return }
      for first in stride(from: 0, to: count, by: Self.testedCount) {
        var some = values
        some.firstRow += first
        let mask = test.evaluate(some, rowCount: min(Self.testedCount, count - first))
        if mask.isTrue.contains(where: { $0 != 0 }) { tested.passing.insert(test.ordinal) }
        if mask.isFalse.contains(where: { $0 != 0 }) { tested.failing.insert(test.ordinal) }
        if tested.passing.contains(test.ordinal) && tested.failing.contains(test.ordinal) { break }
      }
    }
    return tested
  }

  /// So many at once: what is worked out about them is small then.
  private static let testedCount = 1 << 16

  /// Evaluates rows.
  ///
  /// - Parameters:
  ///   - values: of each of `columns`, `rowCount` rows; nil is allowed for those that are not needed for these statistics.
  ///   - statistics: true of these rows; nil where nothing is known.
  public func evaluate(_ values: [ColumnValues?], rowCount: Int, statistics: [ColumnStatistics?]) -> RowMask {
    root.evaluate(FilterRows(values: values, statistics: statistics, rowCount: rowCount, types: types))
  }
}

/// Whether rows that have certain statistics are kept.
public enum FilterVerdict: Sendable {
  case never, maybe, always
}
