// Pages from disk to memory: read, checked against their checksum, decompressed, cut into levels and values.

internal import Checksums
internal import Compression
internal import ParquetEncodings
internal import ParquetFormat
internal import Platform

/// Reads the pages of one column chunk. parquet-format README, "Data Pages".
struct PageReader {
  let location: ChunkLocation
  let memory: ReadingMemory
  let decompressor: Decompressor
  let checksCRC: Bool

  /// Reads a data page and hands it to `body`.
  func withPage<Result>(
    _ page: PageDirectory.Page, in file: borrowing InputFile, _ body: (borrowing PageView) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    let region = try memory.region(.stored, byteCount: page.byteCount)
    let header = try load(byteOffset: page.byteOffset, byteCount: page.byteCount, into: region, from: file)
    let mapped = region.bytes
    let stored = mapped.extracting(header.headerByteCount..<page.byteCount)
    switch header.kind {
    case .data(let page1): return try version1(page1, header, stored, at: page, body)
    case .dataV2(let page2): return try version2(page2, header, stored, at: page, body)
    case .dictionary, .index, .unknown: throw .contradiction("a data page is expected, but this is another", byteOffset: page.byteOffset)
    }
  }

  /// Reads the dictionary page and hands its values, PLAIN encoded, to `body`, with the memory that they lie in and where they begin there.
  func withDictionary<Result>(
    byteOffset: Int, byteCount: Int, in file: borrowing InputFile,
    _ body: (_ valueCount: Int, RawSpan, MappedRegion, _ begin: Int) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    let region = try memory.region(.dictionaryStored, byteCount: byteCount)
    let header = try load(byteOffset: byteOffset, byteCount: byteCount, into: region, from: file)
    guard case .dictionary(let dictionary) = header.kind else {
      throw .contradiction("a dictionary page is expected, but this is another", byteOffset: byteOffset)
    }
    switch dictionary.encoding {
    case .plain, .plainDictionary: break
    default: throw .unsupported("the dictionary at byte \(byteOffset) is encoded as \(dictionary.encoding.name); only PLAIN is allowed")
    }
    let mapped = region.bytes
    let stored = mapped.extracting(header.headerByteCount..<byteCount)
    guard let codec = try location.codec else { return try body(dictionary.valueCount, stored, region, header.headerByteCount) }
    let raw = try memory.region(.dictionaryRaw, byteCount: header.uncompressedByteCount)
    try decompress(stored, codec, into: raw, byteCount: header.uncompressedByteCount, pageByteOffset: byteOffset)
    let bytes = raw.bytes
    return try body(dictionary.valueCount, bytes.extracting(first: header.uncompressedByteCount), raw, 0)
  }

  /// Reads a page with its header, and checks the checksum where it has one.
  private func load(byteOffset: Int, byteCount: Int, into region: MappedRegion, from file: borrowing InputFile) throws(ParquetReadError) -> ParquetPageHeader {
    try region.withMutableBytes(0..<byteCount) { (target) throws(ParquetReadError) in try file.fill(&target, from: byteOffset) }
    let mapped = region.bytes
    let bytes = mapped.extracting(first: byteCount)
    let parsed: ParquetPageHeader?
    do throws(ParquetError) { parsed = try ParquetPageHeader.parse(bytes, fileByteOffset: byteOffset) } catch { throw .format(error) }
    guard let header = parsed, header.compressedByteCount == byteCount - header.headerByteCount else {
      throw .contradiction("a page of \(byteCount) bytes with its header is expected, but its header says otherwise", byteOffset: byteOffset)
    }
    if checksCRC, let expected = header.crc {
      let found = CRC32.checksum(bytes.extracting(droppingFirst: header.headerByteCount))
      guard found == expected else {
        throw .contradiction(
          "the page's CRC-32 is \(String(found, radix: 16)), but its header says \(String(expected, radix: 16)); the data is damaged, copy it again",
          byteOffset: byteOffset)
      }
    }
    return header
  }

  // MARK: - The two versions

  private func version1<Result>(
    _ page: ParquetDataPage, _ header: ParquetPageHeader, _ stored: RawSpan, at place: PageDirectory.Page,
    _ body: (borrowing PageView) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    var layout = PageView.Layout(
      byteOffset: place.byteOffset, encoding: page.encoding, repetitionLevelEncoding: page.repetitionLevelEncoding,
      definitionLevelEncoding: page.definitionLevelEncoding, storedByteCount: place.byteCount, rawByteCount: header.uncompressedByteCount)
    guard let codec = try location.codec else { return try split(stored, slotCount: page.valueCount, layout, begin: header.headerByteCount, body) }
    let raw = try memory.region(.raw, byteCount: header.uncompressedByteCount)
    try decompress(stored, codec, into: raw, byteCount: header.uncompressedByteCount, pageByteOffset: place.byteOffset)
    let bytes = raw.bytes
    layout.valuesPurpose = .raw
    return try split(bytes.extracting(first: header.uncompressedByteCount), slotCount: page.valueCount, layout, begin: 0, body)
  }

