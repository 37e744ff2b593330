// Nulls that are known of before any value is read.

internal import ByteParsing

/// How many nulls a column has at least: what the files' own statistics count, as far as these are in memory.
public struct KnownNulls: Sendable, Equatable {
  /// Rows that are null.
  public private(set) var rowCount = 0
  /// Elements of the rows' lists, or lists in them.
  public private(set) var elementCount = 0
  /// Nulls of one kind or the other.
  public private(set) var otherCount = 0
  /// Whether these are all: of no row it is unknown.
  public private(set) var isComplete = true

  /// Those of one kind, or of both; of those whose kind is not known none but with both.
  public func count(rows: Bool, elements: Bool) -> Int {
    (rows ? rowCount : 0).saturatingAdding(elements ? elementCount : 0).saturatingAdding(rows && elements ? otherCount : 0)
  }

  mutating func add(rows: Int = 0, elements: Int = 0, others: Int = 0) {
    rowCount = rowCount.saturatingAdding(rows)
    elementCount = elementCount.saturatingAdding(elements)
    otherCount = otherCount.saturatingAdding(others)
  }

  mutating func addUnknown() { isComplete = false }
}
