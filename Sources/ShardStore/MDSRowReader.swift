// Finds the rows of an MDS shard while its bytes arrive.

internal import BatchCache
internal import MDSFormat
internal import NumPyFormat
internal import Platform

/// Follows one shard as it is decoded: its layout as soon as the table of offsets is there, then row after row.
final class MDSRowReader {
  let decoded: DecodedShard
  private let entry: MDSShardEntry
  private let schema: MDSSchema
  private let arrays: [(column: Int, elementType: ElementType, shape: [Int])]
  private var layout: MDSShardLayout?
  private let rowLimit: Int
  private var rowCount = 0

  /// - Precondition: the wanted columns have a fixed shape, and `region` has room for the shard and eight bytes a row and column.
  /// - Parameter rowLimit: no row from this one on is looked at.
  init(
    _ entry: MDSShardEntry, schema: MDSSchema, wanted: [(column: Int, description: SourceColumn)], shard: Int, region: ChargedRegion, rowLimit: Int = .max
  ) {
    self.entry = entry
    self.rowLimit = rowLimit
    self.schema = schema
    var table = (entry.raw.byteCount + 7) & ~7
    var columns: [DecodedColumn] = []
    var arrays: [(column: Int, elementType: ElementType, shape: [Int])] = []
    for (column, description) in wanted {
      guard let array = description.array, let byteCount = ArrayShape.byteCount(array.shape, elementType: array.elementType) else {
        preconditionFailure("column \(description.name) has no fixed shape")
      }
      arrays.append((column, array.elementType, array.shape))
      columns.append(DecodedColumn(tableByteOffset: table, rowByteCount: byteCount))
      table += 8 * entry.sampleCount
    }
    self.arrays = arrays
    decoded = DecodedShard(shard: shard, region: region, columns: columns, byteCount: entry.raw.byteCount, storedByteCount: entry.file.byteCount)
  }

  /// The rows that became whole now that the first `byteCount` bytes are there.
  func advance(to byteCount: Int) throws(MDSReadError) -> Range<Int> {
    let mapping = decoded.region.region
    let mapped = mapping.bytes
    do throws(MDSError) {
      return try advance(to: byteCount, in: mapped.extracting(first: entry.raw.byteCount))
    } catch {
      throw .format(error)
    }
  }

  private func advance(to byteCount: Int, in bytes: RawSpan) throws(MDSError) -> Range<Int> {
    if layout == nil {
      // A table that does not fit into the shard is the layout's to refuse, when all is there.
      guard byteCount >= MDSShardLayout.tableByteCount(sampleCount: entry.sampleCount) || byteCount == bytes.byteCount else { return 0..<0 }
      layout = try MDSShardLayout(parsing: bytes, sampleCount: entry.sampleCount, schema: schema)
    }
    guard let layout else { return 0..<0 }
    let whole = try layout.wholeSampleCount(in: bytes, first: byteCount, known: rowCount)
    let rows = rowCount..<max(rowCount, min(whole, rowLimit))
    if rows.isEmpty { return rows }
    for (index, array) in arrays.enumerated() {
      let offsets = try layout.arrayOffsets(column: array.column, elementType: array.elementType, shape: array.shape, samples: rows, in: bytes)
      decoded.columns[index].write(offsets, firstRow: rows.lowerBound, into: decoded.region)
    }
    // Without a column of fixed shape the parts of every sample are counted all the same.
    if arrays.isEmpty, !schema.isEmpty {
      for row in rows { _ = try layout.fieldRange(sample: row, column: 0, in: bytes) }
    }
    rowCount = rows.upperBound
    return rows
  }

  /// Fails where the shard ended before its last row.
  func finish() throws(MDSReadError) {
    guard rowCount == entry.sampleCount else { throw .other("the shard ends after \(rowCount) of \(entry.sampleCount) samples") }
  }
}