  /// `begin`: where `bytes` begin in their memory. Levels and values of version 1 are compressed together; RLE levels begin with their length.
  private func split<Result>(
    _ bytes: RawSpan, slotCount: Int, _ layout: PageView.Layout, begin: Int, _ body: (borrowing PageView) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    var layout = layout
    var byteOffset = 0
    let repetition = try levels(
      of: bytes, at: &byteOffset, maximum: location.leaf.maxRepetitionLevel, layout.repetitionLevelEncoding, slotCount: slotCount,
      pageByteOffset: layout.byteOffset)
    let definition = try levels(
      of: bytes, at: &byteOffset, maximum: location.leaf.maxDefinitionLevel, layout.definitionLevelEncoding, slotCount: slotCount,
      pageByteOffset: layout.byteOffset)
    let values = bytes.extracting(droppingFirst: byteOffset)
    layout.valuesByteOffset = begin + byteOffset
    return try body(PageView(slotCount: slotCount, repetitionLevels: repetition, definitionLevels: definition, values: values, layout: layout))
  }

  /// The section of levels that begins at `byteOffset`; moves behind it.
  @_lifetime(copy bytes)
  private func levels(
    of bytes: RawSpan, at byteOffset: inout Int, maximum: Int, _ encoding: ParquetEncoding, slotCount: Int, pageByteOffset: Int
  ) throws(ParquetReadError) -> RawSpan {
    guard maximum > 0 else { return bytes.extracting(first: 0) }
    do throws(EncodingError) {
      guard encoding == .bitPacked else { return try Levels.section(of: bytes, at: &byteOffset) }
      // Without a length of its own; that there is enough of it is checked here.
      let section = try Levels(bytes.extracting(droppingFirst: byteOffset), encoding: .bitPacked, maximum: maximum, count: slotCount)
      defer { byteOffset += section.bitPackedByteCount }
      return bytes.extracting(byteOffset..<byteOffset + section.bitPackedByteCount)
    } catch {
      throw .encoding(error, pageByteOffset: pageByteOffset)
    }
  }

  private func version2<Result>(
    _ page: ParquetDataPageV2, _ header: ParquetPageHeader, _ stored: RawSpan, at place: PageDirectory.Page,
    _ body: (borrowing PageView) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    var layout = PageView.Layout(
      byteOffset: place.byteOffset, encoding: page.encoding, repetitionLevelEncoding: .rle, definitionLevelEncoding: .rle, storedByteCount: place.byteCount,
      rawByteCount: header.uncompressedByteCount)
    let levelsEnd = page.repetitionLevelsByteCount + page.definitionLevelsByteCount
    let repetition = stored.extracting(first: location.leaf.maxRepetitionLevel > 0 ? page.repetitionLevelsByteCount : 0)
    let definition = stored.extracting(page.repetitionLevelsByteCount..<(location.leaf.maxDefinitionLevel > 0 ? levelsEnd : page.repetitionLevelsByteCount))
    let packed = stored.extracting(droppingFirst: levelsEnd)
    let isCompressed = page.isCompressed || location.file.metadata.writer.deniesCompression
    // Of no values some writers store no compressed bytes either.
    guard isCompressed, !packed.isEmpty, let codec = try location.codec else {
      layout.valuesByteOffset = header.headerByteCount + levelsEnd
      return try body(PageView(slotCount: page.valueCount, repetitionLevels: repetition, definitionLevels: definition, values: packed, layout: layout))
    }
    let byteCount = header.uncompressedByteCount - levelsEnd
    let raw = try memory.region(.raw, byteCount: byteCount)
    try decompress(packed, codec, into: raw, byteCount: byteCount, pageByteOffset: place.byteOffset)
    let bytes = raw.bytes
    layout.valuesPurpose = .raw
    return try body(
      PageView(
        slotCount: page.valueCount, repetitionLevels: repetition, definitionLevels: definition, values: bytes.extracting(first: byteCount), layout: layout))
  }

  // MARK: - Compression

  private func decompress(_ input: RawSpan, _ codec: Codec, into region: MappedRegion, byteCount: Int, pageByteOffset: Int) throws(ParquetReadError) {
    do throws(CompressionError) {
      try region.withMutableBytes(0..<byteCount) { (target) throws(CompressionError) in
        try decompressor.decompress(input, codec: codec, filling: &target)
      }
    } catch {
      throw .compression(error, pageByteOffset: pageByteOffset)
    }
  }
}
