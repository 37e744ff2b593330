// Offset and column indexes, against the pages themselves.

import ByteParsing
import ParquetFormat
import Testing

@Suite struct PageIndexTests {
  private static func index(
    _ file: ParquetFile, _ group: Int, _ leaf: Int
  ) throws -> (chunk: ParquetColumnChunk, offsets: ParquetOffsetIndex, bounds: ParquetColumnIndex) {
    let chunk = try file.metadata.columnChunk(rowGroup: group, leaf: leaf)
    let (offsetRange, boundsRange) = (try #require(chunk.offsetIndexRange), try #require(chunk.columnIndexRange))
    let offsets = try ParquetOffsetIndex(
      parsing: file.bytes.rawSpan.extracting(offsetRange), fileByteOffset: offsetRange.lowerBound, chunk: chunk,
      rowCount: file.metadata.rowGroups[group].rowCount)
    let bounds = try ParquetColumnIndex(
      parsing: file.bytes.rawSpan.extracting(boundsRange), fileByteOffset: boundsRange.lowerBound, pageCount: offsets.pageCount)
    return (chunk, offsets, bounds)
  }

  @Test(arguments: 0..<3, 0..<2)
  func placesAreThoseOfThePages(group: Int, leaf: Int) throws {
    let file = try Fixtures.file("pages")
    let (chunk, offsets, _) = try Self.index(file, group, leaf)
    var row = 0
    var page = 0
    for (byteOffset, header) in try file.pages(chunk) {
      guard case .dataV2(let data) = header.kind else { continue }
      #expect(offsets.byteOffsets[page] == byteOffset && offsets.byteCounts[page] == header.headerByteCount + header.compressedByteCount)
      #expect(offsets.firstRows[page] == row && header.crc != nil && data.nullCount == 0 && !data.isCompressed)
      #expect(leaf == 0 || data.repetitionLevelsByteCount > 0)
      row += data.rowCount
      page += 1
    }
    #expect(page == offsets.pageCount && page > 1 && row == 100)
    for row in 0..<100 {
      let found = try #require(offsets.page(ofRow: row))
      #expect(offsets.firstRows[found] <= row && (found + 1 == page || offsets.firstRows[found + 1] > row))
    }
  }

  /// Row i of the column is i.
  @Test func boundsAreThoseOfTheRows() throws {
    let file = try Fixtures.file("pages")
    let leaf = file.metadata.schema.leaf(0)
    for group in 0..<3 {
      let (_, offsets, bounds) = try Self.index(file, group, 0)
      for page in 0..<offsets.pageCount {
        let first = file.metadata.rowGroups[group].firstRow + offsets.firstRows[page]
        let last = file.metadata.rowGroups[group].firstRow + (page + 1 < offsets.pageCount ? offsets.firstRows[page + 1] : 100) - 1
        let found = leaf.bounds(ofPage: page, in: bounds, order: file.metadata.columnOrder(leaf: 0))
        #expect(found == ParquetBounds(minimum: .integer(Int64(first)), maximum: .integer(Int64(last))))
        #expect(!bounds.nullPages[page] && bounds.nullCounts?[page] == 0)
      }
    }
  }

  @Test func polarsWritesThemToo() throws {
    let file = try Fixtures.file("polars")
    for leaf in 0..<file.metadata.schema.leafCount { #expect(try Self.index(file, 0, leaf).offsets.firstRows == [0]) }
  }

  @Test func sizesAreRead() throws {
    let chunk = try Fixtures.file("nested").metadata.columnChunk(rowGroup: 0, leaf: 0)
    // [[1, 2], null, []]
    #expect(chunk.sizeStatistics?.definitionLevelCounts == [1, 1, 0, 2] && chunk.sizeStatistics?.repetitionLevelCounts == [3, 1])
  }

  @Test func placesOutsideTheChunkAreRefused() throws {
    let file = try Fixtures.file("pages")
    let (chunk, _, _) = try Self.index(file, 0, 0)
    let (other, _, _) = try Self.index(file, 1, 0)
    let range = try #require(chunk.offsetIndexRange)
    #expect(throws: ParquetError.self) {
      try ParquetOffsetIndex(parsing: file.bytes.rawSpan.extracting(range), fileByteOffset: range.lowerBound, chunk: other, rowCount: 100)
    }
    #expect(throws: ParquetError.self) {
      try ParquetOffsetIndex(parsing: file.bytes.rawSpan.extracting(range), fileByteOffset: range.lowerBound, chunk: chunk, rowCount: 50)
    }
    let boundsRange = try #require(chunk.columnIndexRange)
    #expect(throws: ParquetError.self) {
      try ParquetColumnIndex(parsing: file.bytes.rawSpan.extracting(boundsRange), fileByteOffset: boundsRange.lowerBound, pageCount: 1)
    }
  }
}
