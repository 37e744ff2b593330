// How many elements every piece of a ragged column has: what the sizes and offsets of its files are made from.

internal import BatchCache

/// The first element of every piece, for each level of lists; found by decoding the pieces once. Kept, and charged: eight bytes a level and piece.
public final class ColumnSizes: Sendable {
  /// For each level (0 is the outermost list) the number of its entries before each piece, and, last, in all of the known ones.
  let starts: [[Int]]
  /// The pieces from the first on whose sizes are known: all, or those before one that is damaged.
  let knownPieceCount: Int
  /// Why not all are known.
  let failure: BatchError?
  private let charge: SharedCharge?

  init(starts: [[Int]], failure: BatchError?, charge: SharedCharge?) {
    self.starts = starts
    knownPieceCount = (starts.first?.count ?? 1) - 1
    self.failure = failure
    self.charge = charge
  }

  /// Nothing is known.
  static func none(because error: BatchError) -> ColumnSizes { ColumnSizes(starts: [], failure: error, charge: nil) }

  /// The number of entries that the lists of a level have together: of the next level, or, for the innermost, elements.
  func total(level: Int) -> Int { starts[level][knownPieceCount] }
}

/// A column of a plan of arrays.
struct ColumnKey: Hashable, Sendable {
  let plan: Int
  let column: Int
}

/// A run of rows of a column, decoded at once.
struct PieceKey: Hashable, Sendable {
  let plan: Int
  let column: Int
  let piece: Int

  var columnKey: ColumnKey { ColumnKey(plan: plan, column: column) }
}
