// A null that the files of a batch have no way to show.

internal import BatchCache
internal import Platform
internal import ShardStore

/// What is null in a row of a tensor whose type has no value that could stand for it.
enum UnshownNull {
  case row
  /// An element of the row's array or list.
  case element

  /// What to do about it, for the reader of a batch with such a row.
  func message(column: String) -> String {
    switch self {
    case .row:
      "column \(column) is null there, and its type has no value for that; leave such rows out: `filter: \(column) is not null`"
    case .element:
      "an element of column \(column) is null there, and its type has no value for that; `files: [jsonl]` and `layout: arrays` show such rows"
    }
  }
}

extension ColumnPiece {
  /// The null of a row of a plain list, text or bytes that offsets and values cannot show.
  /// - Parameter hasNullValue: elements that are null are told by their values, which are NaN or NaT.
  func unshownNull(row: Int, hasNullValue: Bool) -> UnshownNull? {
    if nulls.isEmpty { return nil }
    let mapping = region.region
    let all = mapping.bytes
    if isNull(level: 0, row, in: all) { return .row }
    guard !hasNullValue, nulls(level: 1) != nil else { return nil }
    return elementRange(level: 0, row, in: all).contains { isNull(level: 1, $0, in: all) } ? .element : nil
  }
}
