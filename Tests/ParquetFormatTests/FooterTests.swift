// The frame of a file, and footers made by hand.

import ByteParsing
import ParquetFormat
import Testing

@Suite struct FooterTests {
  private static let magic = Array("PAR1".utf8)

  private func locate(_ file: [UInt8]) throws -> Range<Int> { try ParquetFooter.locate(tail: file.rawSpan, fileByteCount: file.count) }

  @Test func framesAreChecked() throws {
    let file = Self.magic + [1, 2, 3] + [9, 9] + [2, 0, 0, 0] + Self.magic
    #expect(try locate(file) == 7..<9)
    #expect(try ParquetFooter.locate(tail: file.rawSpan.extracting(last: 8), fileByteCount: 1_000_000) == 999_990..<999_992)
    try ParquetFooter.checkHead(file.rawSpan)
    for count in 0..<12 { #expect(throws: ParquetError.self) { try locate(Array(file[..<count])) } }
    #expect(throws: ParquetError.self) { try locate(Self.magic + Self.magic + Self.magic) }
    for length in [0, 6, 8, 0xFFFF_FFFF] as [UInt32] {
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      #expect(throws: ParquetError.self) { try locate(Array(file[..<9]) + bytes + Self.magic) }
    }
    #expect(throws: ParquetError(.frame, byteOffset: 13, .encryptedFooter)) { try locate(Array(file[..<13]) + Array("PARE".utf8)) }
    #expect(throws: ParquetError(.frame, byteOffset: 13, .notParquet(found: Array("PAR2".utf8)))) { try locate(Array(file[..<13]) + Array("PAR2".utf8)) }
    #expect(throws: ParquetError.self) { try ParquetFooter.checkHead(file.rawSpan.extracting(0..<3)) }
    #expect(throws: ParquetError.self) { try ParquetFooter.checkHead(Array("PK34".utf8).rawSpan) }
  }

  /// A footer with one column and one row group.
  private func oneChunk(
    rows: Int = 10, total: Int = 10, createdBy: String = "", columns: [Element] = [.column("x")], chunks: Int = 1, path: [String] = ["x"],
    chunk: (inout ThriftBuilder) -> Void = { _ in }, metadata: (inout ThriftBuilder) -> Void = { _ in },
    _ places: (compressed: Int, dataPage: Int, dictionary: Int?) = (100, 4, nil), values: Int = 10, type: Int = 1, codec: Int = 1
  ) throws -> ParquetMetadata {
    let chunkBytes = ThriftBuilder.structure { built in
      built.i64(2, 0)
      built.structure(3) { inner in
        inner.i32(1, type)
        inner.list(2, type: 5, [ThriftBuilder.zigzag(0), ThriftBuilder.zigzag(77)])
        inner.list(3, type: 8, path.map { ThriftBuilder.varint(UInt64($0.utf8.count)) + Array($0.utf8) })
        inner.i32(4, codec)
        inner.i64(5, values)
        inner.i64(6, 200)
        inner.i64(7, places.compressed)
        inner.i64(9, places.dataPage)
        if let dictionary = places.dictionary { inner.i64(11, dictionary) }
        metadata(&inner)
      }
      chunk(&built)
    }
    let group = ThriftBuilder.structure { group in
      group.list(1, type: 12, Array(repeating: chunkBytes, count: chunks))
      group.i64(2, 200)
      group.i64(3, rows)
    }
    let bytes = ThriftBuilder.structure { footer in
      footer.i32(1, 2)
      footer.list(2, type: 12, Element.group("schema", nil, columns).flat.map(\.bytes))
      footer.i64(3, total)
      footer.list(4, type: 12, [group])
      footer.string(6, createdBy)
    }
    return try ParquetMetadata(parsing: bytes, fileByteOffset: 1000)
  }

  @Test func chunksLieWhereTheirPagesAre() throws {
    let plain = try oneChunk().columnChunk(rowGroup: 0, leaf: 0)
    #expect(plain.byteRange == 4..<104 && plain.encodings == [.plain, .unknown(77)] && plain.codec == .snappy && plain.statistics == nil)
    #expect(try oneChunk((100, 50, 20)).columnChunk(rowGroup: 0, leaf: 0).byteRange == 20..<120)
    // 0 means that there is no dictionary; one behind the data page is none either.
    #expect(try oneChunk((100, 50, 0)).columnChunk(rowGroup: 0, leaf: 0).byteRange == 50..<150)
    #expect(try oneChunk((100, 50, 60)).columnChunk(rowGroup: 0, leaf: 0).byteRange == 50..<150)
    #expect(try oneChunk((996, 4, nil)).columnChunk(rowGroup: 0, leaf: 0).byteRange == 4..<1000)
    #expect(try oneChunk(codec: 99).columnChunk(rowGroup: 0, leaf: 0).codec == .unknown(99))
    // PARQUET-816: the dictionary's header is not counted.
    #expect(try oneChunk(createdBy: "parquet-mr version 1.2.8").columnChunk(rowGroup: 0, leaf: 0).byteRange == 4..<204)
    #expect(try oneChunk(createdBy: "parquet-mr version 1.2.8", (990, 4, nil)).columnChunk(rowGroup: 0, leaf: 0).byteRange == 4..<1000)
    // Without values it may be anywhere.
    #expect(try oneChunk(rows: 0, total: 0, (14, 0, 4), values: 0).columnChunk(rowGroup: 0, leaf: 0).byteRange.isEmpty)
  }

  @Test func impossibleChunksAreRefusedWhenTheyAreUsed() throws {
    let bad = [
      try oneChunk((997, 4, nil)), try oneChunk((100, 3, nil)), try oneChunk((100, 0, nil)), try oneChunk((100, 1001, nil)), try oneChunk((-1, 4, nil)),
      try oneChunk((.max, 4, nil)), try oneChunk((100, .max, nil)), try oneChunk((100, .min, nil)), try oneChunk(values: 9), try oneChunk(values: -10),
      try oneChunk(path: ["y"]), try oneChunk(path: ["x", "x"]), try oneChunk(path: []), try oneChunk(type: 2), try oneChunk(type: 44),
      try oneChunk(chunk: { $0.structure(8) { $0.structure(1) { _ in } } }), try oneChunk(chunk: { $0.binary(9, [1, 2]) }),
    ]
    for metadata in bad { #expect(throws: ParquetError.self) { try metadata.columnChunk(rowGroup: 0, leaf: 0) } }
  }

  @Test func countsMustAgree() throws {
    #expect(try oneChunk(total: 0).rowCount == 10)
    #expect(throws: ParquetError.self) { try oneChunk(total: 11) }
    #expect(throws: ParquetError.self) { try oneChunk(rows: -10, total: -10) }
    #expect(try oneChunk(rows: ParquetMetadata.rowLimit, total: 0).rowCount == ParquetMetadata.rowLimit)
    for rows in [ParquetMetadata.rowLimit + 1, 1 << 48, .max] { #expect(throws: ParquetError.self) { try oneChunk(rows: rows, total: 0) } }
    #expect(throws: ParquetError.self) { try oneChunk(chunks: 2) }
    #expect(throws: ParquetError.self) { try oneChunk(columns: [.column("x"), .column("y")]) }
    #expect(try oneChunk(columns: [.column("x", 2)], values: 3).columnChunk(rowGroup: 0, leaf: 0).valueCount == 3)
  }

  @Test func indexesThatCannotBeAreLeftOut() throws {
    func range(_ offset: Int, _ count: Int) throws -> Range<Int>? {
      try oneChunk(chunk: {
        $0.i64(4, offset)
        $0.i32(5, count)
      }).columnChunk(rowGroup: 0, leaf: 0).offsetIndexRange
    }
    #expect(try range(900, 100) == 900..<1000)
    for (offset, count) in [(900, 101), (0, 5), (900, 0), (900, -1), (.max, 5), (-5, 10)] { #expect(try range(offset, count) == nil) }
  }

  @Test func fieldsOfTheFutureArePassedOver() throws {
    let nest: (Int) -> [UInt8] = { depth in
      (0..<depth).reduce([0]) { inner, _ in [0x1C] + inner + [0] }
    }
    func parse(_ more: @escaping (inout ThriftBuilder) -> Void) throws -> Int {
      try ParquetMetadata(parsing: footer([.column("x")], more), fileByteOffset: 4).schema.leafCount
    }
    #expect(
      try parse { footer in
        footer.raw(40, type: 10, [0x2B, 1, 0x88, 1, 65, 1, 66, 0])  // a set of maps of binary
        footer.raw(41, type: 7, [1, 2, 3, 4, 5, 6, 7, 8])
        footer.raw(42, type: 13, Array(repeating: 7, count: 16))
        footer.raw(43, type: 9, [0x31, 1, 2, 1])
        footer.boolean(44, true)
        footer.raw(45, type: 11, [0])
        footer.raw(46, type: 12, nest(60))
        footer.raw(32_767, type: 8, [3, 1, 2, 3])
      } == 1)
    #expect(throws: ParquetError.self) { try parse { $0.raw(46, type: 12, nest(70)) } }
    #expect(throws: ParquetError.self) { try parse { $0.raw(46, type: 9, Array(repeating: 0x19, count: 100) + [0x03]) } }
    #expect(throws: ParquetError.self) { try parse { $0.raw(46, type: 14) } }
    #expect(throws: ParquetError.self) { try parse { $0.raw(46, type: 6, Array(repeating: 0xFF, count: 10) + [1]) } }
    #expect(throws: ParquetError.self) { try parse { $0.raw(46, type: 9, [0xF3] + ThriftBuilder.varint(1 << 40)) } }
    #expect(throws: ParquetError.self) { try parse { $0.raw(46, type: 11, ThriftBuilder.varint(1 << 62) + [0x33]) } }
    #expect(throws: ParquetError.self) { try parse { $0.raw(46, type: 8, ThriftBuilder.varint(.max)) } }
    // The number of a field beyond 16 bits.
    #expect(throws: ParquetError.self) { try ParquetMetadata(parsing: [0x05, 0xFE, 0xFF, 0x03, 0x02, 0x15, 0x02], fileByteOffset: 4) }
  }

  @Test func requiredFieldsAreRequired() throws {
    for missing in 1...4 {
      let bytes = ThriftBuilder.structure { footer in
        if missing != 1 { footer.i32(1, 1) }
        if missing != 2 { footer.list(2, type: 12, Element.group("schema", nil, []).flat.map(\.bytes)) }
        if missing != 3 { footer.i64(3, 0) }
        if missing != 4 { footer.list(4, type: 12, []) }
      }
      #expect(throws: ParquetError.self) { try ParquetMetadata(parsing: bytes, fileByteOffset: 4) }
    }
    #expect(throws: ParquetError(.footer, byteOffset: 4, .endOfData(needed: 1, remaining: 0))) { try ParquetMetadata(parsing: [], fileByteOffset: 4) }
    // A field of another type than it has.
    #expect(throws: ParquetError.self) { try ParquetMetadata(parsing: ThriftBuilder.structure { $0.i64(1, 1) }, fileByteOffset: 4) }
  }
}
