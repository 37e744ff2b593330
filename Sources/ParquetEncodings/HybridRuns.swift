// The RLE / bit-packed hybrid of levels, dictionary indexes and booleans, as runs (parquet-format, Encodings.md, "RLE").

internal import ByteParsing

/// Walks the runs of a hybrid stream without expanding them. Yields exactly `valueCount` values in all, or throws.
public struct HybridRuns: ~Escapable {
  public enum Run: Equatable, Sendable {
    /// `count` times the same value, which has at most as many bits as the stream's values.
    case repeated(value: UInt32, count: Int)
    /// `count` bit-packed values from a byte of the data on; the data have all of their bits.
    case packed(byteOffset: Int, count: Int)

    public var count: Int {
      switch self {
      case .repeated(_, let count), .packed(_, let count): count
      }
    }
  }

  public let data: RawSpan
  /// 0 to 32.
  public let bitWidth: Int
  /// Values not yet yielded.
  public private(set) var remaining: Int
  /// Where the next run begins.
  public private(set) var byteOffset = 0

  /// `data`: the runs, without a length before them.
  /// - Throws: where `bitWidth` is none, or `valueCount` is negative.
  @_lifetime(copy data)
  public init(_ data: RawSpan, bitWidth: Int, valueCount: Int) throws(EncodingError) {
    guard (0...32).contains(bitWidth) else { throw EncodingError("bit width of runs", at: 0, found: "\(bitWidth)", expected: "0 to 32") }
    guard valueCount >= 0 else { throw EncodingError("number of values", at: 0, found: "\(valueCount)", expected: "0 or more") }
    self.data = data
    self.bitWidth = bitWidth
    remaining = valueCount
  }

  /// The next run, cut to the values that are still to come; nil behind the last. Values of no bits need no data.
  ///
  /// A bit-packed run is of groups of eight; what is missing of the last group's padding is not missed.
  @_lifetime(self: copy self)
  public mutating func next() throws(EncodingError) -> Run? {
    guard remaining > 0 else { return nil }
    if bitWidth == 0 {
      defer { remaining = 0 }
      return .repeated(value: 0, count: remaining)
    }
    while true {
      let begin = byteOffset
      guard begin < data.byteCount else {
        throw EncodingError("runs", at: begin, found: "the end of the data", expected: "\(remaining) more values")
      }
      let header = try data.readULEB128(&byteOffset, part: "header of a run")
      let length = header >> 1
      guard length <= UInt32.max else { throw EncodingError("header of a run", at: begin, found: "a length of \(length)", expected: "less than 2^32") }
      if length == 0 { continue }
      if header & 1 == 0 {
        let value = try readValue(begin)
        let count = min(Int(length), remaining)
        remaining -= count
        return .repeated(value: value, count: count)
      }
      let count = min(Int(length) * 8, remaining)
      let needed = BitUnpacker.byteCount(count, bitWidth: bitWidth)
      guard needed <= data.byteCount - byteOffset else {
        throw EncodingError(
          "bit-packed run", at: begin, found: "\(data.byteCount - byteOffset) bytes", expected: "\(needed) for \(count) values of \(bitWidth) bits")
      }
      defer {
        byteOffset = min(data.byteCount, byteOffset + Int(length) * bitWidth)
        remaining -= count
      }
      return .packed(byteOffset: byteOffset, count: count)
    }
  }

  @_lifetime(self: copy self)
  private mutating func readValue(_ begin: Int) throws(EncodingError) -> UInt32 {
    let byteCount = (bitWidth + 7) / 8
    guard data.byteCount - byteOffset >= byteCount else {
      throw EncodingError("repeated run", at: begin, found: "\(data.byteCount - byteOffset) bytes", expected: "a value of \(byteCount)")
    }
    var value: UInt64 = 0
    for place in 0..<byteCount { value |= UInt64(data.littleEndianUInt8(at: byteOffset + place)) << UInt64(8 * place) }
    guard value >> UInt64(bitWidth) == 0 else {
      throw EncodingError("repeated run", at: begin, found: "the value \(value)", expected: "one of \(bitWidth) bits")
    }
    byteOffset += byteCount
    return UInt32(value)
  }
}
