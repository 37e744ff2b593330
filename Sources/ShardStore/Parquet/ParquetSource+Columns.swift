// Whole columns of Parquet files, piece by piece.

public import BatchCache
internal import ParquetFormat
internal import ParquetReading
internal import Platform
public import SampleOrder

/// The pieces of columns, cut when they are first asked for.
final class ColumnRuns: Sendable {
  private let known: Lock<[Int: (runs: RowRuns, cuts: RowCuts)]> = Lock([:])

  func runs(ofColumn column: Int, _ make: () -> (runs: RowRuns, cuts: RowCuts)) -> (runs: RowRuns, cuts: RowCuts) {
    if let found = known.withLock({ $0[column] }) { return found }
    let made = make()
    known.withLock { $0[column] = made }
    return made
  }
}

extension ParquetSource: ColumnSource {
  public var shardChecksCoverColumns: Bool { true }

  public var storedColumns: [StoredColumn] { data.storedColumns }

  public func pieces(ofColumn column: Int) -> ShardTable { runs(ofColumn: column).table }

  public func path(ofColumn column: Int, piece: Int) -> String { data.path(ofRowGroup: runs(ofColumn: column).place(of: piece).rowGroup) }

  public func pieceDemand(ofColumn column: Int) -> DecodeDemand {
    let cuts = cutRuns(ofColumn: column).cuts
    return DecodeDemand(inputByteCount: 0, outputByteCount: 0, stateByteCount: cuts.stateByteCount, temporaryByteCount: cuts.pageByteCount)
  }

  /// About 2 MiB of values, by what a row weighs in the first row group; of columns whose rows differ at most 65,536 rows, since what they unpack to is not known.
  func runs(ofColumn column: Int) -> RowRuns { cutRuns(ofColumn: column).runs }

  private func cutRuns(ofColumn column: Int) -> (runs: RowRuns, cuts: RowCuts) {
    columnRuns.runs(ofColumn: column) {
      let cuts = data.cuts(
        columns: [column], rowByteCount: data.rowByteCount(ofColumn: column), targetByteCount: Self.pieceByteCount, rowLimit: pieceRowLimit(ofColumn: column))
      return (RowRuns(data.rowGroups) { cuts.starts(ofRowGroup: $0.rowCount) }, cuts)
    }
  }

  static let pieceByteCount = 2 << 20
  func pieceRowLimit(ofColumn column: Int) -> Int { data.columns[column].rowByteCount == nil ? 1 << 16 : .max }

