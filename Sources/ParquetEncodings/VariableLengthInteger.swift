// ULEB128, which run headers and delta blocks are written in.

internal import ByteParsing

extension RawSpan {
  /// Reads an unsigned number of at most 64 bits at `byteOffset` and moves behind it.
  func readULEB128(_ byteOffset: inout Int, part: @autoclosure () -> String) throws(EncodingError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    let begin = byteOffset
    while byteOffset < byteCount {
      let byte = UInt64(littleEndianUInt8(at: byteOffset))
      byteOffset += 1
      guard shift < 63 || byte <= 1 else { break }
      value |= (byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    throw EncodingError(part(), at: begin, found: byteOffset == byteCount ? "the end of the data" : "a number of more than 64 bits", expected: "a number")
  }
}

/// The signed number that a zigzag one stands for.
func zigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1 ^ (0 &- (value & 1))) }
