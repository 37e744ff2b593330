// Values of any length, decoded into a thread's memory: texts, bytes, and decimals that are stored so.

internal import ParquetEncodings
internal import ParquetFormat
internal import Platform

extension PageReader {
  /// Decodes the `count` texts of a page and hands them to `body`.
  func withTexts<Result>(
    of page: borrowing PageView, count: Int, _ dictionary: ChunkDictionary?, _ body: (consuming PageValues) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    let byteOffset = page.layout.byteOffset
    if page.layout.encoding.isDictionary {
      let dictionary = try required(dictionary, page)
      let indexes = try memory.region(.places, byteCount: 4 * count)
      do throws(EncodingError) {
        try indexes.withMutableBytes(0..<4 * count) { (target) throws(EncodingError) in
          try DictionaryIndexes.decodeIndexes(page.values, count: count, dictionaryCount: dictionary.valueCount, into: &target)
        }
      } catch {
        throw .encoding(error, pageByteOffset: byteOffset)
      }
      let (bytes, offsets, texts) = (indexes.bytes, dictionary.offsets.bytes, dictionary.values.bytes)
      return try body(
        .dictionaryTexts(
          indexes: bytes.extracting(first: 4 * count), offsets: offsets.extracting(first: 8 * (dictionary.valueCount + 1)),
          bytes: texts.extracting(dictionary.begin..<dictionary.begin + dictionary.byteCount)))
    }
    guard let encoding = ByteArrays.Encoding(page.layout.encoding) else { throw unsupported(page) }
    let (places, total) = try places(of: page.values, encoding, count: count, pageByteOffset: byteOffset)
    let mapped = places.bytes
    let offsets = mapped.extracting(first: 8 * (count + 1))
    if encoding == .plain { return try body(.texts(offsets: offsets, bytes: page.values, gap: 4)) }
    let texts = try texts(of: page.values, encoding, count: count, places, byteCount: total, pageByteOffset: byteOffset)
    let bytes = texts.bytes
    return try body(.texts(offsets: offsets, bytes: bytes.extracting(first: total), gap: 0))
  }

  /// Decodes `count` decimals that are stored as byte arrays.
  func decodeDecimals(
    _ data: RawSpan, _ encoding: ByteArrays.Encoding, count: Int, resultByteCount: Int, into region: MappedRegion, pageByteOffset: Int
  ) throws(ParquetReadError) {
    let (places, total) = try places(of: data, encoding, count: count, pageByteOffset: pageByteOffset)
    let texts = try texts(of: data, encoding, count: count, places, byteCount: total, pageByteOffset: pageByteOffset)
    let (offsets, bytes) = (places.bytes, texts.bytes)
    do throws(EncodingError) {
      try region.withMutableBytes(0..<count * resultByteCount) { (target) throws(EncodingError) in
        try Decimals.decode(
          bytes.extracting(first: total), offsets: offsets.extracting(first: 8 * (count + 1)), count: count, resultByteCount: resultByteCount, into: &target)
      }
    } catch {
      throw .encoding(error, pageByteOffset: pageByteOffset)
    }
  }

  /// Where each of `count` values lies, and the bytes of all.
  private func places(
    of data: RawSpan, _ encoding: ByteArrays.Encoding, count: Int, pageByteOffset: Int
  ) throws(ParquetReadError) -> (places: MappedRegion, byteCount: Int) {
    let region = try memory.region(.places, byteCount: 8 * (count + 1))
    do throws(EncodingError) {
      let total = try region.withMutableBytes(0..<8 * (count + 1)) { (target) throws(EncodingError) in
        try ByteArrays.offsets(of: data, encoding, count: count, into: &target)
      }
      return (region, total)
    } catch {
      throw .encoding(error, pageByteOffset: pageByteOffset)
    }
  }

  /// The bytes of all values, one after another.
  private func texts(
    of data: RawSpan, _ encoding: ByteArrays.Encoding, count: Int, _ places: MappedRegion, byteCount: Int, pageByteOffset: Int
  ) throws(ParquetReadError) -> MappedRegion {
    let region = try memory.region(.texts, byteCount: byteCount)
    let offsets = places.bytes
    do throws(EncodingError) {
      try region.withMutableBytes(0..<byteCount) { (target) throws(EncodingError) in
        try ByteArrays.bytes(of: data, encoding, count: count, offsets: offsets.extracting(first: 8 * (count + 1)), into: &target)
      }
    } catch {
      throw .encoding(error, pageByteOffset: pageByteOffset)
    }
    return region
  }
}

extension ByteArrays.Encoding {
  /// Nil for those that byte arrays do not have.
  init?(_ encoding: ParquetEncoding) {
    switch encoding {
    case .plain: self = .plain
    case .deltaLengthByteArray: self = .deltaLength
    case .deltaByteArray: self = .delta
    default: return nil
    }
  }
}
