// One level of lists above a column's values.

/// A repeated node above a column. The definition level `d` of a slot tells: no list (or nothing above it) for `d < existsLevel`,
/// an empty list for `d == existsLevel`, an element for `d >= elementLevel`.
public struct ParquetListLevel: Sendable, Hashable {
  /// The least definition level of a slot whose list is not null; an empty one has just this level.
  public let existsLevel: Int
  /// The least definition level of a slot that is an element of the list (perhaps a null one); always `existsLevel + 1`.
  public var elementLevel: Int { existsLevel + 1 }
  /// The number of elements that the Arrow schema in the footer promises for each list; the pages must be checked.
  public let fixedCount: Int?

  public init(existsLevel: Int, fixedCount: Int?) {
    self.existsLevel = existsLevel
    self.fixedCount = fixedCount
  }
}
