// The pieces of a source's columns that hold selected rows, worked out when a column is first asked for.

internal import Platform
internal import SampleOrder

final class PieceCuts: Sendable {
  private let base: any ColumnSource
  private let selection: RowSelection
  private let known = Lock<[Int: SelectedCuts]>([:])

  init(_ base: any ColumnSource, _ selection: RowSelection) {
    self.base = base
    self.selection = selection
  }

  func of(_ column: Int) -> SelectedCuts {
    if let cuts = known.withLock({ $0[column] }) { return cuts }
    // Twice at the worst, when two ask at once.
    let cuts = SelectedCuts(base.pieces(ofColumn: column), selection)
    known.withLock { $0[column] = cuts }
    return cuts
  }
}
