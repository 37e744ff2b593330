// Several columns of one piece at once: as one after another, through every source that is made from others.

import BatchCache
import SampleOrder
import Testing

@testable import ShardStore

@Suite struct JointColumnsTests {
  private let budget = MemoryBudget(capByteCount: 1 << 26)

  /// Pieces that are not the shards, as those of a view's stripes may be.
  private func base() throws -> MemorySource { try MemorySource(shards: [40, 0, 50], pieceRowCounts: [7, 7, 7, 7, 7]) }

  private func check(_ source: any StoredSource, columns: [Int], isJoint: Bool = true, _ bases: MemorySource...) throws {
    let workspace = try #require(DecodeWorkspace(demand: DecodeDemand(inputByteCount: 0, outputByteCount: 0), budget: budget))
    let pieceCount = source.pieces(ofColumn: columns[0]).shardCount
    for piece in 0..<pieceCount {
      let found = try source.decode(columns: columns, shard: piece, with: workspace, budget: budget)
      #expect(found.count == columns.count)
      for (column, found) in zip(columns, found) {
        let alone = try source.decode(column: column, piece: piece, with: workspace, budget: budget)
        #expect(found.rowCount == alone.rowCount && bytes(found.region, found.values) == bytes(alone.region, alone.values))
        #expect(found.offsets.map { places(found.region, $0) } == alone.offsets.map { places(alone.region, $0) })
        #expect(found.nulls.map { $0.map { bytes(found.region, $0) } } == alone.nulls.map { $0.map { bytes(alone.region, $0) } })
      }
    }
    #expect(bases.reduce(0) { $0 + $1.jointDecodeCount } == (isJoint ? pieceCount : 0))
  }

  @Test func ofSelectedRows() throws {
    let base = try base()
    var builder = RowSelectionBuilder(rowCount: 90)
    for row in 0..<90 where row % 5 != 1 && !(20..<40).contains(row) { builder.append(row..<row + 1) }
    try check(SelectedSource(base, builder.finish()), columns: [4, 0, 2], base)
  }

  @Test func besidePathColumns() throws {
    let base = try base()
    let files = try ShardTable((0..<13).map { min(7, 90 - 7 * $0) })
    let path = PathColumn(name: "day", texts: (0..<13).map { "\($0)" }, isCaptured: true)
    let source = PathColumnSource(base, adding: [path], files: files, paths: (0..<13).map { "/\($0)" })
    try check(source, columns: [1, 5, 3], base)
    let other = try self.base()
    try check(PathColumnSource(other, adding: [path], files: files, paths: (0..<13).map { "/\($0)" }), columns: [5], isJoint: false, other)
  }

  @Test func ofLists() throws {
    let (first, second) = (try base(), try base())
    try check(try ConcatenatedSource([first, second]), columns: [0, 2, 3], first, second)
  }

  /// Of columns whose pieces begin elsewhere in the base there is nothing to have at once.
  @Test func piecesOfOtherRowsAreDecodedAlone() throws {
    let base = try MemorySource(shards: [20], pieceRowCounts: [10, 5, 5, 5, 5])
    var builder = RowSelectionBuilder(rowCount: 20)
    builder.append(2..<3)
    builder.append(15..<16)
    try check(SelectedSource(base, builder.finish()), columns: [0, 1], isJoint: false, base)
  }
}
