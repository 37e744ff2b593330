// Values of fixed width: from their encoding to array elements.

internal import NumPyFormat
internal import ParquetEncodings
internal import ParquetFormat
internal import Platform

/// A chunk's dictionary, decoded: array elements, or texts.
struct ChunkDictionary {
  let valueCount: Int
  /// Array elements one after another, or texts, each after its length of four bytes: `byteCount` bytes from `begin` on.
  let values: MappedRegion
  /// For texts: `valueCount` + 1 places, `Int64`.
  let offsets: MappedRegion
  let begin: Int
  let byteCount: Int
}

extension PageReader {
  /// Decodes the values numbered `values` of the `valueCount` that a page has, of fixed width, to elements at the start of a region of the thread's.
  func decoded(
    _ page: borrowing PageView, values: Range<Int>, of valueCount: Int, _ dictionary: ChunkDictionary?
  ) throws(ParquetReadError) -> MappedRegion {
    guard case .fixed(let type, _) = location.leaf.valueType else { throw unsupported(page) }
    // Deltas are decoded whole: their count is part of what is checked.
    let canStop =
      switch page.layout.encoding {
      case .plain, .rle, .byteStreamSplit, .plainDictionary, .rleDictionary: true
      default: false
      }
    let count = canStop ? values.upperBound : valueCount
    let region = try memory.region(.dense, byteCount: count * type.byteCount)
    try decode(page, values: values, of: count, dictionary, into: region)
    return region
  }

  /// `count`: so many are decoded, those that are not wanted too.
  private func decode(
    _ page: borrowing PageView, values: Range<Int>, of count: Int, _ dictionary: ChunkDictionary?, into region: MappedRegion
  ) throws(ParquetReadError) {
    guard case .fixed(let type, let conversion) = location.leaf.valueType else { throw unsupported(page) }
    let byteCount = values.count * type.byteCount
    do throws(EncodingError) {
      if page.layout.encoding.isDictionary {
        guard let dictionary else { throw EncodingError("dictionary indexes", at: 0, found: "no dictionary in the column chunk", expected: "one") }
        let dictionaryBytes = dictionary.values.bytes
        let entries = dictionaryBytes.extracting(first: dictionary.byteCount)
        try region.withMutableBytes(0..<values.upperBound * type.byteCount) { (target) throws(EncodingError) in
          try DictionaryIndexes.decode(page.values, count: values.upperBound, dictionary: entries, valueByteCount: type.byteCount, into: &target)
          if values.lowerBound > 0 { target.moveDown(values.lowerBound * type.byteCount..<values.upperBound * type.byteCount) }
        }
        return
      }
      if conversion == .copy, let width = storedByteCount, page.layout.encoding == .plain || page.layout.encoding == .byteStreamSplit {
        // The values that are wanted can be reached alone.
        let isPlain = page.layout.encoding == .plain
        try region.withMutableBytes(0..<byteCount) { (target) throws(EncodingError) in
          if isPlain {
            try Plain.decode(page.values, values: values, valueByteCount: width, into: &target)
          } else {
            try ByteStreamSplit.decode(page.values, values: values, valueByteCount: width, into: &target)
          }
        }
        return
      }
    } catch {
      throw .encoding(error, pageByteOffset: page.layout.byteOffset)
    }
    try decodeAll(page.values, page.layout.encoding, count: count, type, conversion, into: region, pageByteOffset: page.layout.byteOffset)
    if values.lowerBound > 0 {
      region.withMutableBytes(0..<values.upperBound * type.byteCount) { $0.moveDown(values.lowerBound * type.byteCount..<values.upperBound * type.byteCount) }
    }
  }

  /// Bytes of a stored value; nil for bits and for values of any length.
  private var storedByteCount: Int? {
    location.leaf.physicalType == .fixedLengthByteArray ? location.leaf.typeLength : location.leaf.physicalType.byteCount
  }

