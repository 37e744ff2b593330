// A chunk's dictionary, read and decoded once for the pages that follow.

internal import NumPyFormat
internal import ParquetEncodings
internal import ParquetFormat
internal import Platform

extension PageReader {
  /// Reads and decodes the dictionary page at a place of the file.
  func dictionary(byteOffset: Int, byteCount: Int, in file: borrowing InputFile) throws(ParquetReadError) -> ChunkDictionary {
    try withDictionary(byteOffset: byteOffset, byteCount: byteCount, in: file) { (count, bytes, region, begin) throws(ParquetReadError) in
      // The count is a promise of the file: no memory is taken for values that cannot be there.
      guard count <= bytes.byteCount * 8 else {
        throw .contradiction("a dictionary of \(count) values in \(bytes.byteCount) bytes", byteOffset: byteOffset)
      }
      switch location.leaf.valueType {
      case .fixed(let type, let conversion):
        let values = try memory.region(.dictionaryValues, byteCount: count * type.byteCount)
        try decodeAll(bytes, .plain, count: count, type, conversion, into: values, pageByteOffset: byteOffset)
        return ChunkDictionary(valueCount: count, values: values, offsets: values, begin: 0, byteCount: count * type.byteCount)
      case .bytes:
        let offsets = try memory.region(.dictionaryOffsets, byteCount: 8 * (count + 1))
        do throws(EncodingError) {
          _ = try offsets.withMutableBytes(0..<8 * (count + 1)) { (target) throws(EncodingError) in
            try ByteArrays.offsets(of: bytes, .plain, count: count, into: &target)
          }
        } catch {
          throw .encoding(error, pageByteOffset: byteOffset)
        }
        // The texts stay where they are, each behind its length.
        return ChunkDictionary(valueCount: count, values: region, offsets: offsets, begin: begin, byteCount: bytes.byteCount)
      case .unreadable(let reason): throw .unsupported("column \(location.leaf.name) \(reason)")
      }
    }
  }
}
