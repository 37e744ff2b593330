// The table of shards of one folder, as index.json gives it, in about 140 bytes a shard.

internal import Checksums
public import Compression

/// The shards of one `index.json`, in its order.
///
/// Texts and digests lie in two pools and shards in one table of plain numbers; what a caller wants to see is made when it is asked for.
public struct MDSIndex: Sendable {
  /// More shards than any dataset has; a limit for damaged files.
  public static let maximumShardCount = 50_000_000

  /// The samples of all shards.
  public internal(set) var sampleCount = 0
  /// The bytes of all shards, uncompressed.
  public internal(set) var rawByteCount = 0
  /// The hashes left out because their names are not known, over all files.
  public internal(set) var unknownHashCount = 0

  var records: [Record] = []
  /// The second files of the shards, for indexes with shards that have one; then one a shard.
  var metaRecords: [Record] = []
  /// UTF-8. The name of a compressed file usually begins with that of the raw one, and then shares its bytes.
  var namePool: [UInt8] = []
  var digestPool: [UInt8] = []
  /// Every schema that occurs, once.
  public internal(set) var schemas: [MDSSchema] = []
  /// Every list of hashes that a file has, once.
  var hashLists: [[HashAlgorithm]] = []

  init() {}

  /// One shard, or its second file, 48 bytes.
  struct Record: Sendable {
    var rawByteCount: Int
    /// 0 where there is no compressed file.
    var storedByteCount: Int
    var sampleCount: UInt32
    var rawNameStart: UInt32
    var storedNameStart: UInt32
    /// The digests of the raw file, then those of the compressed one.
    var digestStart: UInt32
    var rawNameByteCount: UInt16
    /// 0 where there is no compressed file.
    var storedNameByteCount: UInt16
    var schema: UInt16
    var rawHashList: UInt16
    var storedHashList: UInt16
    var codec: Codec

    /// Of a shard without a second file.
    static var none: Record {
      Record(
        rawByteCount: 0, storedByteCount: 0, sampleCount: 0, rawNameStart: 0, storedNameStart: 0, digestStart: 0, rawNameByteCount: 0, storedNameByteCount: 0,
        schema: 0, rawHashList: 0, storedHashList: 0, codec: .none)
    }
  }

  public var shardCount: Int { records.count }

  /// - Precondition: `ordinal` is one of a shard: 0 to `shardCount` - 1; so also below.
  public func shard(_ ordinal: Int) -> MDSShardEntry {
    let record = records[ordinal]
    let columns = schemas[Int(record.schema)]
    let meta = columns.rows == .joint || ordinal >= metaRecords.count ? nil : file(metaRecords[ordinal])
    return MDSShardEntry(sampleCount: Int(record.sampleCount), data: file(record), meta: meta, columns: columns)
  }

  private func file(_ record: Record) -> MDSStoredFile {
    let rawHashes = hashLists[Int(record.rawHashList)]
    let raw = MDSFileEntry(
      basename: name(record.rawNameStart, record.rawNameByteCount), byteCount: record.rawByteCount,
      hashes: hashes(rawHashes, from: Int(record.digestStart)))
    var stored: MDSFileEntry?
    if record.storedNameByteCount > 0 {
      let start = Int(record.digestStart) + rawHashes.reduce(0) { $0 + $1.digestByteCount }
      stored = MDSFileEntry(
        basename: name(record.storedNameStart, record.storedNameByteCount), byteCount: record.storedByteCount,
        hashes: hashes(hashLists[Int(record.storedHashList)], from: start))
    }
    return MDSStoredFile(raw: raw, stored: stored, codec: record.codec)
  }

  public func sampleCount(ofShard ordinal: Int) -> Int { Int(records[ordinal].sampleCount) }

  /// The shard's bytes, uncompressed.
  public func rawByteCount(ofShard ordinal: Int) -> Int { records[ordinal].rawByteCount }

  /// The bytes of the shard's second file, uncompressed; 0 where it has none.
  public func metaByteCount(ofShard ordinal: Int) -> Int { ordinal < metaRecords.count ? metaRecords[ordinal].rawByteCount : 0 }

  /// How the shard's file is compressed.
  public func codec(ofShard ordinal: Int) -> Codec { records[ordinal].codec }

  /// The bytes of the shard's file on disk.
  public func storedByteCount(ofShard ordinal: Int) -> Int {
    let record = records[ordinal]
    return record.storedNameByteCount > 0 ? record.storedByteCount : record.rawByteCount
  }

  /// The place of the shard's schema in `schemas`.
  public func schemaOrdinal(ofShard ordinal: Int) -> Int { Int(records[ordinal].schema) }

  private func name(_ start: UInt32, _ byteCount: UInt16) -> String {
    String(decoding: namePool[Int(start)..<Int(start) + Int(byteCount)], as: UTF8.self)
  }

  private func hashes(_ algorithms: [HashAlgorithm], from start: Int) -> [MDSHash] {
    var offset = start
    return algorithms.map { algorithm in
      defer { offset += algorithm.digestByteCount }
      return MDSHash(algorithm: algorithm, digest: Digest(bytes: Array(digestPool[offset..<offset + algorithm.digestByteCount])))
    }
  }
}
