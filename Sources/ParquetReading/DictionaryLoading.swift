// A chunk's dictionary, read and decoded once for the pages that follow.

internal import NumPyFormat
internal import ParquetEncodings
internal import ParquetFormat
internal import Platform

extension PageReader {
  /// Reads and decodes the dictionary page at a place of the file.
  func dictionary(byteOffset: Int, byteCount: Int, in file: borrowing InputFile) throws(ParquetReadError) -> ChunkDictionary {
    try withDictionary(byteOffset: byteOffset, byteCount: byteCount, in: file) { (count, bytes) throws(ParquetReadError) in
      // The count is a promise of the file: no memory is taken for values that cannot be there.
      guard count <= bytes.byteCount * 8 else {
        throw .contradiction("a dictionary of \(count) values in \(bytes.byteCount) bytes", byteOffset: byteOffset)
      }
      switch location.leaf.valueType {
      case .fixed(let type, let conversion):
        let values = try memory.region(.dictionaryValues, byteCount: count * type.byteCount)
        try decodeAll(bytes, .plain, count: count, type, conversion, into: values, pageByteOffset: byteOffset)
        return ChunkDictionary(valueCount: count, values: values, offsets: values, byteCount: count * type.byteCount)
      case .bytes:
        let offsets = try memory.region(.dictionaryOffsets, byteCount: 8 * (count + 1))
        do throws(EncodingError) {
          let total = try offsets.withMutableBytes(0..<8 * (count + 1)) { (target) throws(EncodingError) in
            try ByteArrays.offsets(of: bytes, .plain, count: count, into: &target)
          }
          return try texts(bytes, count: count, total: total, offsets)
        } catch {
          throw .encoding(error, pageByteOffset: byteOffset)
        }
      case .unreadable(let reason): throw .unsupported("column \(location.leaf.name) \(reason)")
      }
    }
  }

  /// `total` is at most the page's bytes, so that the memory was asked for before; a failure to have it is a failure of the encoding to fit.
  private func texts(_ bytes: RawSpan, count: Int, total: Int, _ offsets: MappedRegion) throws(EncodingError) -> ChunkDictionary {
    let values: MappedRegion
    do throws(ParquetReadError) { values = try memory.region(.dictionaryValues, byteCount: total) } catch {
      throw EncodingError("dictionary", at: 0, found: "texts of \(total) bytes", expected: "fewer, for which the memory cap has room")
    }
    let places = offsets.bytes
    try values.withMutableBytes(0..<total) { (target) throws(EncodingError) in
      try ByteArrays.bytes(of: bytes, .plain, count: count, offsets: places.extracting(first: 8 * (count + 1)), into: &target)
    }
    return ChunkDictionary(valueCount: count, values: values, offsets: offsets, byteCount: total)
  }
}
