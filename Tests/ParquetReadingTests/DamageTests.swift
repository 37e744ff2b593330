// Damaged files: an error or the values that were written, never others where there is a checksum; never a trap, never more memory than allowed.

import ByteParsing
import ParquetFormat
import Platform
import Testing

@testable import ParquetReading

@Suite struct DamageTests {
  /// All rows of all columns of a file, in both ways of reading, under a small cap.
  private func read(_ file: TemporaryFile, checksCRC: Bool = true) throws(ParquetReadError) -> [Rows] {
    let rig = Rig(capByteCount: 8 << 20, checksCRC: checksCRC)
    let opened = try ParquetFile(reading: file.path)
    var all: [Rows] = []
    for group in opened.metadata.rowGroups.indices {
      for leaf in opened.metadata.schema.leaves {
        let chunk = try opened.chunk(ChunkNumber(group: group, leaf: leaf.ordinal), shape: leaf.fixedShape)
        guard chunk.rowCount < 10_000 else { throw .noMemory(byteCount: chunk.rowCount) }
        all.append(try rig.rows(0..<chunk.rowCount, of: chunk))
        guard let shape = leaf.fixedShape, case .fixed = leaf.valueType else { continue }
        let rowByteCount = shape.reduce(leaf.elementByteCount, *)
        _ = try rig.fixedRows(0..<chunk.rowCount, of: chunk, rowByteCount: rowByteCount)
        _ = try rig.pageRows(chunk.rowCount / 2..<chunk.rowCount, of: chunk, rowByteCount: rowByteCount)
      }
    }
    return all
  }

  /// The bodies of all pages of a file.
  private func pageBodies(_ bytes: [UInt8], _ file: ParquetFile) throws -> [Range<Int>] {
    var bodies: [Range<Int>] = []
    for group in file.metadata.rowGroups.indices {
      for leaf in file.metadata.schema.leaves {
        let range = try file.metadata.columnChunk(rowGroup: group, leaf: leaf.ordinal).byteRange
        var place = range.lowerBound
        while place < range.upperBound {
          let header = try #require(try ParquetPageHeader.parse(bytes.rawSpan.extracting(place..<range.upperBound), fileByteOffset: place))
          let begin = place + header.headerByteCount
          bodies.append(begin..<begin + header.compressedByteCount)
          place = begin + header.compressedByteCount
        }
      }
    }
    return bodies
  }

  @Test(arguments: ["checksums-v1", "checksums-v2"])
  func everyByteOfAPageWithAChecksumCounts(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let file = try TemporaryFile(bytes)
    let expected = try read(file)
    for body in try pageBodies(bytes, try ParquetFile(reading: file.path)) {
      for place in body {
        try file.write(bytes, changing: place, to: bytes[place] ^ UInt8(1 << (place % 8)))
        #expect(throws: ParquetReadError.self, "byte \(place)") { _ = try read(file) }
      }
    }
    try file.write(bytes)
    #expect(try read(file) == expected)
  }

  /// Footers and headers have no checksum: a change may mean other values. It must not end the program, nor take memory without limit.
  @Test(arguments: ["checksums-v1", "checksums-v2", "no-rows", "int96", "empty-groups"])
  func anyByteMayBeAnother(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let file = try TemporaryFile(bytes)
    _ = try read(file)
    var refused = 0
    for place in bytes.indices {
      for value in [bytes[place] ^ UInt8(1 << (place % 8)), place % 2 == 0 ? 0 : 0xFF] where value != bytes[place] {
        try file.write(bytes, changing: place, to: value)
        if (try? read(file, checksCRC: false)) == nil { refused += 1 }
      }
    }
    #expect(refused > bytes.count / 4)
  }

  @Test(arguments: ["checksums-v1", "int96"])
  func nothingThatIsCutOffIsWhole(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let file = try TemporaryFile(bytes)
    _ = try read(file)
    for count in bytes.indices {
      try file.write(Array(bytes[..<count]))
      #expect(throws: ParquetReadError.self, "\(count) bytes") { _ = try read(file) }
    }
  }

