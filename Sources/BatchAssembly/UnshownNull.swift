// A null that the files of a batch have no way to show.

internal import BatchCache
public import NumPyFormat
internal import Platform
internal import ShardStore

/// What is null in a row of a tensor that cannot show it.
public enum UnshownNull: Sendable {
  /// The row itself; `typeWithNaN` is the type in which the tensor could show it.
  case row(typeWithNaN: ElementType?)
  /// An element of the row's array or list: which one is not known there.
  case element

  /// What is wrong with a row, and what to do about it, for the reader of its batch.
  func message(column: String) -> String {
    let reason =
      switch self {
      case .row: "column \(column) is null there, and the tensor's type has no value for that"
      case .element: "an element of column \(column) is null there, and its type has no value for that, whatever the tensor's `dtype`"
      }
    return "\(reason); \(remedies(column: column))"
  }

  /// What helps.
  public func remedies(column: String) -> String {
    switch self {
    case .row(let typeWithNaN):
      (typeWithNaN.map { "`dtype: \($0.name)` shows it as NaN, " } ?? "")
        + "`filter: \(column) is not null` leaves such rows out, `files: [jsonl]` and `layout: arrays` show them"
    case .element: "`files: [jsonl]` and `layout: arrays` show such rows"
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
    if isNull(level: 0, row, in: all) { return .row(typeWithNaN: nil) }
    guard !hasNullValue, nulls(level: 1) != nil else { return nil }
    return elementRange(level: 0, row, in: all).contains { isNull(level: 1, $0, in: all) } ? .element : nil
  }
}
