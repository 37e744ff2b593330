// A place in bytes that are parsed from front to back.

/// Reads untrusted bytes in order. Every read is checked; one that throws leaves the cursor where it was.
public struct ByteCursor: ~Escapable {
  /// All the data, not only what remains.
  public let bytes: RawSpan
  /// The next byte to read, from the start of `bytes`; 0 to `bytes.byteCount`.
  public private(set) var byteOffset: Int

  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) {
    self.bytes = bytes
    byteOffset = 0
  }

  /// The number of bytes not yet read.
  public var remaining: Int { bytes.byteCount - byteOffset }

  @_lifetime(self: copy self)
  public mutating func readUInt8() throws(ParsingError) -> UInt8 { bytes.littleEndianUInt8(at: try advance(1)) }

  @_lifetime(self: copy self)
  public mutating func readUInt16() throws(ParsingError) -> UInt16 { bytes.littleEndianUInt16(at: try advance(2)) }

  @_lifetime(self: copy self)
  public mutating func readUInt32() throws(ParsingError) -> UInt32 { bytes.littleEndianUInt32(at: try advance(4)) }

  @_lifetime(self: copy self)
  public mutating func readUInt64() throws(ParsingError) -> UInt64 { bytes.littleEndianUInt64(at: try advance(8)) }

  @_lifetime(self: copy self)
  public mutating func skip(_ byteCount: Int) throws(ParsingError) { _ = try advance(byteCount) }

  /// The next `byteCount` bytes, which are then read.
  @_lifetime(copy self)
  public mutating func take(_ byteCount: Int) throws(ParsingError) -> RawSpan {
    let start = try advance(byteCount)
    return bytes.extracting(start..<start + byteCount)
  }

  /// Goes to a place counted from the start of the data; its end is one.
  @_lifetime(self: copy self)
  public mutating func seek(to target: Int) throws(ParsingError) {
    guard target >= 0, target <= bytes.byteCount else {
      throw ParsingError(byteOffset: byteOffset, problem: .outsideData(target: target, byteCount: bytes.byteCount))
    }
    byteOffset = target
  }

  /// Moves over `byteCount` bytes and answers where they begin.
  @_lifetime(self: copy self)
  private mutating func advance(_ byteCount: Int) throws(ParsingError) -> Int {
    guard byteCount >= 0 else { throw ParsingError(byteOffset: byteOffset, problem: .negativeByteCount(byteCount)) }
    guard byteCount <= remaining else {
      throw ParsingError(byteOffset: byteOffset, problem: .endOfData(needed: byteCount, remaining: remaining))
    }
    defer { byteOffset += byteCount }
    return byteOffset
  }
}