  /// The offset index is a hint that the pages overrule: whatever it says, the values are those of the pages, or there is an error.
  @Test(arguments: ["checksums-v2", "fixed-pages-v2", "fixed-pages-v1", "nested-pages-v1", "long-index-v1", "long-index-v2", "nulls-pages-v1"])
  func aWrongOffsetIndexGivesNoWrongValues(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let file = try TemporaryFile(bytes)
    let original = try ParquetFile(reading: Fixtures.path(name))
    var random = SplitMix(seed: 3)
    var (equal, refused) = (0, 0)
    // A few columns of each file; of their indexes every byte, or some.
    for leaf in original.metadata.schema.leaves where leaf.ordinal % 4 == 0 {
      let number = ChunkNumber(group: 0, leaf: leaf.ordinal)
      let chunk = try original.chunk(number, shape: leaf.fixedShape)
      let expected = try Rig().rows(0..<chunk.rowCount, of: chunk)
      let range = try #require(try original.metadata.columnChunk(rowGroup: 0, leaf: leaf.ordinal).offsetIndexRange)
      for place in range where range.count < 80 || random.integer(below: range.count) < 80 {
        try file.write(bytes, changing: place, to: bytes[place] ^ UInt8(1 << random.integer(below: 8)))
        let rows = random.range(chunk.rowCount)
        guard let damaged = try? ParquetFile(reading: file.path), let other = try? damaged.chunk(number, shape: leaf.fixedShape),
          let found = try? Rig().rows(rows, of: other)
        else {
          refused += 1
          continue
        }
        equal += 1
        #expect(found == expected.slice(rows, of: leaf), "\(name): rows \(rows) of \(leaf.name), byte \(place) of the index")
        guard let shape = leaf.fixedShape, case .fixed = leaf.valueType else { continue }
        let rowByteCount = shape.reduce(leaf.elementByteCount, *)
        let fixed = try Rig().fixedRows(rows, of: chunk, rowByteCount: rowByteCount)
        guard let other = try? Rig().fixedRows(rows, of: other, rowByteCount: rowByteCount) else { continue }
        #expect(other.values == fixed.values && other.nulls == fixed.nulls, "\(name): rows \(rows) of \(leaf.name), byte \(place) of the index")
      }
    }
    #expect(equal > refused)
  }

  /// The same of rows read alone, of lists of any length: only the pages know how many rows they have.
  @Test(arguments: ["nested-pages-v1", "nested-pages-v2"], [0, 4])
  func aWrongFirstRowGivesNoWrongRows(name: String, leaf: Int) throws {
    let bytes = try Fixtures.bytes(name)
    let file = try TemporaryFile(bytes)
    let number = ChunkNumber(group: 0, leaf: leaf)
    let original = try ParquetFile(reading: Fixtures.path(name))
    let chunk = try original.chunk(number)
    let expected = try Rig().rows(0..<chunk.rowCount, of: chunk)
    let range = try #require(try original.metadata.columnChunk(rowGroup: 0, leaf: leaf).offsetIndexRange)
    for place in range.prefix(80) {
      // Numbers are zigzag varints: one row more or less.
      try file.write(bytes, changing: place, to: bytes[place] ^ 2)
      guard let damaged = try? ParquetFile(reading: file.path), let other = try? damaged.chunk(number) else { continue }
      let rig = Rig()
      for row in 0..<chunk.rowCount {
        guard let found = try? rig.rows(row..<row + 1, of: other) else { continue }
        #expect(found == expected.slice(row..<row + 1, of: chunk.leaf), "row \(row), byte \(place) of the index")
      }
    }
  }

  @Test func aWrongChecksumIsAnErrorOnlyWhereItIsCompared() throws {
    let bytes = try Fixtures.bytes("checksums-v1")
    let file = try TemporaryFile(bytes)
    let body = try #require(try pageBodies(bytes, try ParquetFile(reading: file.path)).first)
    let header = try #require(try ParquetPageHeader.parse(bytes.rawSpan.extracting(4..<body.upperBound), fileByteOffset: 4))
    #expect(header.crc != nil)
    // The checksum is four bytes of a varint somewhere in the header: each of its bytes is found by what changes it.
    let places = (4..<body.lowerBound).filter { place in
      var changed = bytes
      changed[place] ^= 1
      guard let other = try? ParquetPageHeader.parse(changed.rawSpan.extracting(4..<body.upperBound), fileByteOffset: 4) else { return false }
      return other.crc != header.crc && other.compressedByteCount == header.compressedByteCount
    }
    let place = try #require(places.first)
    try file.write(bytes, changing: place, to: bytes[place] ^ 1)
    #expect(throws: ParquetReadError.self) { _ = try read(file) }
    #expect(throws: Never.self) { _ = try read(file, checksCRC: false) }
  }

  /// What fuzzing found once, kept: see Fuzzing/.
  @Test func whatFuzzingFound() throws {
    for name in try Folder.names(in: "\(Fixtures.folder)/../parquet-finds") {
      let file = try TemporaryFile(try InputFile.contents(of: "\(Fixtures.folder)/../parquet-finds/\(name)", limit: 1 << 20))
      _ = try? read(file, checksCRC: false)
    }
  }
}
