// The values of some columns in the rows of one shard, wherever their pieces begin and end.

internal import BatchCache
internal import SampleOrder
internal import ShardStore

struct ShardValues {
  /// Some rows of one column in one piece.
  struct Segment {
    let piece: ColumnPiece
    /// The shard's rows that lie in the piece, and the first one's row there.
    let rows: Range<Int>
    let firstPieceRow: Int
  }
  /// By place in the plan's columns; each covers all rows, in order.
  private let segments: [[Segment]]
  let decodedByteCount: Int
  let storedByteCount: Int

  /// Decodes the rows `start ..< start + rowCount` of the source's stored order, which are those of `shard`.
  init(_ plan: ValuePlan, shard: Int, start: Int, rowCount: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) {
    let source = plan.source
    var segments = [[Segment]](repeating: [], count: plan.columns.count)
    if !plan.shardPlaces.isEmpty {
      let columns = plan.shardPlaces.map { plan.columns[$0] }
      for (place, found) in zip(plan.shardPlaces, try source.decode(columns: columns, shard: shard, with: workspace, budget: budget)) {
        let piece = try source.checked(found, ofColumn: plan.columns[place], number: shard, rowCount: rowCount)
        segments[place] = [Segment(piece: piece, rows: 0..<rowCount, firstPieceRow: 0)]
      }
    }
    for place in plan.otherPlaces {
      let column = plan.columns[place]
      let pieces = source.pieces(ofColumn: column)
      var row = start
      while row < start + rowCount {
        let location = pieces.location(ofSample: row)
        let end = min(start + rowCount, pieces.start(of: location.shard + 1))
        let found = try source.decode(column: column, piece: location.shard, with: workspace, budget: budget)
        let piece = try source.checked(found, ofColumn: column, number: location.shard, rowCount: pieces.count(of: location.shard))
        segments[place].append(Segment(piece: piece, rows: row - start..<end - start, firstPieceRow: location.row))
        row = end
      }
    }
    self.segments = segments
    decodedByteCount = segments.joined().reduce(0) { $0 + $1.piece.decodedByteCount }
    storedByteCount = segments.joined().reduce(0) { $0 + $1.piece.storedByteCount }
  }

  /// The piece that holds a column's value of a row of the shard, and the row there.
  func place(ofRow row: Int, column: Int) -> (piece: ColumnPiece, row: Int) {
    let candidates = segments[column]
    var (low, high) = (0, candidates.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if candidates[middle].rows.lowerBound <= row { low = middle } else { high = middle }
    }
    return (candidates[low].piece, candidates[low].firstPieceRow + row - candidates[low].rows.lowerBound)
  }
}
