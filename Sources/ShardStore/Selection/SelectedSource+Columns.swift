// Whole columns of selected rows: the source's pieces, without the rows that are not selected.

public import BatchCache
internal import NumPyFormat
public import RowFilter
public import SampleOrder

extension SelectedSource: ColumnSource {
  public var storedColumns: [StoredColumn] { columnBase.storedColumns }
  public func pieces(ofColumn column: Int) -> ShardTable { pieceCuts.of(column).table }
  public func pieceDemand(ofColumn column: Int) -> DecodeDemand { columnBase.pieceDemand(ofColumn: column) }
  public var shardChecksCoverColumns: Bool { columnBase.shardChecksCoverColumns }
  /// The source's piece is in memory while what is left of it is copied.
  public func largestPieceByteCount(ofColumn column: Int) -> Int { 2 * min(columnBase.largestPieceByteCount(ofColumn: column), .max / 8) }
  public func path(ofColumn column: Int, piece: Int) -> String { columnBase.path(ofColumn: column, piece: pieceCuts.of(column).ordinals[piece]) }
  public func pathTexts(ofColumn column: Int) -> [String?]? { columnBase.pathTexts(ofColumn: column) }

  /// Bounds of all rows are bounds of some; how many of those are null is known where none is, or all are.
  public func statistics(ofColumn column: Int, piece: Int) -> ColumnStatistics? {
    let cuts = pieceCuts.of(column)
    guard var statistics = columnBase.statistics(ofColumn: column, piece: cuts.ordinals[piece]) else { return nil }
    let rowCount = cuts.table.count(of: piece)
    if let nullCount = statistics.nullCount { statistics.nullCount = nullCount == 0 ? 0 : nullCount == statistics.rowCount ? rowCount : nil }
    statistics.rowCount = rowCount
    return statistics
  }

  /// Takes memory for the source's piece and, where not all of it is selected, for what is left of it.
  public func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    let cuts = pieceCuts.of(column)
    let whole = try columnBase.decode(column: column, piece: cuts.ordinals[piece], with: workspace, budget: budget)
    let rows = cuts.rows(of: piece)
    if cuts.table.count(of: piece) == rows.count { return whole }
    return try PieceCompaction(whole, storedColumns[column]).compacted(budget: budget) { body in
      selection.forEachRun(in: rows) { body($0.lowerBound - rows.lowerBound..<$0.upperBound - rows.lowerBound) }
    }
  }
}
