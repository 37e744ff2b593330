// DELTA_BYTE_ARRAY (7): prefix lengths, then the rest of each value as DELTA_LENGTH_BYTE_ARRAY. Nothing is allocated.

internal import ByteParsing

enum DeltaByteArrays {
  /// Gives two streams of lengths number by number, side by side.
  private struct Lengths: ~Escapable {
    private var prefixes: DeltaBinaryPacked
    private var suffixes: DeltaBinaryPacked
    private var prefixBuffer = InlineArray<256, Int64>(repeating: 0)
    private var suffixBuffer = InlineArray<256, Int64>(repeating: 0)
    private var prefixPlace = (next: 0, end: 0)
    private var suffixPlace = (next: 0, end: 0)
    private var previousLength: Int64 = 0
    /// Where the suffixes' bytes begin, and how many there are.
    let bytesBegin: Int
    let byteCount: Int

    @_lifetime(copy data)
    init(_ data: RawSpan, _ count: Int) throws(EncodingError) {
      prefixes = try DeltaBinaryPacked(data, expectedCount: count)
      var walk = try DeltaBinaryPacked(data, expectedCount: count)
      let begin = try walk.finish()
      let rest = data.extracting(begin...)
      suffixes = try DeltaBinaryPacked(rest, expectedCount: count)
      var second = try DeltaBinaryPacked(rest, expectedCount: count)
      bytesBegin = begin + (try second.finish())
      byteCount = data.byteCount - bytesBegin
    }

    /// The lengths of the next value's two parts, both checked: the prefix lies in the value before, the suffix is not longer than the data.
    @_lifetime(self: copy self)
    mutating func next() throws(EncodingError) -> (prefix: Int, suffix: Int) {
      if prefixPlace.next == prefixPlace.end { prefixPlace = (0, try prefixes.next(into: &prefixBuffer)) }
      if suffixPlace.next == suffixPlace.end { suffixPlace = (0, try suffixes.next(into: &suffixBuffer)) }
      let (prefix, suffix) = (prefixBuffer[prefixPlace.next], suffixBuffer[suffixPlace.next])
      prefixPlace.next += 1
      suffixPlace.next += 1
      guard prefix >= 0, prefix <= previousLength else {
        throw EncodingError("DELTA_BYTE_ARRAY", at: 0, found: "a prefix of \(prefix) bytes", expected: "0 to \(previousLength), the length of the value before")
      }
      guard suffix >= 0, suffix <= byteCount else {
        throw EncodingError("DELTA_BYTE_ARRAY", at: bytesBegin, found: "a suffix of \(suffix) bytes", expected: "0 to \(byteCount), the rest of the page")
      }
      previousLength = prefix + suffix
      return (Int(prefix), Int(suffix))
    }
  }

  static func offsets(_ data: RawSpan, _ count: Int, _ offsets: inout MutableRawSpan) throws(EncodingError) -> Int {
    var lengths = try Lengths(data, count)
    var total = 0
    var suffixTotal = 0
    for index in 1...count {
      let (prefix, suffix) = try lengths.next()
      // Neither sum overflows: every value is at most as long as all suffixes together, and the sums are checked as they grow.
      suffixTotal += suffix
      guard suffixTotal <= lengths.byteCount else {
        throw EncodingError(
          "DELTA_BYTE_ARRAY", at: lengths.bytesBegin, found: "\(lengths.byteCount) bytes", expected: "at least \(suffixTotal), the sum of the suffixes")
      }
      total += prefix + suffix
      guard total <= ByteArrays.maximumByteCount else {
        throw EncodingError("DELTA_BYTE_ARRAY", at: 0, found: "values of more than \(ByteArrays.maximumByteCount) bytes", expected: "a page's")
      }
      offsets.storeBytes(of: Int64(total), toByteOffset: index * 8, as: Int64.self)
    }
    return total
  }

  /// The offsets are those of this data.
  static func bytes(_ data: RawSpan, _ count: Int, _ offsets: RawSpan, _ output: inout MutableRawSpan) throws(EncodingError) {
    var lengths = try Lengths(data, count)
    var source = lengths.bytesBegin
    var previous = 0
    for index in 0..<count {
      let begin = ByteArrays.offset(offsets, index)
      let (prefix, suffix) = try lengths.next()
      guard suffix <= data.byteCount - source else {
        throw EncodingError("DELTA_BYTE_ARRAY", at: source, found: "\(data.byteCount - source) bytes", expected: "a suffix of \(suffix)")
      }
      output.copyWithin(previous..<previous + prefix, to: begin)
      output.copy(data.extracting(source..<source + suffix), to: begin + prefix)
      source += suffix
      previous = begin
    }
  }

  /// Values of the same length each, as FIXED_LEN_BYTE_ARRAY has them, straight to `output`.
  static func fixed(_ data: RawSpan, _ count: Int, _ valueByteCount: Int, _ output: inout MutableRawSpan) throws(EncodingError) {
    var lengths = try Lengths(data, count)
    var source = lengths.bytesBegin
    for index in 0..<count {
      let (prefix, suffix) = try lengths.next()
      guard prefix + suffix == valueByteCount else {
        throw EncodingError("DELTA_BYTE_ARRAY", at: source, found: "value \(index) of \(prefix + suffix) bytes", expected: "\(valueByteCount)")
      }
      guard suffix <= data.byteCount - source else {
        throw EncodingError("DELTA_BYTE_ARRAY", at: source, found: "\(data.byteCount - source) bytes", expected: "a suffix of \(suffix)")
      }
      let begin = index * valueByteCount
      if prefix > 0 { output.copyWithin(begin - valueByteCount..<begin - valueByteCount + prefix, to: begin) }
      output.copy(data.extracting(source..<source + suffix), to: begin + prefix)
      source += suffix
    }
  }
}

extension ByteArrays {
  /// DELTA_BYTE_ARRAY of FIXED_LEN_BYTE_ARRAY values: `count` values of `valueByteCount` bytes at the start of `output`.
  public static func decodeFixedDelta(_ data: RawSpan, count: Int, valueByteCount: Int, into output: inout MutableRawSpan) throws(EncodingError) {
    precondition(valueByteCount > 0 && count >= 0)
    requireOutput(output, count * valueByteCount)
    if count > 0 { try DeltaByteArrays.fixed(data, count, valueByteCount, &output) }
  }
}
