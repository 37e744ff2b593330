// A null that the files of a batch have no way to show.

internal import BatchCache
internal import NumPyFormat
internal import Platform
internal import ShardStore

/// What is null in a row of a tensor that cannot show it.
enum UnshownNull {
  /// The row itself; `typeWithNaN` is the type in which the tensor could show it.
  case row(typeWithNaN: ElementType?)
  /// An element of the row's array or list: which one is not known there.
  case element

  /// What to do about it, for the reader of a batch with such a row.
  func message(column: String) -> String {
    switch self {
    case .row(let typeWithNaN):
      "column \(column) is null there, and the tensor's type has no value for that; \(Self.remedies(column: column, typeWithNaN: typeWithNaN))"
    case .element:
      "an element of column \(column) is null there, and its type has no value for that, whatever the tensor's `dtype`; `files: [jsonl]` and `layout: arrays` show such rows"
    }
  }

  private static func remedies(column: String, typeWithNaN: ElementType?) -> String {
    let shown = typeWithNaN.map { "`dtype: \($0.name)` shows it as NaN, " } ?? ""
    return "\(shown)`filter: \(column) is not null` leaves such rows out, `files: [jsonl]` and `layout: arrays` show them"
  }
}

extension ColumnPiece {
  /// The null of a row of a plain list, text or bytes that offsets and values cannot show.
  /// - Parameter hasNullValue: elements that are null are told by their values, which are NaN or NaT.
  func unshownNull(row: Int, hasNullValue: Bool) -> UnshownNull? {
    if nulls.isEmpty { return nil }
    let mapping = region.region
    let all = mapping.bytes
    if isNull(level: 0, row, in: all) { return .row(typeWithNaN: nil) }
    guard !hasNullValue, nulls(level: 1) != nil else { return nil }
    return elementRange(level: 0, row, in: all).contains { isNull(level: 1, $0, in: all) } ? .element : nil
  }
}
