// The metadata of files of four writers, against what pyarrow reads of them.

import NumPyFormat
import ParquetFormat
import Testing

@Suite struct FixtureTests {
  @Test(arguments: Fixtures.names)
  func filesAreDescribed(name: String) throws {
    let metadata = try Fixtures.file(name).metadata
    let line = try Fixtures.lines(name, "file")[0]
    #expect([metadata.rowCount, metadata.rowGroups.count, metadata.schema.leafCount].map(String.init) == Array(line[..<3]))
    #expect(metadata.createdBy == line[3])
    var firstRow = 0
    for group in metadata.rowGroups {
      #expect(group.firstRow == firstRow && group.totalByteCount > 0)
      firstRow += group.rowCount
    }
    #expect(firstRow == metadata.rowCount && !metadata.hasEncryption)
  }

  @Test(arguments: Fixtures.names)
  func leavesHaveNamesLevelsAndTypes(name: String) throws {
    let leaves = try Fixtures.file(name).metadata.schema.leaves
    for line in try Fixtures.lines(name, "leaf") {
      let leaf = leaves[try #require(Int(line[0]))]
      let type =
        switch leaf.valueType {
        case .fixed(let type, _): type.descriptor
        case .bytes(let isText): isText ? "text" : "bytes"
        case .unreadable(let reason): reason
        }
      let shape = leaf.fixedShape.map { $0.map(String.init).joined(separator: ",") } ?? "ragged"
      let found = [
        "\(leaf.ordinal)", leaf.name, leaf.path.joined(separator: "."), leaf.physicalType.name, "\(leaf.maxDefinitionLevel)", "\(leaf.maxRepetitionLevel)",
        type,
        shape,
      ]
      #expect(found == line)
    }
  }

  @Test(arguments: Fixtures.names)
  func chunksAreDescribed(name: String) throws {
    let metadata = try Fixtures.file(name).metadata
    for line in try Fixtures.lines(name, "chunk") {
      let leaf = metadata.schema.leaf(try #require(Int(line[1])))
      let chunk = try metadata.columnChunk(rowGroup: try #require(Int(line[0])), leaf: leaf.ordinal)
      let dictionary = try #require(Int(line[8]))
      #expect(chunk.codec.name == line[2] && chunk.encodings.map(\.name).sorted().joined(separator: ",") == line[3])
      #expect("\(chunk.valueCount)" == line[4] && "\(chunk.totalCompressedByteCount)" == line[5] && "\(chunk.totalUncompressedByteCount)" == line[6])
      #expect("\(chunk.dataPageByteOffset)" == line[7])
      #expect(chunk.byteRange.lowerBound == (dictionary > 0 ? min(dictionary, chunk.dataPageByteOffset) : chunk.dataPageByteOffset))
      #expect(chunk.byteRange.count == chunk.totalCompressedByteCount && (chunk.offsetIndexRange != nil) == (line[9] == "1"))
      #expect(chunk.statistics?.nullCount.map(String.init) ?? "-" == line[10])
      guard line[11] != "-" else { continue }
      let statistics = try #require(chunk.statistics)
      let bounds = leaf.bounds(of: statistics, order: metadata.columnOrder(leaf: leaf.ordinal), writer: metadata.writer)
      #expect(try isSame(bounds.minimum, line[11]) && isSame(bounds.maximum, line[12]), "\(leaf.name): \(bounds) is not \(line[11]) to \(line[12])")
    }
  }

  private func isSame(_ bound: ParquetBound?, _ text: String) throws -> Bool {
    switch bound {
    case .integer(let value): text == "integer:\(value)"
    case .unsigned(let value): text == "integer:\(value)"
    case .real(let value): text.hasPrefix("real:") && Double(text.dropFirst(5)) == value
    case .wide(let value): text == "integer:\(value.reversed().reduce(value.last ?? 0 >= 0x80 ? -1 : 0 as Int128) { $0 << 8 | Int128($1) })"
    case .bytes(let value): text == "bytes:" + value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    case nil: text == "-"
    }
  }

  @Test(arguments: Fixtures.names)
  func pagesHoldAllValues(name: String) throws {
    let file = try Fixtures.file(name)
    for group in file.metadata.rowGroups.indices {
      for leaf in 0..<file.metadata.schema.leafCount {
        let chunk = try file.metadata.columnChunk(rowGroup: group, leaf: leaf)
        var (values, uncompressed) = (0, 0)
        for (index, page) in try file.pages(chunk).enumerated() {
          uncompressed += page.header.headerByteCount + page.header.uncompressedByteCount
          switch page.header.kind {
          case .data(let data):
            #expect(chunk.encodings.contains(data.encoding) && data.definitionLevelEncoding == .rle)
            values += data.valueCount
          case .dataV2(let data):
            #expect(chunk.encodings.contains(data.encoding))
            values += data.valueCount
          case .dictionary: #expect(index == 0)
          case .index, .unknown: Issue.record("no other pages were written")
          }
        }
        #expect(values == chunk.valueCount && uncompressed == chunk.totalUncompressedByteCount)
      }
    }
  }

  @Test func levelsTellNullsFromEmptyLists() throws {
    let schema = try Fixtures.file("nested").metadata.schema
    func leaf(_ name: String) throws -> ParquetLeaf { try #require(schema.leaves.first { $0.name == name }) }
    // optional list of optional integers: 0 null, 1 empty, 2 null element, 3 element.
    let list = try leaf("l")
    #expect(list.lists.map(\.existsLevel) == [1] && list.lists.map(\.elementLevel) == [2] && list.rowLevel == 1)
    #expect(list.isNullable && list.elementIsNullable && list.fixedShape == nil && list.lists[0].fixedCount == nil)
    // optional structure, optional list, optional structure, optional list.
    let deep = try leaf("ls.y")
    #expect(deep.lists.map(\.existsLevel) == [1, 4] && deep.rowLevel == 1 && deep.elementIsNullable)
    // Within an optional structure the list may be missing at level 0 or 1.
    let inner = try leaf("sf.v")
    #expect(inner.lists.map(\.existsLevel) == [2] && inner.rowLevel == 2 && inner.isNullable && inner.lists[0].fixedCount == 2)
    let key = try leaf("m.key")
    #expect(!key.elementIsNullable && key.isNullable)
    let required = try Fixtures.file("pages").metadata.schema.leaf(1)
    #expect(!required.isNullable && !required.elementIsNullable && required.lists == [ParquetListLevel(existsLevel: 0, fixedCount: 4)])
  }

  @Test func conversionsAreNamed() throws {
    let leaves = try Fixtures.file("types").metadata.schema.leaves
    let conversions = Dictionary(uniqueKeysWithValues: leaves.map { ($0.name, $0.valueType) })
    #expect(conversions["bool"] == .fixed(.bool, .bits) && conversions["i8"] == .fixed(.int8, .narrowInt32) && conversions["u32"] == .fixed(.uint32, .copy))
    #expect(conversions["date"] == .fixed(.datetime64(.days), .widenInt32) && conversions["t_s"] == .fixed(.timedelta64(.milliseconds), .widenInt32))
    #expect(conversions["dec5"] == .fixed(.int64, .bigEndianInteger) && conversions["dec19"] == .fixed(.void(byteCount: 16), .bigEndianInteger))
    #expect(try Fixtures.file("duckdb").metadata.schema.leaves.first { $0.name == "d9" }?.valueType == .fixed(.int64, .widenInt32))
    #expect(try Fixtures.file("fastparquet").metadata.schema.leaf(2).valueType == .fixed(.datetime64(.nanoseconds), .int96ToNanoseconds))
  }

  @Test func keyValuesAreKept() throws {
    let metadata = try Fixtures.file("fastparquet").metadata
    #expect(metadata.keys.contains("pandas"))
    #expect(try #require(metadata.value(ofKey: "pandas")).hasPrefix("{"))
    #expect(metadata.value(ofKey: "panda") == nil)
  }
}
