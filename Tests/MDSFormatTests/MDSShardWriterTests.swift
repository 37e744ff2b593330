// What is written reads back, and is what mosaicml-streaming writes.

import MDSFormat
import NumPyFormat
import Testing

struct MDSShardWriterTests {
  /// The first samples of the data set `raw`, in the order of its columns.
  static func samples() throws -> (columns: [MDSColumn], samples: [[[UInt8]]]) {
    let index = try Fixtures.index("raw")
    var samples: [[[UInt8]]] = []
    for ordinal in 0..<index.shardCount {
      let entry = index.shard(ordinal)
      let raw = try Fixtures.shard("raw", entry)
      let layout = try Fixtures.layout(raw, sampleCount: entry.sampleCount, entry.columns)
      for sample in 0..<entry.sampleCount { samples.append(try entry.columns.indices.map { Array(raw[try layout.range(sample, $0, raw)]) }) }
    }
    return (index.schemas[0].columns, samples)
  }

  @Test func shardsAreAsTheFixturesBytes() throws {
    let (columns, samples) = try Self.samples()
    var writer = try MDSShardWriter(columns: columns, sizeLimit: 8192)
    var shards: [MDSWrittenShard] = []
    for sample in samples { if let shard = try writer.append(sample) { shards.append(shard) } }
    if let shard = try writer.finishShard() { shards.append(shard) }
    #expect(try writer.finishShard() == nil)
    #expect(shards.map(\.basename) == ["shard.00000.mds", "shard.00001.mds"])
    for shard in shards {
      // The fixtures have another hash beside this one, which their own text says.
      let fixture = try Fixtures.bytes("raw/\(shard.basename)")
      let first = Int(fixture[4]) | Int(fixture[5]) << 8
      let own = Int(shard.bytes[4]) | Int(shard.bytes[5]) << 8
      #expect(Array(shard.bytes[own...]) == Array(fixture[first...]))
      let entries = 4 * (Int(fixture[0]) + 2)
      let text = String(decoding: fixture[entries..<first], as: UTF8.self)
      #expect(String(decoding: shard.bytes[entries..<own], as: UTF8.self) == text.replacing(#"["sha1", "xxh64"]"#, with: #"["xxh64"]"#))
    }
  }

  @Test(arguments: [nil, 3])
  func whatIsWrittenReadsBack(level: Int?) throws {
    let columns = [
      MDSColumn(name: "a\"é", encoding: .bytes, fixedByteCount: nil), MDSColumn(name: "b", encoding: .shapedArray(.int16, shape: [2, 3]), fixedByteCount: 12),
    ]
    var writer = try MDSShardWriter(columns: columns, compressionLevel: level, sizeLimit: 1000)
    var shards: [MDSWrittenShard] = []
    let samples: [[[UInt8]]] = (0..<50).map { n in [[UInt8](repeating: UInt8(n), count: n == 30 ? 5000 : n), [UInt8](repeating: UInt8(n), count: 12)] }
    for sample in samples { if let shard = try writer.append(sample) { shards.append(shard) } }
    if let shard = try writer.finishShard() { shards.append(shard) }
    let index = try Fixtures.index(of: writer.indexBytes())
    #expect(index.shardCount == shards.count && index.sampleCount == 50 && shards.count > 3)
    #expect(index.schemas == [MDSSchema(columns: columns)])
    var found: [[[UInt8]]] = []
    for (ordinal, shard) in shards.enumerated() {
      let entry = index.shard(ordinal)
      #expect(entry.file.basename == shard.basename && entry.file.byteCount == shard.bytes.count)
      #expect((entry.stored != nil) == (level != nil) && entry.raw.byteCount <= 1000 || entry.sampleCount == 1)
      let raw = try Fixtures.raw(shard.bytes, entry)
      let layout = try Fixtures.layout(raw, sampleCount: entry.sampleCount, entry.columns)
      for sample in 0..<entry.sampleCount { found.append(try (0..<2).map { Array(raw[try layout.range(sample, $0, raw)]) }) }
    }
    #expect(found == samples)
  }

  @Test func samplesMustFitTheirColumns() throws {
    let columns = [MDSColumn(name: "x", encoding: .int, fixedByteCount: 8)]
    var writer = try MDSShardWriter(columns: columns)
    #expect(throws: MDSError.fieldCount(found: 2, expected: 1)) { try writer.append([[1], [2]]) }
    #expect(throws: MDSError.fieldByteCount(sample: 0, column: "x", byteOffset: 0, found: 1, expected: 8)) { try writer.append([[1]]) }
    #expect(throws: MDSError.columnsNotSorted) { try MDSShardWriter(columns: columns + columns) }
  }
}
