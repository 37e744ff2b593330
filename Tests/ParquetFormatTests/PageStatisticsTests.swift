// A page index is believed where nothing contradicts it, and not where something does.

import ByteParsing
import Testing

@testable import ParquetFormat

@Suite struct PageStatisticsTests {
  /// The fields of a column index, to be written with a lie.
  private struct Draft {
    var nullPages: [Bool]
    var minimums: [[UInt8]]
    var maximums: [[UInt8]]
    var order: Int? = 1
    var nullCounts: [Int]?

    var bytes: [UInt8] {
      ThriftBuilder.structure { index in
        index.list(1, type: 1, nullPages.map { [$0 ? 1 : 2] })
        index.list(2, type: 8, minimums.map { ThriftBuilder.varint(UInt64($0.count)) + $0 })
        index.list(3, type: 8, maximums.map { ThriftBuilder.varint(UInt64($0.count)) + $0 })
        if let order { index.i32(4, order) }
        if let nullCounts { index.list(5, type: 6, nullCounts.map(ThriftBuilder.zigzag)) }
      }
    }
  }

  private let file: ParquetFile
  private let chunk: ParquetColumnChunk
  private let offsets: ParquetOffsetIndex
  private let honest: Draft

  /// Row i of the column is i; its pages have several rows.
  init() throws {
    let file = try Fixtures.file("pages")
    let chunk = try file.metadata.columnChunk(rowGroup: 0, leaf: 0)
    let (places, values) = (try #require(chunk.offsetIndexRange), try #require(chunk.columnIndexRange))
    let found = try ParquetOffsetIndex(parsing: file.bytes.rawSpan.extracting(places), fileByteOffset: 0, chunk: chunk, rowCount: 100)
    let index = try ParquetColumnIndex(parsing: file.bytes.rawSpan.extracting(values), fileByteOffset: 0, pageCount: found.pageCount)
    let pages = 0..<found.pageCount
    self.file = file
    self.chunk = chunk
    offsets = found
    honest = Draft(
      nullPages: index.nullPages, minimums: pages.map { Array(index.minimums[$0]) }, maximums: pages.map { Array(index.maximums[$0]) },
      nullCounts: index.nullCounts)
  }

  private func statistics(_ draft: Draft, offsets: ParquetOffsetIndex? = nil) throws -> ParquetPageStatistics? {
    let index = try ParquetColumnIndex(parsing: draft.bytes.rawSpan, fileByteOffset: 0, pageCount: self.offsets.pageCount)
    return ParquetPageStatistics(
      leaf: file.metadata.schema.leaf(0), chunk: chunk, offsets: offsets ?? self.offsets, index: index, rowCount: 100,
      order: file.metadata.columnOrder(leaf: 0), writer: file.metadata.writer)
  }

  private func isBelieved(_ lie: (inout Draft) -> Void) throws -> Bool {
    var draft = honest
    lie(&draft)
    return try statistics(draft) != nil
  }

  @Test func anHonestIndexIsBelieved() throws {
    let found = try #require(try statistics(honest))
    #expect(found.pageCount == offsets.pageCount && found.rows(ofPage: found.pageCount - 1).upperBound == 100)
    for row in 0..<100 {
      let page = found.page(ofRow: row)
      #expect(found.rows(ofPage: page).contains(row))
      #expect(found.bounds(ofPage: page).minimum == .integer(Int64(found.rows(ofPage: page).lowerBound)))
      #expect(found.nullCount(ofPage: page) == 0)
    }
    #expect(try isBelieved { $0.order = nil })
    #expect(try isBelieved { $0.nullCounts = nil })
  }

  @Test func contradictionsAreNot() throws {
    let width = honest.minimums[0].count
    func value(_ number: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    let last = honest.minimums.count - 1
    // Bounds the wrong way round, of another length, outside the footer's, in another order, and such as leave out the footer's.
    #expect(try !isBelieved { ($0.minimums[1], $0.maximums[1]) = ($0.maximums[1], $0.minimums[1]) })
    #expect(try !isBelieved { $0.minimums[1].removeLast() })
    #expect(try !isBelieved { $0.maximums[1].append(0) })
    #expect(try !isBelieved { $0.maximums[last] = value(100) })
    #expect(try !isBelieved { $0.minimums[0] = value(-1) })
    #expect(try !isBelieved { $0.order = 2 })
    #expect(try !isBelieved { $0.minimums[1] = value(0) } || !isBelieved { $0.minimums[2] = value(0) })
    #expect(try !isBelieved { $0.minimums[0] = value(1) })
    #expect(try !isBelieved { $0.maximums[last] = value(98) })
    // More nulls than rows, than there are in all, or none at all where all are.
    #expect(try !isBelieved { $0.nullCounts?[0] = -1 })
    #expect(try !isBelieved { $0.nullCounts?[0] = 1 })
    #expect(try !isBelieved { $0.nullCounts?[0] = .max })
    #expect(try !isBelieved { $0.nullPages[1] = true })
    #expect(
      try !isBelieved {
        $0.nullPages[1] = true
        $0.nullCounts = nil
      })
  }

  @Test func listsOfAnotherLengthAreRefused() {
    #expect(throws: ParquetError.self) { try isBelieved { $0.nullPages.append(false) } }
    #expect(throws: ParquetError.self) { try isBelieved { $0.minimums.removeLast() } }
    #expect(throws: ParquetError.self) { try isBelieved { $0.maximums.append([]) } }
    #expect(throws: ParquetError.self) { try isBelieved { $0.nullCounts?.append(0) } }
  }

  /// An index without the second page, whose rows it gives to the first.
  @Test func placesThatLeaveOutAPageAreNot() throws {
    let pages = (0..<offsets.pageCount).filter { $0 != 1 }
    let bytes = ThriftBuilder.structure { index in
      index.list(
        1, type: 12,
        pages.map { page in
          ThriftBuilder.structure { place in
            place.i64(1, offsets.byteOffsets[page])
            place.i32(2, offsets.byteCounts[page])
            place.i64(3, offsets.firstRows[page])
          }
        })
    }
    let fewer = try ParquetOffsetIndex(parsing: bytes.rawSpan, fileByteOffset: 0, chunk: chunk, rowCount: 100)
    var draft = honest
    draft.nullPages.remove(at: 1)
    draft.minimums.remove(at: 1)
    draft.maximums.remove(at: 1)
    draft.nullCounts?.remove(at: 1)
    let index = try ParquetColumnIndex(parsing: draft.bytes.rawSpan, fileByteOffset: 0, pageCount: pages.count)
    let found = ParquetPageStatistics(
      leaf: file.metadata.schema.leaf(0), chunk: chunk, offsets: fewer, index: index, rowCount: 100, order: file.metadata.columnOrder(leaf: 0),
      writer: file.metadata.writer)
    #expect(found == nil)
  }

  /// What the footer says of encodings, and whether all values are in the dictionary: PLAIN may be the dictionary's own.
  @Test func encodingsTellOfDictionaries() {
    func isInDictionary(_ encodings: [ParquetEncoding], ofDataPages: [ParquetEncoding]? = nil, type: ParquetPhysicalType = .int32) -> Bool? {
      ParquetColumnChunk(
        codec: chunk.codec, encodings: encodings, dataPageEncodings: ofDataPages, valueCount: 1, totalUncompressedByteCount: 0, totalCompressedByteCount: 0,
        byteRange: 4..<5, dataPageByteOffset: 4, statistics: nil, sizeStatistics: nil, offsetIndexRange: nil, columnIndexRange: nil
      ).hasOnlyDictionaryPages(of: type)
    }
    #expect(isInDictionary([.plain, .rle, .rleDictionary], ofDataPages: [.rleDictionary]) == true)
    #expect(isInDictionary([.plain, .rle, .rleDictionary], ofDataPages: [.rleDictionary, .plain]) == false)
    #expect(isInDictionary([.plainDictionary], ofDataPages: [.unknown(-1)]) == false)
    #expect(isInDictionary([.plainDictionary, .rle, .bitPacked]) == true)
    #expect(isInDictionary([.rleDictionary]) == true)
    #expect(isInDictionary([.plain, .rle, .rleDictionary]) == nil)
    #expect(isInDictionary([.plain, .rle, .rleDictionary], ofDataPages: []) == nil)
    #expect(isInDictionary([.rleDictionary, .deltaBinaryPacked]) == false)
    #expect(isInDictionary([.plain, .rle]) == false)
    #expect(isInDictionary([.rleDictionary, .rle], type: .boolean) == false)
  }
}
