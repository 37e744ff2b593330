// A source whose columns are watched while they are read, with what is known of them told or kept back.

import BatchCache
import NumPyFormat
import Platform
import RowFilter
import SampleOrder

@testable import ShardStore

final class WatchedSource: ColumnSource {
  /// What may be told.
  enum Knowledge: CaseIterable {
    case nothing, pieces, pages, values, all
  }

  private let base: any ColumnSource
  private let knowledge: Knowledge
  private let decoded = Lock((rowCount: 0, byteCount: 0))

  init(_ base: any ColumnSource, telling knowledge: Knowledge) {
    self.base = base
    self.knowledge = knowledge
  }

  /// Of all rows that were decoded, and of the pages they came from.
  var decodedCounts: (rowCount: Int, byteCount: Int) { decoded.withLock { $0 } }

  var storedColumns: [StoredColumn] { base.storedColumns }
  func pieces(ofColumn column: Int) -> ShardTable { base.pieces(ofColumn: column) }
  func pieceDemand(ofColumn column: Int) -> DecodeDemand { base.pieceDemand(ofColumn: column) }
  func path(ofColumn column: Int, piece: Int) -> String { base.path(ofColumn: column, piece: piece) }

  func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    try decode(column: column, piece: piece, rows: 0..<pieces(ofColumn: column).count(of: piece), with: workspace, budget: budget).piece
  }

  func decode(
    column: Int, piece: Int, rows: Range<Int>, with workspace: DecodeWorkspace, budget: MemoryBudget
  ) throws(ColumnError) -> (piece: ColumnPiece, firstRow: Int) {
    let found = try base.decode(column: column, piece: piece, rows: rows, with: workspace, budget: budget)
    decoded.withLock { $0 = ($0.rowCount + found.piece.rowCount, $0.byteCount + found.piece.decodedByteCount) }
    return found
  }

  func statistics(ofColumn column: Int, piece: Int) -> ColumnStatistics? {
    knowledge == .pieces || knowledge == .all ? base.statistics(ofColumn: column, piece: piece) : nil
  }

  func runStatistics(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> RunStatistics? {
    knowledge == .pages || knowledge == .all ? base.runStatistics(ofColumn: column, piece: piece, with: workspace) : nil
  }

  func distinctValues(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> DistinctValues? {
    knowledge == .values || knowledge == .all ? base.distinctValues(ofColumn: column, piece: piece, with: workspace) : nil
  }
}
