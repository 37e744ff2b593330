// PLAIN (0) values of fixed width, and booleans in both of their encodings.

internal import ByteParsing

public enum Plain {
  /// Copies `values` (their ordinals in the page) of `valueByteCount` bytes to the start of `output`. Bytes behind the page's last value are ignored.
  public static func decode(_ data: RawSpan, values: Range<Int>, valueByteCount: Int, into output: inout MutableRawSpan) throws(EncodingError) {
    precondition(valueByteCount > 0 && values.lowerBound >= 0)
    requireOutput(output, values.count * valueByteCount)
    guard values.upperBound <= data.byteCount / valueByteCount else {
      throw EncodingError(
        "PLAIN values", at: data.byteCount, found: "\(data.byteCount) bytes", expected: "\(values.upperBound) values of \(valueByteCount) bytes")
    }
    output.copy(data.extracting(values.lowerBound * valueByteCount..<values.upperBound * valueByteCount), to: 0)
  }

  /// Unpacks `values` of a bit-packed page of booleans, the lowest bit first, to bytes 0 and 1 at the start of `output`.
  public static func decodeBooleans(_ data: RawSpan, values: Range<Int>, into output: inout MutableRawSpan) throws(EncodingError) {
    precondition(values.lowerBound >= 0)
    requireOutput(output, values.count)
    guard BitUnpacker.byteCount(values.upperBound, bitWidth: 1) <= data.byteCount else {
      throw EncodingError("PLAIN booleans", at: data.byteCount, found: "\(data.byteCount) bytes", expected: "\(values.upperBound) bits")
    }
    unpackBits(data, from: values.lowerBound, count: values.count, into: &output, at: 0)
  }

  /// RLE (3) booleans: a length of four bytes, then runs of one bit; `count` bytes 0 and 1 at the start of `output`.
  public static func decodeRunLengthBooleans(_ data: RawSpan, count: Int, into output: inout MutableRawSpan) throws(EncodingError) {
    requireOutput(output, count)
    guard count > 0 else { return }
    var byteOffset = 0
    let section = try Levels.section(of: data, at: &byteOffset)
    var runs = try HybridRuns(section, bitWidth: 1, valueCount: count)
    var done = 0
    while let run = try runs.next() {
      switch run {
      case .repeated(let value, let count): output.fill(done..<done + count, with: UInt8(value))
      case .packed(let byteOffset, let count): unpackBits(section, from: byteOffset * 8, count: count, into: &output, at: done)
      }
      done += run.count
    }
  }

  /// The bits are there.
  private static func unpackBits(_ data: RawSpan, from first: Int, count: Int, into output: inout MutableRawSpan, at begin: Int) {
    var done = 0
    // Up to the next whole byte of the data, then eight at a time: bit i goes to byte i of a word.
    while done < count {
      let bit = first + done
      if bit & 7 == 0, count - done >= 8 {
        let byte = UInt64(data.littleEndianUInt8(at: bit >> 3))
        let spread = (byte &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
        let word = ((spread &+ 0x7F7F_7F7F_7F7F_7F7F) | spread) >> 7 & 0x0101_0101_0101_0101
        output.storeBytes(of: word.littleEndian, toByteOffset: begin + done, as: UInt64.self)
        done += 8
      } else {
        output.storeBytes(of: data.littleEndianUInt8(at: bit >> 3) >> UInt8(bit & 7) & 1, toByteOffset: begin + done, as: UInt8.self)
        done += 1
      }
    }
  }
}
