// Whole columns of several sources: the pieces of one source after those of another.

public import BatchCache
public import SampleOrder

extension ConcatenatedSource: ColumnSource {
  public var storedColumns: [StoredColumn] { joinedColumns.stored }
  public func pieces(ofColumn column: Int) -> ShardTable { joinedColumns.pieces(ofColumn: column).rows }
  public var shardChecksCoverColumns: Bool { joinedColumns.sources.allSatisfy(\.shardChecksCoverColumns) }

  public func pieceDemand(ofColumn column: Int) -> DecodeDemand {
    joinedColumns.each(column).reduce(DecodeDemand(inputByteCount: 0, outputByteCount: 0)) { $0.union($1.source.pieceDemand(ofColumn: $1.column)) }
  }

  public func largestPieceByteCount(ofColumn column: Int) -> Int {
    joinedColumns.each(column).reduce(0) { max($0, $1.source.largestPieceByteCount(ofColumn: $1.column)) }
  }

  public func path(ofColumn column: Int, piece: Int) -> String {
    let place = joinedColumns.place(ofColumn: column, piece: piece)
    return place.source.path(ofColumn: place.column, piece: place.piece)
  }

  public func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    let place = joinedColumns.place(ofColumn: column, piece: piece)
    return try place.source.decode(column: place.column, piece: place.piece, with: workspace, budget: budget)
  }

  public func decode(
    column: Int, piece: Int, rows: Range<Int>, with workspace: DecodeWorkspace, budget: MemoryBudget
  ) throws(ColumnError) -> (piece: ColumnPiece, firstRow: Int) {
    let place = joinedColumns.place(ofColumn: column, piece: piece)
    return try place.source.decode(column: place.column, piece: place.piece, rows: rows, with: workspace, budget: budget)
  }

  public func decode(columns: [Int], shard: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> [ColumnPiece] {
    // By the pieces, since a view's shards may be others than those that are stored.
    let places = columns.map { joinedColumns.place(ofColumn: $0, piece: shard) }
    guard let first = places.first, places.allSatisfy({ $0.number == first.number && $0.piece == first.piece }) else {
      return try decodeEach(columns, piece: shard, with: workspace, budget: budget)
    }
    return try first.source.decode(columns: places.map(\.column), shard: first.piece, with: workspace, budget: budget)
  }
}
