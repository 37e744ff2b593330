// The data sets of Tests/Fixtures, against the values that NumPy wrote beside them.

import Checksums
import Compression
import MDSFormat
import NumPyFormat
import Testing

struct MDSFixtureTests {
  @Test(arguments: ["raw", "zstd", "gz", "bz2", "br", "snappy"])
  func readsBytesAndNumbers(folder: String) throws {
    #expect(try Fixtures.column(folder, "features", byteCount: 320) == Fixtures.elements("features"))
    #expect(try Fixtures.column(folder, "id", byteCount: 8) == Fixtures.elements("id"))
  }

  @Test func readsCompressedAndUncompressedIndexes() throws {
    let (raw, zstd) = (try Fixtures.index("raw"), try Fixtures.index("zstd"))
    #expect(raw.sampleCount == 40 && zstd.sampleCount == 40 && raw.shardCount == 2 && zstd.shardCount == 2)
    let entry = zstd.shard(1)
    #expect(entry.codec == .zstd && entry.raw.basename == "shard.00001.mds" && entry.stored?.basename == "shard.00001.mds.zstd")
    #expect(entry.file.hashes.map(\.algorithm) == [.sha1, .xxh64])
    #expect(zstd.storedByteCount(ofShard: 1) == entry.stored?.byteCount && zstd.rawByteCount(ofShard: 1) == entry.raw.byteCount)
    #expect(raw.shard(0).stored == nil && raw.shard(0).codec == Codec.none && raw.storedByteCount(ofShard: 0) == raw.rawByteCount(ofShard: 0))
    #expect(raw.rawByteCount == raw.shard(0).raw.byteCount + raw.shard(1).raw.byteCount)
    #expect(
      raw.shard(0).columns.columns == [
        MDSColumn(name: "features", encoding: .bytes, fixedByteCount: nil), MDSColumn(name: "id", encoding: .int, fixedByteCount: 8),
        MDSColumn(name: "name", encoding: .string, fixedByteCount: nil),
      ])
  }

  @Test func readsTexts() throws {
    let index = try Fixtures.index("zstd")
    let entry = index.shard(0)
    let raw = try Fixtures.shard("zstd", entry)
    let layout = try Fixtures.layout(raw, sampleCount: entry.sampleCount, entry.columns)
    let column = try #require(entry.columns.index(named: "name"))
    let names = try (0..<4).map { String(decoding: raw[try layout.range($0, column, raw)], as: UTF8.self) }
    #expect(names == ["track-1-0", "track-1-1é", "track-1-2éé", "track-1-3"])
  }

  /// Every column whose encoding has a fixed shape.
  @Test func readsEveryFixedColumn() throws {
    let schema = try Fixtures.index("columns").shard(0).columns
    var found = 0
    for column in schema {
      guard let (elementType, shape) = column.encoding.fixedArray else { continue }
      let byteCount = try #require(ArrayShape.byteCount(shape, elementType: elementType))
      #expect(column.fixedByteCount == byteCount)
      #expect(try Fixtures.column("columns", column.name, byteCount: byteCount) == Fixtures.elements("columns.\(column.name)"))
      found += 1
    }
    #expect(found == 13)
    #expect(try Fixtures.column("columns", "unknown", byteCount: 16) == Fixtures.elements("columns.unknown"))
    #expect(schema[try #require(schema.index(named: "unknown"))].encoding == .unknown("complex128"))
  }

  @Test(arguments: [("typed", ElementType.float32, [4]), ("bare", .uint8, [300, 1]), ("fixed", .int16, [2, 3]), ("float64", .float64, [])])
  func readsArraysOfADeclaredShape(name: String, elementType: ElementType, shape: [Int]) throws {
    let index = try Fixtures.index("columns")
    var values: [UInt8] = []
    for ordinal in 0..<index.shardCount {
      let entry = index.shard(ordinal)
      let raw = try Fixtures.shard("columns", entry)
      let layout = try Fixtures.layout(raw, sampleCount: entry.sampleCount, entry.columns)
      let column = try #require(entry.columns.index(named: name))
      let byteCount = try #require(ArrayShape.byteCount(shape, elementType: elementType))
      let span = raw.span
      for offset in try layout.arrayOffsets(column: column, elementType: elementType, shape: shape, in: unsafe span.bytes) {
        values += raw[Int(offset)..<Int(offset) + byteCount]
      }
    }
    #expect(try values == Fixtures.elements("columns.\(name)"))
  }

  @Test(arguments: [
    ("ragged", ElementType.uint16, [3], 1, ElementType.uint16, [1]), ("bare", .uint8, [1, 300], 0, .uint8, [300, 1]),
    ("bare", .int8, [300, 1], 0, .uint8, [300, 1]),
    ("typed", .int32, [4], 0, .float32, [4]), ("typed", .float32, [2, 2], 0, .float32, [4]),
  ])
  func arraysOfAnotherShapeAreNamed(name: String, elementType: ElementType, shape: [Int], sample: Int, foundType: ElementType, foundShape: [Int]) throws {
    let entry = try Fixtures.index("columns").shard(0)
    let raw = try Fixtures.shard("columns", entry)
    let layout = try Fixtures.layout(raw, sampleCount: entry.sampleCount, entry.columns)
    let column = try #require(entry.columns.index(named: name))
    let start = try layout.range(sample, column, raw).lowerBound
    let error = #expect(throws: MDSError.self) {
      let span = raw.span
      _ = try layout.arrayOffsets(column: column, elementType: elementType, shape: shape, in: unsafe span.bytes)
    }
    let fault = MDSError.arrayType(found: foundType, foundShape: foundShape, expected: elementType, expectedShape: shape)
    #expect(error == .field(sample: sample, column: name, byteOffset: start, fault))
  }

  @Test func readsTheFoldersOfWorkers() throws {
    let values = try ["workers/worker_00", "workers/worker_01"].flatMap { try Fixtures.column($0, "features", byteCount: 320) }
    #expect(try values == Fixtures.elements("workers.features"))
  }
}
