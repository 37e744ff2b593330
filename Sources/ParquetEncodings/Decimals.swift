// Unscaled decimals, stored with the highest byte first, to integers.

internal import ByteParsing

public enum Decimals {
  /// Turns `count` two's complement numbers of `valueByteCount` bytes each (FIXED_LEN_BYTE_ARRAY), the highest byte first, into little-endian integers of
  /// `resultByteCount` 8, 16 or 32 bytes.
  /// - Throws: for a number that the result does not hold.
  public static func decode(_ data: RawSpan, count: Int, valueByteCount: Int, resultByteCount: Int, into output: inout MutableRawSpan) throws(EncodingError) {
    precondition(count >= 0 && valueByteCount > 0 && data.byteCount >= count * valueByteCount)
    requireOutput(output, count * resultByteCount)
    for index in 0..<count { try decode(data, index * valueByteCount..<(index + 1) * valueByteCount, index, resultByteCount, &output) }
  }

  /// The same for numbers of differing lengths (BYTE_ARRAY) whose `count` + 1 offsets are those of `ByteArrays`. No bytes are 0, as Hive and DuckDB have it.
  public static func decode(_ bytes: RawSpan, offsets: RawSpan, count: Int, resultByteCount: Int, into output: inout MutableRawSpan) throws(EncodingError) {
    precondition(count >= 0)
    requireOutput(output, count * resultByteCount)
    for index in 0..<count {
      try decode(bytes, ByteArrays.offset(offsets, index)..<ByteArrays.offset(offsets, index + 1), index, resultByteCount, &output)
    }
  }

  private static func decode(
    _ data: RawSpan, _ range: Range<Int>, _ index: Int, _ resultByteCount: Int, _ output: inout MutableRawSpan
  ) throws(EncodingError) {
    precondition(resultByteCount == 8 || resultByteCount == 16 || resultByteCount == 32)
    guard !range.isEmpty else {
      output.fill(index * resultByteCount..<(index + 1) * resultByteCount, with: 0)
      return
    }
    let isNegative = data.littleEndianUInt8(at: range.lowerBound) >= 0x80
    let extensionByte: UInt8 = isNegative ? 0xFF : 0
    let first = max(range.lowerBound, range.upperBound - resultByteCount)
    // What is before the result's bytes must only repeat the sign, and the sign be that of the result.
    var fits = first == range.lowerBound || (data.littleEndianUInt8(at: first) >= 0x80) == isNegative
    for place in range.lowerBound..<first where data.littleEndianUInt8(at: place) != extensionByte { fits = false }
    guard fits else {
      throw EncodingError("decimals", at: range.lowerBound, found: "value \(index), of \(range.count) bytes", expected: "a number of \(resultByteCount) bytes")
    }
    if resultByteCount == 32 {
      let begin = index * 32
      let end = begin + range.upperBound - first
      for place in first..<range.upperBound {
        output.storeBytes(of: data.littleEndianUInt8(at: place), toByteOffset: end - 1 - (place - first), as: UInt8.self)
      }
      output.fill(end..<begin + 32, with: extensionByte)
      return
    }
    var value: UInt128 = isNegative ? .max : 0
    for place in first..<range.upperBound { value = value << 8 | UInt128(data.littleEndianUInt8(at: place)) }
    if resultByteCount == 8 {
      output.storeBytes(of: UInt64(truncatingIfNeeded: value).littleEndian, toByteOffset: index * 8, as: UInt64.self)
    } else {
      output.storeBytes(of: UInt64(truncatingIfNeeded: value).littleEndian, toByteOffset: index * 16, as: UInt64.self)
      output.storeBytes(of: UInt64(truncatingIfNeeded: value >> 64).littleEndian, toByteOffset: index * 16 + 8, as: UInt64.self)
    }
  }
}
