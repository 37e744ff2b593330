// Byte arrays of a dictionary: indexes to offsets and bytes.

internal import ByteParsing

extension ByteArrays {
  /// Of a dictionary page: `dictionaryOffsets` and `dictionaryBytes` are what `offsets` and `bytes` made of it (its encoding is PLAIN).
  /// Writes the offsets of the `count` values of `indexes` (a page's values section) and answers the bytes of all.
  public static func offsets(
    ofIndexes indexes: RawSpan, count: Int, dictionaryOffsets: RawSpan, into offsets: inout MutableRawSpan
  ) throws(EncodingError) -> Int {
    requireOutput(offsets, (count + 1) * 8)
    offsets.storeBytes(of: 0, toByteOffset: 0, as: Int64.self)
    var stream = try DictionaryIndexes(indexes, count: count, dictionaryCount: dictionaryOffsets.byteCount / 8 - 1)
    var buffer = InlineArray<1024, UInt32>(repeating: 0)
    var total = 0
    var done = 0
    while let stretch = try stream.next(into: &buffer) {
      let (same, count): (Int?, Int) =
        switch stretch {
        case .same(let index, let count): (index, count)
        case .each(let count): (nil, count)
        }
      for place in 0..<count {
        let index = same ?? Int(buffer[place])
        total += offset(dictionaryOffsets, index + 1) - offset(dictionaryOffsets, index)
        done += 1
        offsets.storeBytes(of: Int64(total), toByteOffset: done * 8, as: Int64.self)
        guard total <= maximumByteCount else {
          throw EncodingError("dictionary indexes", at: 0, found: "values of more than \(maximumByteCount) bytes", expected: "a page's")
        }
      }
    }
    return total
  }

  /// Writes the bytes of the values whose lengths `offsets(ofIndexes:)` summed to the start of `output`.
  public static func bytes(
    ofIndexes indexes: RawSpan, count: Int, dictionaryOffsets: RawSpan, dictionaryBytes: RawSpan, into output: inout MutableRawSpan
  ) throws(EncodingError) {
    var stream = try DictionaryIndexes(indexes, count: count, dictionaryCount: dictionaryOffsets.byteCount / 8 - 1)
    var buffer = InlineArray<1024, UInt32>(repeating: 0)
    var written = 0
    while let stretch = try stream.next(into: &buffer) {
      switch stretch {
      case .same(let index, let count):
        let value = dictionaryBytes.extracting(offset(dictionaryOffsets, index)..<offset(dictionaryOffsets, index + 1))
        Gather.fill(&output, written, count, value)
        written += count * value.byteCount
      case .each(let count):
        for place in 0..<count {
          let index = Int(buffer[place])
          let value = dictionaryBytes.extracting(offset(dictionaryOffsets, index)..<offset(dictionaryOffsets, index + 1))
          output.copy(value, to: written)
          written += value.byteCount
        }
      }
    }
  }
}
