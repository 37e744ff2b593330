// Where the data pages of a chunk lie and which rows they begin with.

/// Checked: pages lie in the chunk one behind the other, and their rows ascend from 0. Each page begins with a row.
/// That a page holds what is said here is seen only when it is read.
public struct ParquetOffsetIndex: Sendable, Hashable {
  /// Where each page's header begins in the file.
  public let byteOffsets: [Int]
  /// Of each page, with its header.
  public let byteCounts: [Int]
  /// The number in the row group of each page's first row.
  public let firstRows: [Int]

  public var pageCount: Int { byteOffsets.count }

  /// The page with a row of the row group; nil when there are no pages.
  public func page(ofRow row: Int) -> Int? {
    var (low, high) = (0, pageCount)
    while low < high {
      let middle = low + (high - low) / 2
      if firstRows[middle] <= row { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  /// Reads the bytes at a chunk's `offsetIndexRange`.
  /// - Parameter rowCount: of the row group.
  /// - Throws: when the index is damaged or cannot be true; the pages can then still be found by walking their headers.
  public init(parsing bytes: RawSpan, fileByteOffset: Int, chunk: ParquetColumnChunk, rowCount: Int) throws(ParquetError) {
    var reader = ThriftReader(bytes, part: .offsetIndex, fileByteOffset: fileByteOffset)
    var (byteOffsets, byteCounts, firstRows): ([Int], [Int], [Int]) = ([], [], [])
    var hasPages = false
    var end = chunk.byteRange.lowerBound
    var number: Int16 = 0
    while let field = try reader.nextField(after: &number) {
      guard field.number == 1 else {
        try reader.skip(field)
        continue
      }
      guard !hasPages else { throw reader.error(.invalid("page_locations", found: "there twice", expected: "one list"), at: field.byteOffset) }
      hasPages = true
      for page in 0..<(try reader.beginList(field, of: .structure)) {
        let start = reader.byteOffset
        let location = try reader.readPageLocation()
        let isInside = location.byteOffset >= end && location.byteCount <= chunk.byteRange.upperBound - location.byteOffset
        let isNext = page == 0 ? location.firstRow == 0 : location.firstRow > firstRows[page - 1]
        guard isInside, isNext, location.firstRow < rowCount else {
          throw reader.error(
            .invalid(
              "page \(page)", found: "\(location.byteCount) bytes at \(location.byteOffset) from row \(location.firstRow) on",
              expected: "bytes in \(end)..<\(chunk.byteRange.upperBound), a row after the last page's and before \(rowCount)"), at: start)
        }
        end = location.byteOffset + location.byteCount
        byteOffsets.append(location.byteOffset)
        byteCounts.append(location.byteCount)
        firstRows.append(location.firstRow)
      }
    }
    guard hasPages else { throw reader.error(.missingField("page_locations"), at: 0) }
    guard !byteOffsets.isEmpty || rowCount == 0 else {
      throw reader.error(.invalid("page_locations", found: "empty", expected: "pages of \(rowCount) rows"), at: 0)
    }
    self.byteOffsets = byteOffsets
    self.byteCounts = byteCounts
    self.firstRows = firstRows
  }
}

extension ThriftReader {
  /// Reads a `PageLocation`; its numbers are not negative, and its bytes have at least one.
  @_lifetime(self: copy self)
  fileprivate mutating func readPageLocation() throws(ParquetError) -> (byteOffset: Int, byteCount: Int, firstRow: Int) {
    let start = self.byteOffset
    var (pageOffset, byteCount, firstRow): (Int?, Int32?, Int?)
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      switch field.number {
      case 1: pageOffset = try readInt64(field)
      case 2: byteCount = try readInt32(field)
      case 3: firstRow = try readInt64(field)
      default: try skip(field)
      }
    }
    guard let pageOffset, let byteCount, let firstRow else { throw error(.missingField("a field of PageLocation"), at: start) }
    guard pageOffset >= 0, byteCount > 0, firstRow >= 0 else {
      throw error(.invalid("a page", found: "\(byteCount) bytes at \(pageOffset) from row \(firstRow) on", expected: "no negative numbers"), at: start)
    }
    return (pageOffset, Int(byteCount), firstRow)
  }
}
