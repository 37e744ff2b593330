// A shard whose bytes are in memory, with the place of every row of the columns that were asked for.

public import BatchCache
internal import Platform

/// The rows of one shard, as far as they are decoded; what is decoded does not change. Its memory goes back to the budget with the last reference.
///
/// One without columns holds no rows: they were told of while they were decoded, and there is nothing to copy.
public final class DecodedShard: Sendable {
  public let shard: Int
  public let region: ChargedRegion
  public let columns: [DecodedColumn]
  /// Uncompressed and stored bytes of the shard.
  public let byteCount: Int
  public let storedByteCount: Int

  public init(shard: Int, region: ChargedRegion, columns: [DecodedColumn], byteCount: Int, storedByteCount: Int) {
    self.shard = shard
    self.region = region
    self.columns = columns
    self.byteCount = byteCount
    self.storedByteCount = storedByteCount
  }

  /// The first row that it holds: 0 but for copies of some rows.
  public var firstRow: Int { columns.first?.firstRow ?? 0 }

  /// The same rows as those of the shard `shard` of another numbering.
  func renumbered(_ shard: Int) -> DecodedShard {
    DecodedShard(shard: shard, region: region, columns: columns, byteCount: byteCount, storedByteCount: storedByteCount)
  }

  /// What a copy of so many rows takes.
  public func copyByteCount(rowCount: Int) -> Int { rowCount * columns.reduce(0) { $0 + $1.rowByteCount + ($1.nullsByteOffset == nil ? 0 : 1) } }

  /// The wanted columns of some rows in memory of their own, one column after another, so that the shard's can be used again; nil where the budget has no room,
  /// and of a shard that holds no rows.
  public func copy(rows: Range<Int>, budget: MemoryBudget) -> DecodedShard? {
    guard rows.isEmpty || !columns.isEmpty, let copy = budget.region(byteCount: copyByteCount(rowCount: rows.count)) else { return nil }
    let mapping = region.region
    let bytes = mapping.bytes
    var next = 0
    var copied: [DecodedColumn] = []
    for column in columns {
      func append(_ source: RawSpan) {
        copy.region.withMutableBytes(next..<next + source.byteCount) { $0.copy(source) }
        next += source.byteCount
      }
      let valuesByteOffset = next
      for row in rows {
        let offset = column.byteOffset(ofRow: row, in: bytes)
        append(bytes.extracting(offset..<offset + column.rowByteCount))
      }
      let nullsByteOffset = column.nullsByteOffset.map { _ in next }
      if let nulls = column.nullsByteOffset {
        append(bytes.extracting(nulls + rows.lowerBound - column.firstRow..<nulls + rows.upperBound - column.firstRow))
      }
      copied.append(
        DecodedColumn(
          valuesByteOffset: valuesByteOffset, rowByteCount: column.rowByteCount, firstRow: rows.lowerBound, nullsByteOffset: nullsByteOffset))
    }
    return DecodedShard(shard: shard, region: copy, columns: copied, byteCount: byteCount, storedByteCount: storedByteCount)
  }

  /// The same rows under other numbers: what is row r here is row r + `shift` there.
  func shifted(by shift: Int, shard: Int) -> DecodedShard {
    DecodedShard(shard: shard, region: region, columns: columns.map { $0.shifted(by: shift) }, byteCount: byteCount, storedByteCount: storedByteCount)
  }
}

/// Where the values of one column lie in the decoded bytes: one after another, or wherever a table says. Such a table is in the region too, behind the shard,
/// so that it is charged with it: eight bytes a row, of rows that are decoded only.
public struct DecodedColumn: Sendable {
  /// Where the table of places begins, a multiple of 8; without a table, where the value of `firstRow` begins.
  let beginByteOffset: Int
  let hasTable: Bool
  /// Every value has so many bytes, all inside the region (verified when its place was written).
  public let rowByteCount: Int
  /// The row of the table's first entry, or of the first value.
  public let firstRow: Int
  /// Where one byte a row, from `firstRow` on, says which rows are null (1) or have a null element (2), for columns whose type has no value that could stand for null; nil
  /// where no row is.
  public let nullsByteOffset: Int?

  /// A column whose table of places, to be written by `write`, begins at `tableByteOffset` of the region.
  public init(tableByteOffset: Int, rowByteCount: Int, firstRow: Int = 0) {
    beginByteOffset = tableByteOffset
    hasTable = true
    self.rowByteCount = rowByteCount
    self.firstRow = firstRow
    nullsByteOffset = nil
  }

  /// A column whose values stand one after another from `valuesByteOffset` of the region on.
  public init(valuesByteOffset: Int, rowByteCount: Int, firstRow: Int = 0, nullsByteOffset: Int? = nil) {
    beginByteOffset = valuesByteOffset
    hasTable = false
    self.rowByteCount = rowByteCount
    self.firstRow = firstRow
    self.nullsByteOffset = nullsByteOffset
  }

  private init(_ other: DecodedColumn, firstRow: Int) {
    beginByteOffset = other.beginByteOffset
    hasTable = other.hasTable
    rowByteCount = other.rowByteCount
    nullsByteOffset = other.nullsByteOffset
    self.firstRow = firstRow
  }

  func shifted(by shift: Int) -> DecodedColumn { DecodedColumn(self, firstRow: firstRow + shift) }

  /// Whether the value of a row that is decoded is missing, or an element of it; `bytes` are the region's.
  @inline(__always)
  public func isNull(row: Int, in bytes: RawSpan) -> Bool { null(row: row, in: bytes) != 0 }

  /// Whether it is only an element of the row's array that is missing.
  public func isNullElement(row: Int, in bytes: RawSpan) -> Bool { null(row: row, in: bytes) == 2 }

  /// The byte that says what is missing of the row's value; 0 where nothing is.
  @inline(__always)
  func null(row: Int, in bytes: RawSpan) -> UInt8 {
    guard let nullsByteOffset else { return 0 }
    // Sound: a byte, bounds checked by the span.
    return unsafe bytes.unsafeLoad(fromByteOffset: nullsByteOffset + row - firstRow, as: UInt8.self)
  }

  /// The place of the value of a row that is decoded; `bytes` are the region's.
  @inline(__always)
  public func byteOffset(ofRow row: Int, in bytes: RawSpan) -> Int {
    guard hasTable else { return beginByteOffset + rowByteCount * (row - firstRow) }
    // Sound: a number of eight bytes, bounds checked by the span.
    return unsafe Int(truncatingIfNeeded: bytes.unsafeLoad(fromByteOffset: beginByteOffset + 8 * (row - firstRow), as: UInt64.self))
  }

  /// Writes the places of the rows from `first` on.
  public func write(_ byteOffsets: [UInt64], firstRow first: Int, into region: ChargedRegion) {
    let begin = beginByteOffset + 8 * (first - firstRow)
    let span = byteOffsets.span
    // Sound: numbers as bytes.
    region.region.withMutableBytes(begin..<begin + 8 * byteOffsets.count) { target in
      unsafe target.withUnsafeMutableBytes { target in unsafe span.bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) } }
    }
  }
}
