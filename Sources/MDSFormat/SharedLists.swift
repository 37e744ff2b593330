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
  private var latest: (names: Range<Int>, encodings: Range<Int>, sizes: Range<Int>, ordinal: UInt16)?
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
    guard let names = shard.names else { throw reader.missing("column_names") }
    guard let encodings = shard.encodings else { throw reader.missing("column_encodings") }
    guard let sizes = shard.sizes else { throw reader.missing("column_sizes") }
    let bytes = reader.bytes
    if let latest, Self.isEqual(bytes, latest.names, names), Self.isEqual(bytes, latest.encodings, encodings), Self.isEqual(bytes, latest.sizes, sizes) {
      return latest.ordinal
    }
    var key: [UInt8] = []
    for range in [names, encodings, sizes] { for offset in range { key.append(bytes.littleEndianUInt8(at: offset)) } }
    var ordinal = schemaOrdinals[key]
    if ordinal == nil {
      guard index.schemas.count < Self.maximumCount else { throw .limitExceeded("different schemas", shard: index.shardCount, limit: Self.maximumCount) }
      let schema = try Self.parse(names, encodings, sizes, reader)
      ordinal = UInt16(index.schemas.count)
      schemaOrdinals[key] = ordinal
      index.schemas.append(schema)
    }
    guard let ordinal else { return 0 }
    latest = (names, encodings, sizes, ordinal)
    return ordinal
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

  // MARK: - Parsing a schema

  private static func parse(_ names: Range<Int>, _ encodings: Range<Int>, _ sizes: Range<Int>, _ reader: borrowing IndexReader) throws(MDSError) -> MDSSchema {
    let bytes = reader.bytes
    let columnNames = try strings(IndexReader(bytes, startingAt: names.lowerBound, shard: reader.shard))
    let columnEncodings = try strings(IndexReader(bytes, startingAt: encodings.lowerBound, shard: reader.shard))
    let columnSizes = try byteCounts(IndexReader(bytes, startingAt: sizes.lowerBound, shard: reader.shard))
    for (field, count) in [("column_encodings", columnEncodings.count), ("column_sizes", columnSizes.count)] where count != columnNames.count {
      throw reader.invalid(field, found: "a list of \(count)", expected: "one of \(columnNames.count), as column_names")
    }
    guard Set(columnNames).count == columnNames.count else {
      throw reader.invalid("column_names", found: "a list with a name twice", expected: "each name once")
    }
    var columns: [MDSColumn] = []
    for place in columnNames.indices {
      let column = MDSColumn(name: columnNames[place], encoding: MDSEncoding(name: columnEncodings[place]), fixedByteCount: columnSizes[place])
      if let expected = column.expectedByteCount, expected != column.fixedByteCount {
        throw reader.invalid(
          "column_sizes of '\(column.name)'", found: column.fixedByteCount.map(String.init) ?? "null",
          expected: "\(expected.map(String.init) ?? "null") for the encoding '\(columnEncodings[place])'")
      }
      columns.append(column)
    }
    return MDSSchema(columns: columns)
  }

  private static func strings(_ reader: consuming IndexReader) throws(MDSError) -> [String] {
    var strings: [String] = []
    try reader.beginArray()
    while try reader.nextElement() {
      guard strings.count < MDSSchema.maximumColumnCount else { throw .limitExceeded("columns", shard: reader.shard, limit: MDSSchema.maximumColumnCount) }
      strings.append(try reader.readString())
    }
    return strings
  }

  /// Null and 0 both mean that sizes vary.
  private static func byteCounts(_ reader: consuming IndexReader) throws(MDSError) -> [Int?] {
    var byteCounts: [Int?] = []
    try reader.beginArray()
    while try reader.nextElement() {
      guard byteCounts.count < MDSSchema.maximumColumnCount else { throw .limitExceeded("columns", shard: reader.shard, limit: MDSSchema.maximumColumnCount) }
      if try reader.readNullIfPresent() {
        byteCounts.append(nil)
      } else {
        let byteCount = try reader.readCount("column_sizes", limit: Int(UInt32.max))
        byteCounts.append(byteCount == 0 ? nil : byteCount)
      }
    }
    return byteCounts
  }
}
