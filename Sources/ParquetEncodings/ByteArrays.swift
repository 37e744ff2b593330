// Values of differing lengths in all their encodings: first where each will lie, then the bytes.

internal import ByteParsing

/// Text and binary columns become offsets and bytes, in two steps: `offsets` writes `count` + 1 `Int64` (the first 0) and answers the bytes of all values,
/// for which the caller then makes room; `bytes` writes them. Both steps are given the same data, and `bytes` the offsets of the first step.
public enum ByteArrays {
  public enum Encoding: Sendable {
    /// PLAIN (0): each value after its length of four bytes.
    case plain
    /// DELTA_LENGTH_BYTE_ARRAY (6): all lengths, then all bytes.
    case deltaLength
    /// DELTA_BYTE_ARRAY (7): how many bytes each value shares with the one before, then the others.
    case delta
  }

  /// The limit of a page's bytes; a sum above it is an error. Repeated prefixes would otherwise make terabytes of a few.
  public static let maximumByteCount = 1 << 40

  /// Writes the offsets of `count` values and answers the bytes of all.
  public static func offsets(of data: RawSpan, _ encoding: Encoding, count: Int, into offsets: inout MutableRawSpan) throws(EncodingError) -> Int {
    precondition(count >= 0)
    requireOutput(offsets, (count + 1) * 8)
    offsets.storeBytes(of: 0, toByteOffset: 0, as: Int64.self)
    guard count > 0 else { return 0 }
    switch encoding {
    case .plain: return try plainOffsets(data, count, &offsets)
    case .deltaLength: return try deltaLengthOffsets(data, count, &offsets)
    case .delta: return try DeltaByteArrays.offsets(data, count, &offsets)
    }
  }

  /// Writes the bytes of the values whose `offsets` were found before to the start of `output`.
  public static func bytes(of data: RawSpan, _ encoding: Encoding, count: Int, offsets: RawSpan, into output: inout MutableRawSpan) throws(EncodingError) {
    guard count > 0 else { return }
    let total = offset(offsets, count)
    requireOutput(output, total)
    switch encoding {
    case .plain:
      var source = 0
      for index in 0..<count {
        let (begin, end) = (offset(offsets, index), offset(offsets, index + 1))
        source += 4
        output.copy(data.extracting(source..<source + end - begin), to: begin)
        source += end - begin
      }
    case .deltaLength:
      var lengths = try DeltaBinaryPacked(data, expectedCount: count)
      let begin = try lengths.finish()
      output.copy(data.extracting(begin..<begin + total), to: 0)
    case .delta: try DeltaByteArrays.bytes(data, count, offsets, &output)
    }
  }

  static func offset(_ offsets: RawSpan, _ index: Int) -> Int { Int(truncatingIfNeeded: offsets.littleEndianUInt64(at: index * 8)) }

  private static func plainOffsets(_ data: RawSpan, _ count: Int, _ offsets: inout MutableRawSpan) throws(EncodingError) -> Int {
    var source = 0
    var total = 0
    for index in 1...count {
      guard data.byteCount - source >= 4 else {
        throw EncodingError(
          "PLAIN byte arrays", at: source, found: "\(data.byteCount - source) bytes", expected: "the length of value \(index - 1) of \(count)")
      }
      let length = Int(data.littleEndianUInt32(at: source))
      guard length <= data.byteCount - source - 4 else {
        throw EncodingError(
          "PLAIN byte arrays", at: source, found: "a length of \(length)", expected: "at most \(data.byteCount - source - 4), the rest of the page")
      }
      source += 4 + length
      total += length
      offsets.storeBytes(of: Int64(total), toByteOffset: index * 8, as: Int64.self)
    }
    return total
  }

  private static func deltaLengthOffsets(_ data: RawSpan, _ count: Int, _ offsets: inout MutableRawSpan) throws(EncodingError) -> Int {
    var lengths = try DeltaBinaryPacked(data, expectedCount: count)
    var values = InlineArray<256, Int64>(repeating: 0)
    var total = 0
    var done = 0
    while true {
      let found = try lengths.next(into: &values)
      if found == 0 { break }
      for index in 0..<found {
        let length = values[index]
        // Lengths are numbers of 32 bits.
        guard length >= 0, length <= data.byteCount, total <= data.byteCount else {
          throw EncodingError("DELTA_LENGTH_BYTE_ARRAY", at: 0, found: "a length of \(length)", expected: "0 to \(data.byteCount)")
        }
        total += Int(length)
        offsets.storeBytes(of: Int64(total), toByteOffset: (done + index + 1) * 8, as: Int64.self)
      }
      done += found
    }
    let begin = try lengths.finish()
    guard total <= data.byteCount - begin else {
      throw EncodingError("DELTA_LENGTH_BYTE_ARRAY", at: begin, found: "\(data.byteCount - begin) bytes", expected: "\(total), the sum of the lengths")
    }
    return total
  }
}
