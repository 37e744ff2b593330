// Damaged footers, page headers and indexes give errors or possible values, and never stop the program.

import ByteParsing
import ParquetFormat
import Testing

@Suite struct DamageTests {
  /// Asks for everything that a footer says.
  private func exhaust(_ metadata: ParquetMetadata) {
    for leaf in metadata.schema.leaves {
      #expect(leaf.lists.count <= leaf.maxDefinitionLevel && leaf.rowLevel <= leaf.maxDefinitionLevel)
      for group in metadata.rowGroups.indices {
        guard let chunk = try? metadata.columnChunk(rowGroup: group, leaf: leaf.ordinal) else { continue }
        #expect(chunk.byteRange.isEmpty || chunk.byteRange.lowerBound >= 4 && chunk.byteRange.upperBound <= metadata.fileByteOffset)
        if let statistics = chunk.statistics {
          _ = leaf.bounds(of: statistics, order: metadata.columnOrder(leaf: leaf.ordinal), writer: metadata.writer)
        }
      }
    }
    for key in metadata.keys { _ = metadata.value(ofKey: key) }
  }

  /// Whether the bytes were refused.
  private func isRefused(_ footer: [UInt8], fileByteOffset: Int) -> Bool {
    do throws(ParquetError) {
      exhaust(try ParquetMetadata(parsing: footer, fileByteOffset: fileByteOffset))
      return false
    } catch {
      #expect(error.byteOffset >= 0 && !"\(error)".isEmpty)
      return true
    }
  }

  @Test(arguments: ["bare", "polars", "duckdb", "fastparquet"])
  func everyByteOfAFooter(name: String) throws {
    let file = try Fixtures.bytes(name + ".parquet")
    let range = try ParquetFooter.locate(tail: file.rawSpan, fileByteCount: file.count)
    let footer = Array(file[range])
    #expect(!isRefused(footer, fileByteOffset: range.lowerBound))
    var refused = 0
    for place in footer.indices {
      // The structure ends with its last byte: nothing shorter is one.
      #expect(isRefused(Array(footer[..<place]), fileByteOffset: range.lowerBound))
      for value in [footer[place] ^ 1, footer[place] ^ 0x80, ~footer[place], 0, 0xFF] where value != footer[place] {
        var damaged = footer
        damaged[place] = value
        if isRefused(damaged, fileByteOffset: range.lowerBound) { refused += 1 }
      }
    }
    #expect(refused > footer.count / 4)
  }

  @Test func everyByteOfPageHeaders() throws {
    for name in ["pages", "duckdb"] {
      let file = try Fixtures.file(name)
      for leaf in 0..<2 {
        let page = try #require(try file.pages(try file.metadata.columnChunk(rowGroup: 0, leaf: leaf)).last)
        let header = Array(file.bytes[page.byteOffset..<page.byteOffset + page.header.headerByteCount])
        for place in header.indices {
          // What is cut off may go on.
          #expect(try ParquetPageHeader.parse(header.rawSpan.extracting(0..<place), fileByteOffset: 0) == nil)
          for value in UInt8.min...UInt8.max {
            var damaged = header
            damaged[place] = value
            guard let found = try? ParquetPageHeader.parse(damaged.rawSpan, fileByteOffset: 7) else { continue }
            #expect(found.headerByteCount <= header.count && found.compressedByteCount >= 0 && found.uncompressedByteCount >= 0)
          }
        }
      }
    }
  }

  @Test func everyByteOfIndexes() throws {
    let file = try Fixtures.file("pages")
    let chunk = try file.metadata.columnChunk(rowGroup: 1, leaf: 0)
    let leaf = file.metadata.schema.leaf(0)
    let (offsetRange, boundsRange) = (try #require(chunk.offsetIndexRange), try #require(chunk.columnIndexRange))
    for place in offsetRange {
      for value in [0, 1, 0x7F, 0xFF, ~file.bytes[place]] as [UInt8] {
        var damaged = Array(file.bytes[offsetRange])
        damaged[place - offsetRange.lowerBound] = value
        guard let index = try? ParquetOffsetIndex(parsing: damaged.rawSpan, fileByteOffset: 0, chunk: chunk, rowCount: 100) else { continue }
        for page in 0..<index.pageCount {
          #expect(index.byteOffsets[page] >= chunk.byteRange.lowerBound && index.byteOffsets[page] + index.byteCounts[page] <= chunk.byteRange.upperBound)
        }
      }
    }
    let pageCount = try ParquetOffsetIndex(
      parsing: file.bytes.rawSpan.extracting(offsetRange), fileByteOffset: 0, chunk: chunk, rowCount: 100
    ).pageCount
    for place in boundsRange {
      for value in [0, 1, 0x7F, 0xFF, ~file.bytes[place]] as [UInt8] {
        var damaged = Array(file.bytes[boundsRange])
        damaged[place - boundsRange.lowerBound] = value
        guard let index = try? ParquetColumnIndex(parsing: damaged.rawSpan, fileByteOffset: 0, pageCount: pageCount) else { continue }
        for page in 0..<pageCount { _ = leaf.bounds(ofPage: page, in: index, order: .typeDefined) }
      }
    }
  }
}
