// One decoding of one stripe: the wanted columns of a run of rows.

internal import BatchCache
internal import ParquetReading
internal import Platform

/// Rows are numbered from the stripe's first.
struct StripeReader {
  private let data: ParquetDataSet
  private let request: ShardRequest
  private let rowGroup: Int
  /// The stripe's rows in the row group.
  private let rows: Range<Int>
  private let workspace: DecodeWorkspace

  init(_ data: ParquetDataSet, _ request: ShardRequest, rowGroup: Int, rows: Range<Int>, _ workspace: DecodeWorkspace) {
    self.data = data
    self.request = request
    self.rowGroup = rowGroup
    self.rows = rows
    self.workspace = workspace
  }

  func read(_ onRows: (DecodedShard, Range<Int>) -> Void) throws(ParquetReadError) -> DecodedShard {
    let reader = data.reader(workspace, verification: data.verification)
    if request.keeping.isEmpty, request.columns.count == 1, let decoded = try readPages(reader, onRows) { return decoded }
    return try readColumns(reader, onRows)
  }

  // MARK: - One column after another

  /// Writes each column's wanted rows one after another into the workspace, then hands over all rows at once.
  private func readColumns(_ reader: ParquetReader, _ onRows: (DecodedShard, Range<Int>) -> Void) throws(ParquetReadError) -> DecodedShard {
    let wanted = request.rows
    var next = 0
    var columns: [DecodedColumn] = []
    var (decodedByteCount, storedByteCount) = (0, 0)
    for column in request.columns {
      let description = data.columns[column]
      guard let rowByteCount = description.rowByteCount else { preconditionFailure("column \(description.name) has no fixed shape") }
      let chunk = try data.chunk(column: column, rowGroup: rowGroup)
      let nullsByteOffset = next + wanted.count * rowByteCount
      let result = try reader.fixedRows(
        rows.lowerBound + wanted.lowerBound..<rows.lowerBound + wanted.upperBound, of: chunk,
        into: workspace.output.region, valuesByteOffset: next, nullsByteOffset: nullsByteOffset)
      columns.append(
        DecodedColumn(
          valuesByteOffset: next, rowByteCount: rowByteCount, firstRow: wanted.lowerBound,
          nullsByteOffset: result.hasNulls && !description.hasNullValue ? nullsByteOffset : nil))
      next = (nullsByteOffset + wanted.count + 7) & ~7
      decodedByteCount += result.decodedByteCount
      storedByteCount += result.storedByteCount
    }
    let decoded = DecodedShard(
      shard: request.shard, region: workspace.output, columns: columns, byteCount: decodedByteCount, storedByteCount: storedByteCount)
    if !wanted.isEmpty { onRows(decoded, wanted) }
    return decoded
  }

  // MARK: - Page by page

  /// Hands rows over where they lie in their page, so that they are copied once. Nil where the pages are not of that kind: nothing was handed over then.
  private func readPages(_ reader: ParquetReader, _ onRows: (DecodedShard, Range<Int>) -> Void) throws(ParquetReadError) -> DecodedShard? {
    let description = data.columns[request.columns[0]]
    guard let rowByteCount = description.rowByteCount, rowByteCount >= Self.leastRowByteCount else { return nil }
    let chunk = try data.chunk(column: request.columns[0], rowGroup: rowGroup)
    let wanted = rows.lowerBound + request.rows.lowerBound..<rows.lowerBound + request.rows.upperBound
    let shard = request.shard
    let begin = rows.lowerBound
    let result = try reader.eachPage(wanted, of: chunk) { (page) throws(ParquetReadError) in
      let column = DecodedColumn(
        valuesByteOffset: page.valuesByteOffset, rowByteCount: rowByteCount, firstRow: page.rows.lowerBound - begin, nullsByteOffset: page.nullsByteOffset)
      let decoded = DecodedShard(shard: shard, region: page.region, columns: [column], byteCount: 0, storedByteCount: 0)
      onRows(decoded, page.rows.lowerBound - begin..<page.rows.upperBound - begin)
    }
    guard let result else { return nil }
    return DecodedShard(
      shard: shard, region: workspace.output, columns: [], byteCount: result.decodedByteCount, storedByteCount: result.storedByteCount)
  }

  /// Below this what a page's rows cost is not their copy.
  private static let leastRowByteCount = 1 << 10
}