  public func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    try decode(column: column, piece: piece, rows: 0..<pieces(ofColumn: column).count(of: piece), with: workspace, budget: budget).piece
  }

  /// Only the pages with these rows are read.
  public func decode(
    column: Int, piece: Int, rows: Range<Int>, with workspace: DecodeWorkspace, budget: MemoryBudget
  ) throws(ColumnError) -> (piece: ColumnPiece, firstRow: Int) {
    let place = runs(ofColumn: column).place(of: piece)
    let wanted = place.rows.lowerBound + rows.lowerBound..<place.rows.lowerBound + rows.upperBound
    do throws(ParquetReadError) {
      return (try self.piece(column: column, rowGroup: place.rowGroup, rows: wanted, with: workspace, data.verification), rows.lowerBound)
    } catch {
      if case .noMemory(let byteCount) = error { throw .noMemory(byteCount: byteCount) }
      throw .shard(ShardError(source: name, path: data.path(ofRowGroup: place.rowGroup), message: error.description))
    }
  }

  private func piece(
    column: Int, rowGroup: Int, rows: Range<Int>, with workspace: DecodeWorkspace, _ verification: Verification
  ) throws(ParquetReadError) -> ColumnPiece {
    defer { workspace.readingMemory.trim() }
    let description = data.columns[column]
    let reader = data.reader(workspace, verification: verification)
    let chunk = try data.chunk(column: column, rowGroup: rowGroup)
    if let rowByteCount = description.rowByteCount {
      return try fixedPiece(reader, chunk, rows, description, rowByteCount: rowByteCount, workspace)
    }
    return try assembledPiece(try reader.rows(rows, of: chunk), workspace)
  }

  private func fixedPiece(
    _ reader: ParquetReader, _ chunk: ParquetChunk, _ rows: Range<Int>, _ column: ParquetColumn, rowByteCount: Int, _ workspace: DecodeWorkspace
  ) throws(ParquetReadError) -> ColumnPiece {
    let values = 0..<rows.count * rowByteCount
    let nullsBegin = (values.upperBound + 7) & ~7
    let nulls = nullsBegin..<nullsBegin + rows.count
    guard var region = workspace.temporary(byteCount: nulls.upperBound) else { throw .noMemory(byteCount: nulls.upperBound) }
    let levelNulls = column.hasNullsBelowRows ? column.leaf.lists.map { _ in reader.nullMarks() } : []
    let result = try reader.fixedRows(
      rows, of: chunk, into: region.region, valuesByteOffset: 0, nullsByteOffset: nulls.lowerBound, levelNulls: levelNulls)
    var nullParts: [Range<Int>?] = [result.hasNulls ? nulls : nil] + (column.shape ?? []).map { _ in nil }
    var end = nulls.upperBound
    for (index, marks) in levelNulls.enumerated() where marks.hasNulls {
      guard let level = column.slotLevel(ofLeafLevel: index + 1) else { continue }
      let begin = (end + 7) & ~7
      end = begin + marks.byteCount
      nullParts[level] = begin..<end
    }
    if end > nulls.upperBound {
      // Only now is it known that there are some: what was read moves to where there is room for them, too.
      guard let larger = workspace.temporary(byteCount: end) else { throw .noMemory(byteCount: end) }
      let read = region.region
      let bytes = read.bytes
      larger.region.withMutableBytes(0..<nulls.upperBound) { $0.copy(bytes.extracting(first: nulls.upperBound)) }
      for (index, marks) in levelNulls.enumerated() {
        guard marks.hasNulls, let level = column.slotLevel(ofLeafLevel: index + 1), let part = nullParts[level] else { continue }
        try marks.withBytes { (bytes) throws(ParquetReadError) in larger.region.withMutableBytes(part) { $0.copy(bytes) } }
      }
      region = larger
    }
    return ColumnPiece(
      rowCount: rows.count, region: region, values: values, nulls: nullParts, decodedByteCount: result.decodedByteCount,
      storedByteCount: result.storedByteCount)
  }

  /// Moves the parts of assembled rows into one region.
  private func assembledPiece(_ rows: AssembledRows, _ workspace: DecodeWorkspace) throws(ParquetReadError) -> ColumnPiece {
    var ranges: [AssembledRows.Part: Range<Int>] = [:]
    var next = 0
    for part in rows.parts {
      ranges[part] = next..<next + rows.byteCount(of: part)
      next = (next + rows.byteCount(of: part) + 7) & ~7
    }
    guard let region = workspace.temporary(byteCount: max(8, next)) else { throw .noMemory(byteCount: next) }
    for (part, range) in ranges where !range.isEmpty {
      try rows.withBytes(of: part) { (bytes) throws(ParquetReadError) in region.region.withMutableBytes(range) { $0.copy(bytes) } }
    }
    var offsets: [Range<Int>] = []
    while let range = ranges[.offsets(offsets.count)] { offsets.append(range) }
    return ColumnPiece(
      rowCount: rows.rowCount, region: region, values: ranges[.values] ?? 0..<0, nulls: rows.nullLevels.map { ranges[.nulls($0)] }, offsets: offsets,
      decodedByteCount: rows.decodedByteCount, storedByteCount: rows.storedByteCount)
  }

  // MARK: - Checks

  /// Rows are counted and let go; what a page takes is taken when its header is read.
  public var checkDemand: DecodeDemand {
    let pages = data.cuts(columns: Array(data.columns.indices), rowByteCount: 1, targetByteCount: Self.stripeByteCount)
    return DecodeDemand(inputByteCount: 0, outputByteCount: 0, stateByteCount: pages.stateByteCount, temporaryByteCount: pages.pageByteCount)
  }

  /// Decodes every readable column of the rows of a shard, checksums compared.
  public func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) {
    let place = place(ofShard: shard)
    try wrap(place.rowGroup, place.rows) { () throws(ParquetReadError) in
      for (column, description) in data.columns.enumerated() where description.elementType != nil {
        let reader = data.reader(workspace, verification: .always)
        do throws(ParquetReadError) { try reader.check(try data.chunk(column: column, rowGroup: place.rowGroup)) } catch {
          throw .inColumn(description.name, error)
        }
        workspace.readingMemory.trim()
      }
    }
  }
}
