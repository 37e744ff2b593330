// Reads page headers.

extension ParquetPageHeader {
  /// Longer headers than this are not believed; only the bounds of long texts make them longer than some dozen bytes.
  public static let byteCountLimit = 16 << 20

  /// Reads the header that `bytes` begin with.
  /// - Parameters:
  ///   - bytes: bytes of the file from the header on, as many as are at hand.
  ///   - fileByteOffset: where they begin, for errors.
  /// - Returns: nil when the header goes on behind `bytes`: ask again with more, up to the chunk's end or `byteCountLimit`; there it is an error.
  /// - Throws: when the header is damaged or its counts are impossible.
  public static func parse(_ bytes: RawSpan, fileByteOffset: Int) throws(ParquetError) -> ParquetPageHeader? {
    var parser = PageHeaderParser(bytes, fileByteOffset: fileByteOffset)
    do throws(ParquetError) {
      return try parser.parse()
    } catch {
      if case .endOfData = error.problem { return nil }
      throw error
    }
  }
}

/// The state of one parse.
private struct PageHeaderParser: ~Escapable {
  private var reader: ThriftReader

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, fileByteOffset: Int) { reader = ThriftReader(bytes, part: .pageHeader, fileByteOffset: fileByteOffset) }

  @_lifetime(self: copy self)
  mutating func parse() throws(ParquetError) -> ParquetPageHeader {
    var (type, crc, uncompressed, compressed): (Int32?, Int32?, Int?, Int?)
    var dataPage: ParquetDataPage?
    var dataPageV2: ParquetDataPageV2?
    var dictionaryPage: ParquetDictionaryPage?
    var number: Int16 = 0
    while let field = try reader.nextField(after: &number) {
      switch field.number {
      case 1: type = try reader.readInt32(field)
      case 2: uncompressed = try readCount(field, "uncompressed_page_size")
      case 3: compressed = try readCount(field, "compressed_page_size")
      case 4: crc = try reader.readInt32(field)
      case 5: dataPage = try readDataPage(field)
      case 7: dictionaryPage = try readDictionaryPage(field)
      case 8: dataPageV2 = try readDataPageV2(field)
      default: try reader.skip(field)
      }
    }
    guard let type else { throw missing("type") }
    guard let uncompressed else { throw missing("uncompressed_page_size") }
    guard let compressed else { throw missing("compressed_page_size") }
    let kind: ParquetPageHeader.Kind
    switch type {
    case 0:
      guard let dataPage else { throw missing("data_page_header") }
      kind = .data(dataPage)
    case 1: kind = .index
    case 2:
      guard let dictionaryPage else { throw missing("dictionary_page_header") }
      kind = .dictionary(dictionaryPage)
    case 3:
      guard let dataPageV2 else { throw missing("data_page_header_v2") }
      let levels = dataPageV2.repetitionLevelsByteCount + dataPageV2.definitionLevelsByteCount
      guard levels <= compressed, levels <= uncompressed else {
        throw reader.error(.invalid("the levels' length", found: "\(levels)", expected: "at most \(min(compressed, uncompressed)), the page's"), at: 0)
      }
      kind = .dataV2(dataPageV2)
    default: kind = .unknown(type)
    }
    return ParquetPageHeader(
      kind: kind, headerByteCount: reader.byteOffset, compressedByteCount: compressed, uncompressedByteCount: uncompressed,
      crc: crc.map { UInt32(bitPattern: $0) })
  }

  @_lifetime(self: copy self)
  private mutating func readDataPage(_ structure: ThriftField) throws(ParquetError) -> ParquetDataPage {
    try reader.beginStructure(structure)
    var valueCount: Int?
    var (encoding, definition, repetition): (ParquetEncoding?, ParquetEncoding?, ParquetEncoding?)
    var number: Int16 = 0
    while let field = try reader.nextField(after: &number) {
      switch field.number {
      case 1: valueCount = try readCount(field, "num_values")
      case 2: encoding = ParquetEncoding(rawValue: try reader.readInt32(field))
      case 3: definition = ParquetEncoding(rawValue: try reader.readInt32(field))
      case 4: repetition = ParquetEncoding(rawValue: try reader.readInt32(field))
      default: try reader.skip(field)
      }
    }
    guard let valueCount else { throw missing("DataPageHeader.num_values") }
    guard let encoding else { throw missing("DataPageHeader.encoding") }
    guard let definition else { throw missing("DataPageHeader.definition_level_encoding") }
    guard let repetition else { throw missing("DataPageHeader.repetition_level_encoding") }
    return ParquetDataPage(valueCount: valueCount, encoding: encoding, definitionLevelEncoding: definition, repetitionLevelEncoding: repetition)
  }

  @_lifetime(self: copy self)
  private mutating func readDataPageV2(_ structure: ThriftField) throws(ParquetError) -> ParquetDataPageV2 {
    try reader.beginStructure(structure)
    var (values, nulls, rows, definition, repetition): (Int?, Int?, Int?, Int?, Int?)
    var encoding: ParquetEncoding?
    // Compressed unless it is said that they are not.
    var isCompressed = true
    var number: Int16 = 0
    while let field = try reader.nextField(after: &number) {
      switch field.number {
      case 1: values = try readCount(field, "num_values")
      case 2: nulls = try readCount(field, "num_nulls")
      case 3: rows = try readCount(field, "num_rows")
      case 4: encoding = ParquetEncoding(rawValue: try reader.readInt32(field))
      case 5: definition = try readCount(field, "definition_levels_byte_length")
      case 6: repetition = try readCount(field, "repetition_levels_byte_length")
      case 7: isCompressed = try reader.readBool(field)
      default: try reader.skip(field)
      }
    }
    guard let values else { throw missing("DataPageHeaderV2.num_values") }
    guard let nulls else { throw missing("DataPageHeaderV2.num_nulls") }
    guard let rows else { throw missing("DataPageHeaderV2.num_rows") }
    guard let encoding else { throw missing("DataPageHeaderV2.encoding") }
    guard let definition else { throw missing("DataPageHeaderV2.definition_levels_byte_length") }
    guard let repetition else { throw missing("DataPageHeaderV2.repetition_levels_byte_length") }
    guard nulls <= values, rows <= values else {
      throw reader.error(
        .invalid("a page", found: "of \(values) values, \(nulls) nulls and \(rows) rows", expected: "no more nulls and rows than values"),
        at: structure.byteOffset)
    }
    return ParquetDataPageV2(
      valueCount: values, nullCount: nulls, rowCount: rows, encoding: encoding, repetitionLevelsByteCount: repetition,
      definitionLevelsByteCount: definition, isCompressed: isCompressed)
  }

  @_lifetime(self: copy self)
  private mutating func readDictionaryPage(_ structure: ThriftField) throws(ParquetError) -> ParquetDictionaryPage {
    try reader.beginStructure(structure)
    var valueCount: Int?
    var encoding: ParquetEncoding?
    var number: Int16 = 0
    while let field = try reader.nextField(after: &number) {
      switch field.number {
      case 1: valueCount = try readCount(field, "num_values")
      case 2: encoding = ParquetEncoding(rawValue: try reader.readInt32(field))
      default: try reader.skip(field)
      }
    }
    guard let valueCount else { throw missing("DictionaryPageHeader.num_values") }
    guard let encoding else { throw missing("DictionaryPageHeader.encoding") }
    return ParquetDictionaryPage(valueCount: valueCount, encoding: encoding)
  }

  @_lifetime(self: copy self)
  private mutating func readCount(_ field: ThriftField, _ name: String) throws(ParquetError) -> Int {
    let count = try reader.readInt32(field)
    guard count >= 0 else { throw reader.error(.invalid(name, found: "\(count)", expected: "at least 0"), at: field.byteOffset) }
    return Int(count)
  }

  private func missing(_ name: String) -> ParquetError { reader.error(.missingField(name), at: 0) }
}
