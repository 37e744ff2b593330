// Rows of every kind of column are what pyarrow reads, whole and in parts.

import NumPyFormat
import ParquetFormat
import Testing

@testable import ParquetReading

@Suite struct RowTests {
  @Test func thereAreFixtures() { #expect(Fixtures.names.count >= 40) }

  @Test(arguments: Fixtures.names)
  func allRowsEqualPyarrows(name: String) throws {
    let rig = Rig()
    let file = try ParquetFile(reading: Fixtures.path(name))
    let expected = try Fixtures.expected(name)
    #expect(expected.count == file.metadata.rowGroups.count * file.metadata.schema.leaves.count)
    for (number, parts) in expected {
      let chunk = try file.chunk(number)
      let found = try rig.rows(0..<chunk.rowCount, of: chunk).parts
      let comment = Comment(rawValue: "\(name): \(chunk.leaf.name) of row group \(number.group)")
      #expect(found.keys.sorted() == parts.keys.sorted(), comment)
      for (part, bytes) in found { #expect(try ExpectedPart(bytes) == parts[part], "\(name): \(chunk.leaf.name) of row group \(number.group), \(part)") }
    }
  }

  /// Rows [a, b) are the same slice of all rows, wherever they are read from, in whatever order.
  @Test(arguments: Fixtures.names)
  func anyRowsAreASliceOfAll(name: String) throws {
    let rig = Rig()
    let file = try ParquetFile(reading: Fixtures.path(name))
    var random = SplitMix(seed: 7)
    for leaf in file.metadata.schema.leaves {
      for group in file.metadata.rowGroups.indices {
        let chunk = try file.chunk(ChunkNumber(group: group, leaf: leaf.ordinal))
        let all = try rig.rows(0..<chunk.rowCount, of: chunk)
        for _ in 0..<6 {
          let range = random.range(chunk.rowCount)
          #expect(try rig.rows(range, of: chunk) == all.slice(range, of: leaf), "\(name): rows \(range) of \(leaf.name)")
        }
      }
    }
  }

  /// Columns of fixed shape come the same way out of both readers of fixed rows.
  @Test(arguments: Fixtures.names)
  func fixedRowsAreTheSameElements(name: String) throws {
    let rig = Rig()
    let file = try ParquetFile(reading: Fixtures.path(name))
    var random = SplitMix(seed: 11)
    for leaf in file.metadata.schema.leaves {
      guard let shape = leaf.fixedShape, case .fixed(let type, _) = leaf.valueType else { continue }
      let perRow = shape.reduce(1, *)
      for group in file.metadata.rowGroups.indices {
        let chunk = try file.chunk(ChunkNumber(group: group, leaf: leaf.ordinal), shape: shape)
        let (values, nulls, elements) = expectedFixed(try rig.rows(0..<chunk.rowCount, of: chunk), chunk, perRow: perRow, type)
        let rowByteCount = perRow * type.byteCount
        for attempt in 0..<5 {
          let range = attempt == 0 ? 0..<chunk.rowCount : random.range(chunk.rowCount)
          let comment = Comment(rawValue: "\(name): rows \(range) of \(leaf.name)")
          let wanted = Array(values[range.lowerBound * rowByteCount..<range.upperBound * rowByteCount])
          let found = try rig.fixedRows(range, of: chunk, rowByteCount: rowByteCount)
          #expect(found.values == wanted, comment)
          #expect(found.nulls ?? Array(repeating: 0, count: range.count) == Array(nulls[range]), comment)
          let marks = leaf.lists.map { _ in rig.reader.nullMarks() }
          let told = try rig.fixedRows(range, of: chunk, rowByteCount: rowByteCount, levelNulls: marks)
          #expect(told.values == wanted, comment)
          if let marks = marks.last {
            #expect(told.nulls ?? Array(repeating: 0, count: range.count) == nulls[range].map { $0 == 1 ? 1 : 0 }, comment)
            let wantedElements = Array(elements[range.lowerBound * perRow..<range.upperBound * perRow])
            let found = try marks.withBytes { (bytes) throws(ParquetReadError) in Rig.copy(bytes) }
            #expect(found == (wantedElements.contains(1) ? wantedElements : []), comment)
          }
          guard let pages = try rig.pageRows(range, of: chunk, rowByteCount: rowByteCount) else { continue }
          #expect(pages.values == wanted, comment)
          // Nulls are told only where no value stands for them.
          if !type.hasNullValue { #expect(pages.nulls == Array(nulls[range]), comment) }
        }
      }
    }
  }

  /// What `fixedRows` is to write, from rows of any length: a null row's elements are null ones, and a row with null elements that no value stands for is marked with 2.
  private func expectedFixed(_ rows: Rows, _ chunk: ParquetChunk, perRow: Int, _ type: ElementType) -> (values: [UInt8], nulls: [UInt8], elements: [UInt8]) {
    let rowByteCount = perRow * type.byteCount
    var (values, nulls, elements, next): ([UInt8], [UInt8], [UInt8], Int) = ([], [], [], 0)
    let isFlat = chunk.leaf.lists.isEmpty
    for row in 0..<chunk.rowCount {
      var null: UInt8 = rows.nulls[0]?[row] ?? 0
      if null == 1 && !isFlat {
        for _ in 0..<perRow { values += NullPattern.bytes(type) }
        elements += Array(repeating: 1, count: perRow)
      } else {
        values += rows.values[next * rowByteCount..<(next + 1) * rowByteCount]
        let own =
          isFlat ? [null] : rows.nulls[chunk.leaf.lists.count].map { Array($0[next * perRow..<(next + 1) * perRow]) } ?? Array(repeating: 0, count: perRow)
        elements += own
        if !isFlat, !type.hasNullValue, own.contains(1) { null = 2 }
        next += 1
      }
      nulls.append(null)
    }
    return (values, nulls, elements)
  }

  @Test func aTimeBeyondNanosecondsIsRefused() throws {
    let file = try ParquetFile(reading: Fixtures.path("int96-beyond"))
    let chunk = try file.chunk(ChunkNumber(group: 0, leaf: 0), shape: [])
    let rig = Rig()
    #expect(throws: ParquetReadError.self) { _ = try rig.rows(0..<3, of: chunk) }
    #expect(throws: ParquetReadError.self) { _ = try rig.fixedRows(0..<3, of: chunk, rowByteCount: 8) }
  }

  @Test func listsOfAnotherLengthThanDeclaredAreRefused() throws {
    let file = try ParquetFile(reading: Fixtures.path("fixed-pages-v1"))
    let rig = Rig()
    for leaf in file.metadata.schema.leaves where ["ragged", "plain", "v7", "rows"].contains(leaf.name) {
      for length in [1, 3, 6, 9, 14] {
        let chunk = try file.chunk(ChunkNumber(group: 0, leaf: leaf.ordinal), shape: [length])
        #expect(throws: ParquetReadError.self, "\(leaf.name) as \(length)") {
          _ = try rig.fixedRows(0..<chunk.rowCount, of: chunk, rowByteCount: length * leaf.elementByteCount)
        }
      }
    }
  }

  /// An empty list takes a slot, as a list of one element does: it must not become a null one.
  @Test(arguments: ["f", "e", "ll"])
  func anEmptyListIsNoListOfOne(name: String) throws {
    let file = try ParquetFile(reading: Fixtures.path("ones"))
    let leaf = try #require(file.metadata.schema.leaves.first { $0.name == name })
    let chunk = try file.chunk(ChunkNumber(group: 0, leaf: leaf.ordinal), shape: name == "ll" ? [1, 1] : [1])
    let rig = Rig()
    #expect(try rig.fixedRows(0..<1, of: chunk, rowByteCount: 4).values.count == 4)
    #expect(throws: ParquetReadError.self) { _ = try rig.fixedRows(0..<4, of: chunk, rowByteCount: 4) }
    // Nor is it used where it lies: where lists in lists may be null that is known before.
    #expect((try? rig.pageRows(0..<4, of: chunk, rowByteCount: 4)) == nil)
  }

  /// A declared shape with as many axes as there are lists says the length of each.
  @Test(arguments: ["grid", "holes"])
  func listsOfListsAreOfTheDeclaredShape(name: String) throws {
    let file = try ParquetFile(reading: Fixtures.path("ones"))
    let number = ChunkNumber(group: 0, leaf: try #require(file.metadata.schema.leaves.first { $0.name == name }).ordinal)
    let found = try Rig().fixedRows(0..<4, of: try file.chunk(number, shape: [2, 3]), rowByteCount: 12)
    let rows = [0, 1, 2, 3].map { k in name == "holes" && k == 2 ? [UInt8](repeating: 0, count: 12) : [k, 0, 1, 0, 2, 0, 3, 0, 4, 0, k, 0] as [UInt8] }
    #expect(found.values == rows.flatMap { $0 } && (found.nulls ?? [0, 0, 0, 0]) == (name == "holes" ? [0, 0, 1, 0] : [0, 0, 0, 0]))
    // One axis says nothing of the inner lists, so that rows of other lengths could not be told.
    for shape in [[3, 2], [1, 6], [6, 1], [6]] {
      let other = try file.chunk(number, shape: shape)
      #expect(throws: ParquetReadError.self, "\(shape)") { _ = try Rig().fixedRows(0..<4, of: other, rowByteCount: 12) }
    }
  }

  @Test func aNullListOfOneIsANullRow() throws {
    let file = try ParquetFile(reading: Fixtures.path("ones"))
    let leaf = try #require(file.metadata.schema.leaves.first { $0.name == "i" })
    let chunk = try file.chunk(ChunkNumber(group: 0, leaf: leaf.ordinal), shape: [1])
    let found = try Rig().fixedRows(0..<4, of: chunk, rowByteCount: 4)
    #expect(found.values == [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])
    // An element is null in the last row, and no integer says so.
    #expect(found.nulls == [0, 1, 0, 2])
  }
}

/// Steele, Lea and Flood's SplitMix64.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func integer(below bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// A range of `count` things, short ones and empty ones too.
  mutating func range(_ count: Int) -> Range<Int> {
    let begin = integer(below: count + 1)
    return begin..<begin + integer(below: min(count - begin, integer(below: 4) == 0 ? count : 20) + 1)
  }
}
