// What the shards of an index have in common, kept once: schemas and lists of hashes.

internal import ByteParsing
internal import Checksums

/// Recognises the schemas and lists that came before.
struct SharedLists {
  /// The number of different schemas, or lists of hashes, that records can refer to.
  private static let maximumCount = 1 << 16

  /// By the texts of the three lists as they stand in the index, so that a repeated schema is never parsed again.
  private var schemaOrdinals: [[UInt8]: UInt16] = [:]
  private var hashListOrdinals: [[HashAlgorithm]: UInt16] = [:]
  private var latest: (texts: SchemaKey, ordinal: UInt16)?
  private var latestHashList: (list: [HashAlgorithm], ordinal: UInt16)?

  // MARK: - Hashes

  mutating func hashList(_ list: [HashAlgorithm], _ index: inout MDSIndex) throws(MDSError) -> UInt16 {
    if let latestHashList, latestHashList.list == list { return latestHashList.ordinal }
    var ordinal = hashListOrdinals[list]
    if ordinal == nil {
      guard index.hashLists.count < Self.maximumCount else { throw .limitExceeded("lists of hashes", shard: index.shardCount, limit: Self.maximumCount) }
      ordinal = UInt16(index.hashLists.count)
      hashListOrdinals[list] = ordinal
      index.hashLists.append(list)
    }
    guard let ordinal else { return 0 }
    latestHashList = (list, ordinal)
    return ordinal
  }

  // MARK: - Schemas

  /// The place in `index.schemas` of the shard's schema.
  mutating func schema(of shard: ShardDraft, _ reader: borrowing IndexReader, _ index: inout MDSIndex) throws(MDSError) -> UInt16 {
    let texts = try SchemaKey(shard, reader)
    let bytes = reader.bytes
    if let latest, latest.texts.isEqual(to: texts, in: bytes) { return latest.ordinal }
    let key = texts.bytes(in: bytes)
    var ordinal = schemaOrdinals[key]
    if ordinal == nil {
      guard index.schemas.count < Self.maximumCount else { throw .limitExceeded("different schemas", shard: index.shardCount, limit: Self.maximumCount) }
      let schema = try SchemaParser.parse(texts, reader)
      ordinal = UInt16(index.schemas.count)
      schemaOrdinals[key] = ordinal
      index.schemas.append(schema)
    }
    guard let ordinal else { return 0 }
    latest = (texts, ordinal)
    return ordinal
  }
}

/// The texts of an index that say what the columns of a shard are, by which a schema is known again without being parsed.
struct SchemaKey {
  let format: ShardDraft.Format
  /// `column_names`, or `columns` of json shards.
  let columns: Range<Int>
  /// `column_encodings`; empty for json shards.
  let encodings: Range<Int>
  /// `column_sizes` of mds shards, else `newline`.
  let sizesOrNewline: Range<Int>
  /// Of xsv shards, else empty.
  let separator: Range<Int>

  init(_ shard: ShardDraft, _ reader: borrowing IndexReader) throws(MDSError) {
    guard let format = shard.format else { throw reader.missing("format") }
    self.format = format
    switch format {
    case .json:
      guard let columns = shard.texts.columns else { throw reader.missing("columns") }
      self.columns = columns
      encodings = 0..<0
    case .mds, .xsv, .csv, .tsv:
      guard let names = shard.texts.names else { throw reader.missing("column_names") }
      guard let encodings = shard.texts.encodings else { throw reader.missing("column_encodings") }
      columns = names
      self.encodings = encodings
    }
    if format == .mds {
      guard let sizes = shard.texts.sizes else { throw reader.missing("column_sizes") }
      sizesOrNewline = sizes
    } else {
      guard let newline = shard.texts.newline else { throw reader.missing("newline") }
      sizesOrNewline = newline
    }
    if format == .xsv {
      guard let separator = shard.texts.separator else { throw reader.missing("separator") }
      self.separator = separator
    } else {
      separator = 0..<0
    }
  }

  func isEqual(to other: SchemaKey, in bytes: RawSpan) -> Bool {
    format == other.format && Self.isEqual(bytes, columns, other.columns) && Self.isEqual(bytes, encodings, other.encodings)
      && Self.isEqual(bytes, sizesOrNewline, other.sizesOrNewline) && Self.isEqual(bytes, separator, other.separator)
  }

  /// The texts one after another; JSON values say themselves where they end.
  func bytes(in bytes: RawSpan) -> [UInt8] {
    var key = Array(format.rawValue.utf8)
    for range in [columns, encodings, sizesOrNewline, separator] { for offset in range { key.append(bytes.littleEndianUInt8(at: offset)) } }
    return key
  }

  private static func isEqual(_ bytes: RawSpan, _ a: Range<Int>, _ b: Range<Int>) -> Bool {
    guard a.count == b.count else { return false }
    var position = 0
    while a.count - position >= 8 {
      if bytes.littleEndianUInt64(at: a.lowerBound + position) != bytes.littleEndianUInt64(at: b.lowerBound + position) { return false }
      position += 8
    }
    while position < a.count {
      if bytes.littleEndianUInt8(at: a.lowerBound + position) != bytes.littleEndianUInt8(at: b.lowerBound + position) { return false }
      position += 1
    }
    return true
  }
}
