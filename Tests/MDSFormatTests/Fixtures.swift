// The files of Tests/Fixtures, and what tests do with bytes.

import Checksums
import Compression
import Glibc
import MDSFormat
import Testing

enum Fixtures {
  static func bytes(_ path: String) throws -> [UInt8] {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    // Sound: the stream is open between fopen and fclose, and reads go into live arrays.
    guard let file = unsafe fopen("/\(folder)/Fixtures/mds/\(path)", "rb") else { throw MissingFixture(path: path) }
    defer { unsafe _ = fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&piece, 1, piece.count, file)
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }

  static func index(_ folder: String) throws -> MDSIndex { try index(of: bytes("\(folder)/index.json")) }

  static func index(of bytes: [UInt8]) throws -> MDSIndex {
    let span = bytes.span
    // Sound, here and below: bytes of bytes.
    return try MDSIndex(parsing: unsafe span.bytes)
  }

  static func index(of text: String) throws -> MDSIndex { try index(of: Array(text.utf8)) }

  /// The raw bytes of a shard, its hashes checked.
  static func shard(_ folder: String, _ entry: MDSShardEntry) throws -> [UInt8] {
    let file = try bytes("\(folder)/\(entry.file.basename)")
    return try raw(file, entry)
  }

  /// The raw bytes of a shard's file, their hashes checked.
  static func raw(_ file: [UInt8], _ entry: MDSShardEntry) throws -> [UInt8] {
    #expect(file.count == entry.file.byteCount)
    try check(file, entry.file)
    guard entry.stored != nil else { return file }
    var raw = [UInt8](repeating: 0, count: entry.raw.byteCount)
    let span = file.span
    var target = raw.mutableSpan
    var output = unsafe target.mutableBytes
    try Decompressor().decompress(unsafe span.bytes, codec: entry.codec, filling: &output)
    try check(raw, entry.raw)
    return raw
  }

  private static func check(_ bytes: [UInt8], _ file: MDSFileEntry) throws {
    #expect(!file.hashes.isEmpty)
    for hash in file.hashes {
      let span = bytes.span
      let found = try hash.algorithm.digest(of: unsafe span.bytes)
      #expect(found == hash.digest)
    }
  }

  /// The elements of a `.npy` file whose header has 128 bytes.
  static func elements(_ name: String) throws -> [UInt8] { Array(try bytes("expected/\(name).npy")[128...]) }

  static func layout(_ bytes: [UInt8], sampleCount: Int, _ schema: MDSSchema) throws -> MDSShardLayout {
    let span = bytes.span
    return try MDSShardLayout(parsing: unsafe span.bytes, sampleCount: sampleCount, schema: schema)
  }

  /// One column of a data set of fixed shape, all shards one after another.
  static func column(_ folder: String, _ name: String, byteCount: Int) throws -> [UInt8] {
    let index = try index(folder)
    var values: [UInt8] = []
    for ordinal in 0..<index.shardCount {
      let entry = index.shard(ordinal)
      let column = try #require(entry.columns.index(named: name))
      let raw = try shard(folder, entry)
      let layout = try layout(raw, sampleCount: entry.sampleCount, entry.columns)
      for offset in try layout.offsets(column, byteCount, raw) { values += raw[Int(offset)..<Int(offset) + byteCount] }
    }
    return values
  }
}

struct MissingFixture: Error { var path: String }

extension MDSShardLayout {
  func offsets(_ column: Int, _ byteCount: Int, _ bytes: [UInt8]) throws -> [UInt64] {
    let span = bytes.span
    return try fieldOffsets(column: column, byteCount: byteCount, in: unsafe span.bytes)
  }

  func range(_ sample: Int, _ column: Int, _ bytes: [UInt8]) throws -> Range<Int> {
    let span = bytes.span
    return try fieldRange(sample: sample, column: column, in: unsafe span.bytes)
  }
}
