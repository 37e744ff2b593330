// The fields of a column chunk as they are read, before they are checked.

struct ColumnChunkDraft {
  var filePath: Range<Int>?
  var hasMetadata = false
  var isEncrypted = false
  var offsetIndex: (offset: Int?, byteCount: Int32?)
  var columnIndex: (offset: Int?, byteCount: Int32?)

  // ColumnMetaData
  var type: Int32?
  var encodings: [ParquetEncoding]?
  /// Whether path_in_schema is that of the leaf.
  var isPathRight: Bool?
  var codec: Int32?
  var valueCount: Int?
  var totalUncompressedByteCount: Int?
  var totalCompressedByteCount: Int?
  var dataPageOffset: Int?
  var dictionaryPageOffset: Int?
  var statistics: ParquetStatistics?
  var sizeStatistics: ParquetSizeStatistics?
  var dataPageEncodings: [ParquetEncoding]?
}

extension ThriftReader {
  /// Reads a `ColumnChunk`. `path`: the names that its path must have.
  @_lifetime(self: copy self)
  mutating func readColumnChunk(path: [String]) throws(ParquetError) -> ColumnChunkDraft {
    var draft = ColumnChunkDraft()
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      switch field.number {
      case 1: draft.filePath = try readBinary(field)
      case 3: try readColumnMetadata(field, path: path, into: &draft)
      case 4: draft.offsetIndex.offset = try readInt64(field)
      case 5: draft.offsetIndex.byteCount = try readInt32(field)
      case 6: draft.columnIndex.offset = try readInt64(field)
      case 7: draft.columnIndex.byteCount = try readInt32(field)
      case 8, 9:
        draft.isEncrypted = true
        try skip(field)
      // 2, file_offset, is often wrong and of no use.
      default: try skip(field)
      }
    }
    return draft
  }

  @_lifetime(self: copy self)
  private mutating func readColumnMetadata(_ structure: ThriftField, path: [String], into draft: inout ColumnChunkDraft) throws(ParquetError) {
    try beginStructure(structure)
    draft.hasMetadata = true
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      switch field.number {
      case 1: draft.type = try readInt32(field)
      case 2: draft.encodings = try readEncodings(field)
      case 3: draft.isPathRight = try readPath(field, isEqualTo: path)
      case 4: draft.codec = try readInt32(field)
      case 5: draft.valueCount = try readInt64(field)
      case 6: draft.totalUncompressedByteCount = try readInt64(field)
      case 7: draft.totalCompressedByteCount = try readInt64(field)
      case 9: draft.dataPageOffset = try readInt64(field)
      case 11: draft.dictionaryPageOffset = try readInt64(field)
      case 12: draft.statistics = try readStatistics(field)
      case 13: draft.dataPageEncodings = try readDataPageEncodings(field)
      case 16: draft.sizeStatistics = try readSizeStatistics(field)
      default: try skip(field)
      }
    }
  }

  @_lifetime(self: copy self)
  private mutating func readEncodings(_ list: ThriftField) throws(ParquetError) -> [ParquetEncoding] {
    var encodings: [ParquetEncoding] = []
    for _ in 0..<(try beginList(list, of: .int32)) {
      let encoding = ParquetEncoding(rawValue: try readInt32())
      // They are a set, and few.
      if encodings.count < Self.encodingLimit, !encodings.contains(encoding) { encodings.append(encoding) }
    }
    return encodings
  }

  private static var encodingLimit: Int { 64 }

  /// Of `encoding_stats`, which counts pages by type and encoding, the encodings of data pages.
  @_lifetime(self: copy self)
  private mutating func readDataPageEncodings(_ list: ThriftField) throws(ParquetError) -> [ParquetEncoding] {
    var encodings: [ParquetEncoding] = []
    for _ in 0..<(try beginList(list, of: .structure)) {
      var (pageType, encoding, pageCount): (Int32?, Int32?, Int32?)
      var number: Int16 = 0
      while let field = try nextField(after: &number) {
        switch field.number {
        case 1: pageType = try readInt32(field)
        case 2: encoding = try readInt32(field)
        case 3: pageCount = try readInt32(field)
        default: try skip(field)
        }
      }
      // Types 1 and 2 are indexes and dictionaries. What is missing may be anything.
      if pageType == 1 || pageType == 2 || pageCount == 0 { continue }
      let known = encoding.map { ParquetEncoding(rawValue: $0) } ?? .unknown(-1)
      if encodings.count < Self.encodingLimit, !encodings.contains(known) { encodings.append(known) }
    }
    return encodings
  }

  @_lifetime(self: copy self)
  private mutating func readPath(_ list: ThriftField, isEqualTo path: [String]) throws(ParquetError) -> Bool {
    let count = try beginList(list, of: .binary)
    var isEqual = count == path.count
    for index in 0..<count {
      let name = try readBinary()
      isEqual = isEqual && bytes.text(name) == path[index]
    }
    return isEqual
  }
}
