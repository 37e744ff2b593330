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

  /// What is known of all rows is known of some.
  public func statistics(ofColumn column: Int, piece: Int) -> ColumnStatistics? {
    let cuts = pieceCuts.of(column)
    return columnBase.statistics(ofColumn: column, piece: cuts.ordinals[piece])?.ofSome(rowCount: cuts.table.count(of: piece))
  }

  public func runStatistics(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> RunStatistics? {
    guard let run = columnBase.runStatistics(ofColumn: column, piece: pieceCuts.of(column).ordinals[piece], with: workspace) else { return nil }
    return RunStatistics(rows: ranks(run.rows)) { [self] row in
      let part = run.part(with: selection.select(row))
      let rows = ranks(part.rows)
      return RunStatistics.Part(rows: rows, statistics: part.statistics.ofSome(rowCount: rows.count))
    }
  }

  public func distinctValues(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> DistinctValues? {
    guard let found = columnBase.distinctValues(ofColumn: column, piece: pieceCuts.of(column).ordinals[piece], with: workspace) else { return nil }
    return DistinctValues(rows: ranks(found.rows), values: found.values, count: found.count)
  }

  /// The numbers that some of the base's rows have here.
  private func ranks(_ rows: Range<Int>) -> Range<Int> { selection.rank(rows.lowerBound)..<selection.rank(rows.upperBound) }

  public func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    let rowCount = pieceCuts.of(column).table.count(of: piece)
    return try decode(column: column, piece: piece, rows: 0..<rowCount, with: workspace, budget: budget).piece
  }

  /// Takes memory for the source's rows and, where not all of them are selected, for what is left.
  public func decode(
    column: Int, piece: Int, rows: Range<Int>, with workspace: DecodeWorkspace, budget: MemoryBudget
  ) throws(ColumnError) -> (piece: ColumnPiece, firstRow: Int) {
    let cuts = pieceCuts.of(column)
    let begin = cuts.rows(of: piece).lowerBound
    let first = cuts.table.start(of: piece)
    let hull = selection.select(first + rows.lowerBound)..<selection.select(first + rows.upperBound - 1) + 1
    let found = try columnBase.decode(
      column: column, piece: cuts.ordinals[piece], rows: hull.lowerBound - begin..<hull.upperBound - begin, with: workspace, budget: budget)
    let decoded = begin + found.firstRow..<begin + found.firstRow + found.piece.rowCount
    let firstRow = selection.rank(decoded.lowerBound) - first
    return (try compacted(found.piece, ofColumn: column, rows: decoded, budget), firstRow)
  }

  /// Of a source that decodes whole shards, the pieces of all columns at once; of others only the rows that are selected.
  public func decode(columns: [Int], shard: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> [ColumnPiece] {
    let cuts = columns.map { pieceCuts.of($0) }
    guard let first = cuts.first, !reachesRowsAlone,
      cuts.allSatisfy({ $0.ordinals[shard] == first.ordinals[shard] && $0.rows(of: shard) == first.rows(of: shard) })
    else { return try decodeEach(columns, piece: shard, with: workspace, budget: budget) }
    let whole = try columnBase.decode(columns: columns, shard: first.ordinals[shard], with: workspace, budget: budget)
    var pieces: [ColumnPiece] = []
    for (column, piece) in zip(columns, whole) { pieces.append(try compacted(piece, ofColumn: column, rows: first.rows(of: shard), budget)) }
    return pieces
  }

  /// What is selected of a piece of the source's rows `rows`.
  private func compacted(_ piece: ColumnPiece, ofColumn column: Int, rows: Range<Int>, _ budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    if selection.rank(rows.upperBound) - selection.rank(rows.lowerBound) == rows.count { return piece }
    return try PieceCompaction(piece, storedColumns[column]).compacted(budget: budget) { body in
      selection.forEachRun(in: rows) { body($0.lowerBound - rows.lowerBound..<$0.upperBound - rows.lowerBound) }
    }
  }
}
