// Reads index.json into the table of shards, in one pass.

internal import Checksums
internal import Compression

extension MDSIndex {
  /// Reads an index.json. Unknown keys are passed over; what readers need must be there and possible. An index without shards is one.
  public init(parsing bytes: RawSpan) throws(MDSError) {
    var parser = MDSIndexParser(bytes)
    try parser.parse()
    self = parser.index
  }
}

/// The state of one parse.
struct MDSIndexParser: ~Escapable {
  var reader: IndexReader
  var index = MDSIndex()
  private var shard = ShardDraft()
  /// The file that is being read.
  private var file = FileDraft()
  /// A digest's spelling.
  private var text: [UInt8] = []
  private var sharing: SharedLists

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) {
    reader = IndexReader(bytes)
    sharing = SharedLists()
  }

  @_lifetime(self: copy self)
  mutating func parse() throws(MDSError) {
    var hasVersion = false
    var hasShards = false
    try reader.beginObject()
    while try reader.nextKey() {
      if reader.keyEquals("version") {
        try reader.readVersion()
        hasVersion = true
      } else if reader.keyEquals("shards") {
        guard !hasShards else { throw reader.invalid("shards", found: "there twice", expected: "one list") }
        hasShards = true
        try parseShards()
      } else {
        _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard hasVersion else { throw reader.missing("version") }
    guard hasShards else { throw reader.missing("shards") }
  }

  @_lifetime(self: copy self)
  private mutating func parseShards() throws(MDSError) {
    try reader.beginArray()
    while try reader.nextElement() {
      guard index.shardCount < MDSIndex.maximumShardCount else {
        throw .limitExceeded("shards", shard: nil, limit: MDSIndex.maximumShardCount)
      }
      reader.shard = index.shardCount
      shard.reset()
      try parseShard()
      try appendShard()
    }
    reader.shard = nil
  }

  @_lifetime(self: copy self)
  private mutating func parseShard() throws(MDSError) {
    try reader.beginObject()
    while try reader.nextKey() {
      if reader.keyEquals("column_names") {
        shard.texts.names = try reader.skipValue()
      } else if reader.keyEquals("column_encodings") {
        shard.texts.encodings = try reader.skipValue()
      } else if reader.keyEquals("column_sizes") {
        shard.texts.sizes = try reader.skipValue()
      } else if reader.keyEquals("compression") {
        try parseCompression()
      } else if reader.keyEquals("format") {
        try parseFormat()
      } else if reader.keyEquals("raw_data") {
        try parseFile("raw_data")
        swap(&shard.data.raw, &file)
        shard.data.hasRaw = true
      } else if reader.keyEquals("zip_data") {
        shard.data.hasStored = try parseOptionalFile("zip_data")
        if shard.data.hasStored { swap(&shard.data.stored, &file) }
      } else if reader.keyEquals("raw_meta") {
        shard.meta.hasRaw = try parseOptionalFile("raw_meta")
        if shard.meta.hasRaw { swap(&shard.meta.raw, &file) }
      } else if reader.keyEquals("zip_meta") {
        shard.meta.hasStored = try parseOptionalFile("zip_meta")
        if shard.meta.hasStored { swap(&shard.meta.stored, &file) }
      } else if reader.keyEquals("columns") {
        shard.texts.columns = try reader.skipValue()
      } else if reader.keyEquals("newline") {
        shard.texts.newline = try reader.skipValue()
      } else if reader.keyEquals("separator") {
        shard.texts.separator = try reader.skipValue()
      } else if reader.keyEquals("samples") {
        shard.sampleCount = try reader.readCount("samples", limit: Int(UInt32.max))
      } else if reader.keyEquals("version") {
        try reader.readVersion()
        shard.hasVersion = true
      } else {
        _ = try reader.skipValue()
      }
    }
  }

  @_lifetime(self: copy self)
  private mutating func parseFormat() throws(MDSError) {
    let name = try reader.readString()
    guard let format = ShardDraft.Format(rawValue: name) else {
      throw reader.invalid("format", found: "'\(name)'", expected: "'mds', 'json', 'xsv', 'csv' or 'tsv'")
    }
    shard.format = format
  }

  @_lifetime(self: copy self)
  private mutating func parseCompression() throws(MDSError) {
    shard.codec = .none
    if try reader.readNullIfPresent() { return }
    let name = try reader.readString()
    do throws(CompressionError) {
      shard.codec = try Codec(mdsName: name)
    } catch {
      throw .compression(error, shard: index.shardCount, line: reader.line)
    }
  }

  // MARK: - Files

  /// Reads a file's entry; false where it is null.
  @_lifetime(self: copy self)
  private mutating func parseOptionalFile(_ field: String) throws(MDSError) -> Bool {
    if try reader.readNullIfPresent() { return false }
    try parseFile(field)
    return true
  }

  @_lifetime(self: copy self)
  private mutating func parseFile(_ field: String) throws(MDSError) {
    file.reset()
    var hasBasename = false
    var hasByteCount = false
    try reader.beginObject()
    while try reader.nextKey() {
      if reader.keyEquals("basename") {
        file.basename.removeAll(keepingCapacity: true)
        _ = try reader.readString(appendingTo: &file.basename)
        try checkBasename(file.basename, field)
        hasBasename = true
      } else if reader.keyEquals("bytes") {
        file.byteCount = try reader.readCount("\(field).bytes")
        hasByteCount = true
      } else if reader.keyEquals("hashes") {
        try parseHashes(field)
      } else {
        _ = try reader.skipValue()
      }
    }
    guard hasBasename else { throw reader.missing("\(field).basename") }
    guard hasByteCount else { throw reader.missing("\(field).bytes") }
  }

  /// A path below the index's folder: relative, of at most 4096 bytes, without `..`.
  private func checkBasename(_ basename: [UInt8], _ field: String) throws(MDSError) {
    let isSafe =
      !basename.isEmpty && basename.count <= 4096 && basename[0] != UInt8(ascii: "/") && !basename.contains(0)
      && !basename.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) }
    guard isSafe else {
      let found = String(decoding: basename.prefix(100), as: UTF8.self)
      throw reader.invalid("\(field).basename", found: "'\(found)'", expected: "a relative path of at most 4096 bytes without '..'")
    }
  }

  @_lifetime(self: copy self)
  private mutating func parseHashes(_ field: String) throws(MDSError) {
    file.resetHashes()
    if try reader.readNullIfPresent() { return }
    try reader.beginObject()
    while try reader.nextKey() {
      guard let algorithm = knownAlgorithm() else {
        _ = try reader.skipValue()
        index.unknownHashCount += 1
        continue
      }
      guard !file.algorithms.contains(algorithm) else {
        _ = try reader.skipValue()
        continue
      }
      text.removeAll(keepingCapacity: true)
      _ = try reader.readString(appendingTo: &text)
      guard text.count == 2 * algorithm.digestByteCount, appendDigest() else {
        throw reader.invalid(
          "\(field).hashes.\(algorithm.name)", found: "'\(String(decoding: text.prefix(130), as: UTF8.self))'",
          expected: "\(2 * algorithm.digestByteCount) hexadecimal digits")
      }
      file.algorithms.append(algorithm)
    }
  }

  /// The algorithm that the latest key names.
  private func knownAlgorithm() -> HashAlgorithm? {
    // What the writers of this project's users write, without making a string of it.
    if reader.keyEquals("xxh64") { return .xxh64 }
    if reader.keyEquals("sha1") { return .sha1 }
    return HashAlgorithm(name: reader.key)
  }

  /// Appends the bytes that the hexadecimal digits in `text` spell; false when they are none.
  @_lifetime(self: copy self)
  private mutating func appendDigest() -> Bool {
    for position in stride(from: 0, to: text.count - 1, by: 2) {
      guard let high = Digest.value(ofHexDigit: text[position]), let low = Digest.value(ofHexDigit: text[position + 1]) else { return false }
      file.digests.append(high << 4 | low)
    }
    return true
  }

  // MARK: - The table

  /// Adds the shard that was read to the table.
  @_lifetime(self: copy self)
  private mutating func appendShard() throws(MDSError) {
    guard let format = shard.format else { throw reader.missing("format") }
    guard shard.hasVersion else { throw reader.missing("version") }
    guard let sampleCount = shard.sampleCount else { throw reader.missing("samples") }
    try check(shard.data, "data")
    if format != .mds { try check(shard.meta, "meta") }
    let (total, overflow) = index.rawByteCount.addingReportingOverflow(shard.data.raw.byteCount)
    guard !overflow else { throw .limitExceeded("bytes", shard: index.shardCount, limit: .max) }
    let schema = try sharing.schema(of: shard, reader, &index)
    let record = try append(shard.data, sampleCount, schema)
    if format != .mds {
      // An index has either no second files or one a shard; where formats are mixed, those without have an empty record.
      while index.metaRecords.count < index.records.count { index.metaRecords.append(.none) }
      index.metaRecords.append(try append(shard.meta, sampleCount, schema))
    }
    index.records.append(record)
    index.sampleCount += sampleCount
    index.rawByteCount = total
  }

  /// A file must be there, and a compressed one where there is a compression.
  private func check(_ file: StoredDraft, _ part: String) throws(MDSError) {
    guard file.hasRaw else { throw reader.missing("raw_\(part)") }
    guard (shard.codec == .none) == !file.hasStored else {
      throw reader.invalid(
        "zip_\(part)", found: file.hasStored ? "a file" : "null",
        expected: file.hasStored ? "null, for 'compression' is null" : "a file, for 'compression' is not null")
    }
  }

  /// Puts names and digests of a file into the pools and answers its record.
  @_lifetime(self: copy self)
  private mutating func append(_ file: StoredDraft, _ sampleCount: Int, _ schema: UInt16) throws(MDSError) -> MDSIndex.Record {
    let names = try appendNames(file)
    let digestStart = try pooled(index.digestPool.count + file.raw.digests.count + file.stored.digests.count, "bytes of digests", index.digestPool.count)
    index.digestPool += file.raw.digests
    if file.hasStored { index.digestPool += file.stored.digests }
    return MDSIndex.Record(
      rawByteCount: file.raw.byteCount, storedByteCount: file.hasStored ? file.stored.byteCount : 0, sampleCount: UInt32(sampleCount),
      rawNameStart: names.raw, storedNameStart: names.stored, digestStart: digestStart, rawNameByteCount: UInt16(file.raw.basename.count),
      storedNameByteCount: file.hasStored ? UInt16(file.stored.basename.count) : 0, schema: schema,
      rawHashList: try sharing.hashList(file.raw.algorithms, &index),
      storedHashList: try sharing.hashList(file.hasStored ? file.stored.algorithms : [], &index), codec: shard.codec)
  }

  /// Puts the names of the files into the pool and answers where they begin.
  @_lifetime(self: copy self)
  private mutating func appendNames(_ file: StoredDraft) throws(MDSError) -> (raw: UInt32, stored: UInt32) {
    let raw = file.raw.basename
    let start = index.namePool.count
    _ = try pooled(start + raw.count + file.stored.basename.count, "bytes of file names", start)
    index.namePool += raw
    guard file.hasStored else { return (UInt32(start), 0) }
    if file.stored.basename.starts(with: raw) {
      index.namePool += file.stored.basename[raw.count...]
      return (UInt32(start), UInt32(start))
    }
    index.namePool += file.stored.basename
    return (UInt32(start), UInt32(start + raw.count))
  }

  /// `start` as the 32 bits by which records refer to the pools, which may grow to `end`.
  private func pooled(_ end: Int, _ what: String, _ start: Int) throws(MDSError) -> UInt32 {
    guard end <= Int(UInt32.max) else { throw .limitExceeded(what, shard: index.shardCount, limit: Int(UInt32.max)) }
    return UInt32(start)
  }
}