  /// Decodes `count` values of any encoding but a dictionary's.
  func decodeAll(
    _ data: RawSpan, _ encoding: ParquetEncoding, count: Int, _ type: ElementType, _ conversion: ParquetConversion, into region: MappedRegion,
    pageByteOffset: Int
  ) throws(ParquetReadError) {
    do throws(EncodingError) {
      switch conversion {
      case .bits:
        switch encoding {
        case .plain:
          try region.withMutableBytes(0..<count) { (target) throws(EncodingError) in try Plain.decodeBooleans(data, values: 0..<count, into: &target) }
          return
        case .rle:
          try region.withMutableBytes(0..<count) { (target) throws(EncodingError) in try Plain.decodeRunLengthBooleans(data, count: count, into: &target) }
          return
        default: throw unsupported(encoding)
        }
      case .copy:
        try stored(data, encoding, count: count, into: region)
        return
      case .narrowInt32, .widenInt32, .int96ToNanoseconds, .bigEndianInteger: break
      }
    } catch {
      throw .encoding(error, pageByteOffset: pageByteOffset)
    }
    if location.leaf.physicalType == .byteArray {
      guard let form = ByteArrays.Encoding(encoding) else { throw .encoding(unsupported(encoding), pageByteOffset: pageByteOffset) }
      return try decodeDecimals(data, form, count: count, resultByteCount: type.byteCount, into: region, pageByteOffset: pageByteOffset)
    }
    // Stored values first, beside the elements.
    guard let width = storedByteCount else { throw .encoding(unsupported(encoding), pageByteOffset: pageByteOffset) }
    let plain = try memory.region(.texts, byteCount: count * width)
    do throws(EncodingError) {
      try stored(data, encoding, count: count, into: plain)
      let bytes = plain.bytes
      try region.withMutableBytes(0..<count * type.byteCount) { (target) throws(EncodingError) in
        try convert(bytes.extracting(first: count * width), count: count, width: width, type, conversion, into: &target)
      }
    } catch {
      throw .encoding(error, pageByteOffset: pageByteOffset)
    }
  }

  private func unsupported(_ encoding: ParquetEncoding) -> EncodingError {
    EncodingError("values", at: 0, found: "the encoding \(encoding.name)", expected: "one that \(location.leaf.physicalType.name) may have")
  }

  /// Values as they are stored, one after another.
  private func stored(_ data: RawSpan, _ encoding: ParquetEncoding, count: Int, into region: MappedRegion) throws(EncodingError) {
    guard let width = storedByteCount else { throw unsupported(encoding) }
    let type = location.leaf.physicalType
    try region.withMutableBytes(0..<count * width) { (target) throws(EncodingError) in
      switch encoding {
      case .plain: try Plain.decode(data, values: 0..<count, valueByteCount: width, into: &target)
      case .byteStreamSplit where type != .int96: try ByteStreamSplit.decode(data, values: 0..<count, valueByteCount: width, into: &target)
      case .deltaBinaryPacked where type == .int32 || type == .int64: try DeltaBinaryPacked.decode(data, count: count, byteWidth: width, into: &target)
      case .deltaByteArray where type == .fixedLengthByteArray: try ByteArrays.decodeFixedDelta(data, count: count, valueByteCount: width, into: &target)
      case .alp where type == .float || type == .double: try AdaptiveFloats.decode(data, count: count, valueByteCount: width, into: &target)
      default: throw unsupported(encoding)
      }
    }
  }

  private func convert(
    _ data: RawSpan, count: Int, width: Int, _ type: ElementType, _ conversion: ParquetConversion, into target: inout MutableRawSpan
  ) throws(EncodingError) {
    switch conversion {
    case .narrowInt32:
      switch type {
      case .int8: try Conversions.narrow(data, count: count, to: .int8, into: &target)
      case .uint8: try Conversions.narrow(data, count: count, to: .uint8, into: &target)
      case .int16: try Conversions.narrow(data, count: count, to: .int16, into: &target)
      default: try Conversions.narrow(data, count: count, to: .uint16, into: &target)
      }
    case .widenInt32:
      for index in 0..<count {
        target.storeBytes(of: Int64(Int32(truncatingIfNeeded: data.index(at: index))), toByteOffset: 8 * index, as: Int64.self)
      }
    case .int96ToNanoseconds: try Conversions.nanoseconds(ofINT96: data, count: count, into: &target)
    case .bigEndianInteger:
      try Decimals.decode(data, count: count, valueByteCount: width, resultByteCount: type.byteCount, into: &target)
    case .copy, .bits: break
    }
  }
}

extension MutableRawSpan {
  /// Moves the bytes of `range` to the start.
  @_lifetime(self: copy self)
  mutating func moveDown(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    unsafe withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      // Sound: both ranges lie in the span; memmove allows them to overlap.
      unsafe base.copyMemory(from: base + range.lowerBound, byteCount: range.count)
    }
  }
}
