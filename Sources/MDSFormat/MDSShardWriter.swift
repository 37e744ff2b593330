// Writes shards and their index, byte for byte as mosaicml-streaming does.

internal import ByteParsing
internal import Checksums
internal import Compression
internal import JSONParsing

/// Packs samples into shards; the caller writes the files.
///
///     if let shard = try writer.append(sample) { write(shard) }
///     ...
///     if let shard = try writer.finishShard() { write(shard) }
///     write("index.json", writer.indexBytes())
public struct MDSShardWriter: Sendable {
  /// The limit of mosaicml-streaming's writer: 64 MiB.
  public static let defaultSizeLimit = 1 << 26

  public let columns: [MDSColumn]
  private let compressionLevel: Int?
  private let sizeLimit: Int
  private let header: MDSShardHeader
  private var samples: [UInt8] = []
  /// Where each sample of the shard in hand ends, in `samples`.
  private var ends: [Int] = []
  private var entries: [[UInt8]] = []

  /// `columns` must be sorted by name, by code points, each name once; a `fixedByteCount` where the encoding has one.
  /// `compressionLevel`: of zstd, nil for none. `sizeLimit`: the bytes of an uncompressed shard, which only a single larger sample exceeds.
  public init(columns: [MDSColumn], compressionLevel: Int? = nil, sizeLimit: Int = defaultSizeLimit) throws(MDSError) {
    for (previous, next) in zip(columns, columns.dropFirst()) where !previous.name.unicodeScalars.lexicographicallyPrecedes(next.name.unicodeScalars) {
      throw .columnsNotSorted
    }
    self.columns = columns
    self.compressionLevel = compressionLevel
    self.sizeLimit = sizeLimit
    header = MDSShardHeader(columns: columns, compression: compressionLevel.map { "zstd:\($0)" }, sizeLimit: sizeLimit)
  }

  /// Adds a sample, its fields' bytes in the order of the columns. Answers the shard before it when that became full.
  public mutating func append(_ fields: [[UInt8]]) throws(MDSError) -> MDSWrittenShard? {
    guard fields.count == columns.count else { throw .fieldCount(found: fields.count, expected: columns.count) }
    var byteCount = 0
    for (place, column) in columns.enumerated() {
      let found = fields[place].count
      if let expected = column.fixedByteCount, found != expected {
        throw .fieldByteCount(sample: ends.count, column: column.name, byteOffset: samples.count, found: found, expected: expected)
      }
      guard found <= Int(UInt32.max) else { throw .shardTooLong(found: found, limit: Int(UInt32.max)) }
      byteCount += found + (column.fixedByteCount == nil ? 4 : 0)
    }
    let isFull = !ends.isEmpty && byteCountWithHeader(sampleCount: ends.count + 1, samples.count + byteCount) > sizeLimit
    let shard = isFull ? try finishShard() : nil
    for (place, column) in columns.enumerated() where column.fixedByteCount == nil { appendUInt32(fields[place].count, to: &samples) }
    for field in fields { samples += field }
    ends.append(samples.count)
    return shard
  }

  /// The shard of the samples not yet handed out, nil when there are none.
  public mutating func finishShard() throws(MDSError) -> MDSWrittenShard? {
    guard !ends.isEmpty else { return nil }
    let raw = try rawBytes()
    let ordinal = String(entries.count)
    let basename = "shard.\(String(repeating: "0", count: max(0, 5 - ordinal.utf8.count)))\(ordinal).mds"
    var stored: [UInt8]?
    if let compressionLevel {
      do throws(CompressionError) { stored = try ZstdCompressor.compress(raw.rawSpan, level: compressionLevel) } catch { throw .compressionFailed(error) }
    }
    let rawFile = try file(basename, raw)
    let storedFile = try stored.map { bytes throws(MDSError) in try file(basename + ".zstd", bytes) }
    entries.append(header.indexEntry(sampleCount: ends.count, raw: rawFile, stored: storedFile))
    samples.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    return MDSWrittenShard(basename: (storedFile ?? rawFile).basename, bytes: stored ?? raw)
  }

  /// The index of the shards handed out so far: the content of `index.json`.
  public func indexBytes() -> [UInt8] {
    var writer = JSONWriter(spacing: .python)
    writer.beginObject()
    writer.key("shards")
    writer.beginArray()
    for entry in entries { writer.rawValue(entry) }
    writer.endArray()
    writer.key("version")
    writer.integer(2)
    writer.endObject()
    return writer.bytes
  }

  private func rawBytes() throws(MDSError) -> [UInt8] {
    let total = byteCountWithHeader(sampleCount: ends.count, samples.count)
    guard total <= Int(UInt32.max) else { throw .shardTooLong(found: total, limit: Int(UInt32.max)) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(total)
    appendUInt32(ends.count, to: &bytes)
    let start = total - samples.count
    appendUInt32(start, to: &bytes)
    for end in ends { appendUInt32(start + end, to: &bytes) }
    bytes += header.bytes
    bytes += samples
    return bytes
  }

  private func byteCountWithHeader(sampleCount: Int, _ samplesByteCount: Int) -> Int { 4 + 4 * (sampleCount + 1) + header.bytes.count + samplesByteCount }

  private func appendUInt32(_ value: Int, to bytes: inout [UInt8]) {
    for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  private func file(_ basename: String, _ bytes: [UInt8]) throws(MDSError) -> MDSFileEntry {
    do throws(ChecksumError) {
      let digest = try HashAlgorithm.xxh64.digest(of: bytes.rawSpan)
      return MDSFileEntry(basename: basename, byteCount: bytes.count, hashes: [MDSHash(algorithm: .xxh64, digest: digest)])
    } catch { throw .hashFailed(error) }
  }
}

/// One file to be written.
public struct MDSWrittenShard: Sendable {
  public let basename: String
  public let bytes: [UInt8]
}
