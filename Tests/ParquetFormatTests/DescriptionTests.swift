// Columns, bounds and pages in words.

import ParquetFormat
import Testing

@Suite struct DescriptionTests {
  private func leaf(_ type: Int, length: Int? = nil, converted: Int? = nil, scale: Int? = nil) throws -> ParquetLeaf {
    var column = Element(name: "x", type: type, typeLength: length, converted: converted)
    if let scale {
      column.logical = 5
      column.logicalFields = { fields in
        fields.i32(1, scale)
        fields.i32(2, 18)
      }
    }
    return try ParquetMetadata(parsing: footer([column]), fileByteOffset: 4).schema.leaf(0)
  }

  /// As `str(numpy.datetime64(count, unit))` has it.
  @Test(
    arguments: [
      (0, "1970-01-01"), (-1, "1969-12-31"), (19_782, "2024-02-29"), (19_783, "2024-03-01"), (-719_528, "0000-01-01"), (-719_529, "-0001-12-31"),
      (11_016, "2000-02-29"),
      (-25_509, "1900-02-28"), (-25_508, "1900-03-01"), (2_932_896, "9999-12-31"),
    ] as [(Int64, String)])
  func dates(day: Int64, text: String) throws {
    #expect(try leaf(1, converted: 6).text(of: .integer(day)) == text)
  }

  @Test func moments() throws {
    let milliseconds = try leaf(2, converted: 9)
    #expect(milliseconds.text(of: .integer(-1)) == "1969-12-31T23:59:59.999" && milliseconds.text(of: .integer(1_704_067_200_123)) == "2024-01-01T00:00:00.123")
    let microseconds = try leaf(2, converted: 10)
    #expect(microseconds.text(of: .integer(86_399_000_001)) == "1970-01-01T23:59:59.000001")
    // Only has to be said somehow.
    for extreme in [Int64.min, .max] { #expect(!microseconds.text(of: .integer(extreme)).isEmpty) }
    #expect(try !leaf(1, converted: 6).text(of: .integer(.max)).isEmpty && !leaf(1, converted: 6).text(of: .integer(.min)).isEmpty)
  }

  @Test(
    arguments: [
      (0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (12_345, 2, "123.45"), (7, 0, "7"), (-123, 3, "-0.123"), (7, -2, "7e2"),
      (Int64.min, 4, "-922337203685477.5808"),
    ] as [(Int64, Int, String)])
  func decimals(value: Int64, scale: Int, text: String) throws {
    #expect(try leaf(2, scale: scale).text(of: .integer(value)) == text)
  }

  @Test func longDecimals() throws {
    func text(_ bytes: [UInt8], _ scale: Int) throws -> String { try leaf(2, scale: scale).text(of: .wide(bytes)) }
    #expect(try text([UInt8](repeating: 0, count: 16), 2) == "0.00" && text([UInt8](repeating: 0xFF, count: 32), 1) == "-0.1")
    #expect(try text([UInt8](repeating: 0, count: 15) + [0x80], 0) == "-170141183460469231731687303715884105728")
    #expect(try text([UInt8](repeating: 0xFF, count: 15) + [0x7F], 3) == "170141183460469231731687303715884105.727")
  }

  @Test func others() throws {
    #expect(try leaf(6, converted: 0).text(of: .bytes(Array("a\né".utf8))) == "\"a\u{FFFD}é\"")
    #expect(try leaf(6, converted: 0).text(of: .bytes(Array(repeating: 65, count: 30))) == "\"\(String(repeating: "A", count: 24))...\"")
    #expect(try leaf(6).text(of: .bytes([0, 0xAB])) == "0x00ab")
    #expect(try leaf(4).text(of: .real(-0.0)) == "0.0" && leaf(4).text(of: .real(Double(Float(0.1)))) == "0.1" && leaf(5).text(of: .real(-.infinity)) == "-inf")
    #expect(try leaf(0).text(of: .integer(1)) == "true" && leaf(2, converted: 14).text(of: .unsigned(.max)) == "18446744073709551615")
    #expect(try leaf(7, length: 12, converted: 21).storedDescription == "FIXED_LEN_BYTE_ARRAY(12) INTERVAL")
    #expect(try leaf(7, length: 12, converted: 21).arrayDescription == "|V12" && leaf(2, converted: 0).arrayDescription.hasPrefix("not readable: "))
    let nested = try Fixtures.file("nested").metadata.schema.leaves
    #expect(nested.first { $0.name == "l2" }?.arrayDescription == "lists of lists of text")
    #expect(nested.first { $0.name == "tensor" }?.arrayDescription == "float32 [2, 3]")
  }

  @Test func pagesAreCounted() throws {
    let file = try Fixtures.file("pages")
    var all = ParquetPageSummary()
    for group in 0..<3 {
      var summary = ParquetPageSummary()
      for page in try file.pages(try file.metadata.columnChunk(rowGroup: group, leaf: 0)) { summary.add(page.header) }
      #expect(summary.valueCount == 100 && summary.dictionaryPageCount == 1 && summary.dataPageCount == 0 && summary.checksumCount == summary.pageCount)
      #expect(summary.encodings.map(\.encoding) == [.rleDictionary] && summary.encodings[0].pageCount == summary.dataPageV2Count)
      all.add(summary)
    }
    #expect(all.valueCount == 300 && all.dictionaryPageCount == 3 && all.largestByteCount == 800 && all.otherPageCount == 0)
  }
}
