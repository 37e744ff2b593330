// Conditions over rows: what statistics settle is settled by them, the rest by the columns' values.

internal import NumPyFormat

struct FilterRows {
  let values: [ColumnValues?]
  let statistics: [ColumnStatistics?]
  let rowCount: Int
  /// Of each column, where its values are of fixed size.
  let types: [ElementType]
}

extension BoundNode {
  func evaluate(_ rows: FilterRows) -> RowMask {
    if let certain = outcomes(rows.statistics).certain { return RowMask(rowCount: rows.rowCount, repeating: certain) }
    switch self {
    case .and(let parts): return Self.all(parts, rows)
    case .or(let parts): return Self.all(parts.map { .not($0) }, rows).negated
    case .not(let inner): return inner.evaluate(rows).negated
    case .constant(let value): return RowMask(rowCount: rows.rowCount, repeating: value)
    case .test(let slot, let test): return test.evaluate(Self.values(slot, rows), rowCount: rows.rowCount)
    case .comparison(let a, let comparison, let b): return ColumnComparison.evaluate(a, comparison, b, rows)
    }
  }

  private static func all(_ parts: [BoundNode], _ rows: FilterRows) -> RowMask {
    var mask = parts[0].evaluate(rows)
    for part in parts.dropFirst() { mask.formAnd(part.evaluate(rows)) }
    return mask
  }

  static func values(_ slot: Int, _ rows: FilterRows) -> ColumnValues {
    guard let values = rows.values[slot] else { preconditionFailure("a column that is needed was not decoded") }
    return values
  }

  /// The columns whose values decide.
  func collectNeeded(_ statistics: [ColumnStatistics?], _ needed: inout Set<Int>) {
    if outcomes(statistics).certain != nil { return }
    switch self {
    case .and(let parts), .or(let parts): for part in parts { part.collectNeeded(statistics, &needed) }
    case .not(let inner): inner.collectNeeded(statistics, &needed)
    case .constant: break
    case .test(let slot, _): needed.insert(slot)
    case .comparison(let a, _, let b):
      needed.insert(a)
      needed.insert(b)
    }
  }

  /// What this may come to for rows that have these statistics.
  func outcomes(_ statistics: [ColumnStatistics?]) -> FilterOutcomes {
    switch self {
    case .and(let parts): parts.dropFirst().reduce(parts[0].outcomes(statistics)) { $0.and($1.outcomes(statistics)) }
    case .or(let parts): parts.dropFirst().reduce(parts[0].outcomes(statistics)) { $0.or($1.outcomes(statistics)) }
    case .not(let inner): inner.outcomes(statistics).negated
    case .constant(let value): FilterOutcomes(canBeTrue: value, canBeFalse: !value, canBeNull: false)
    case .test(let slot, let test): test.outcomes(statistics[slot])
    case .comparison: .anything
    }
  }
}
