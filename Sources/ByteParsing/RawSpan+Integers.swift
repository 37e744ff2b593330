// Little-endian integers at any place of a span, aligned or not.

extension RawSpan {
  /// Traps when the place is outside the span, as a subscript does: to be asked for places that were checked.
  @inlinable
  public func littleEndianUInt8(at byteOffset: Int) -> UInt8 {
    // Sound: the load checks its bounds, and every pattern of bits is an integer.
    unsafe unsafeLoadUnaligned(fromByteOffset: byteOffset, as: UInt8.self)
  }

  @inlinable
  public func littleEndianUInt16(at byteOffset: Int) -> UInt16 {
    // Sound: as above.
    UInt16(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: byteOffset, as: UInt16.self))
  }

  @inlinable
  public func littleEndianUInt32(at byteOffset: Int) -> UInt32 {
    // Sound: as above.
    UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: byteOffset, as: UInt32.self))
  }

  @inlinable
  public func littleEndianUInt64(at byteOffset: Int) -> UInt64 {
    // Sound: as above.
    UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: byteOffset, as: UInt64.self))
  }
}
