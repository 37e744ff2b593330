// The bytes of an array as a span.

extension [UInt8] {
  public var rawSpan: RawSpan {
    @_lifetime(borrow self)
    get {
      // Sound: every byte of an array of bytes is initialised.
      unsafe span.bytes
    }
  }

  /// Hands the bytes to `body`, which may change them.
  public mutating func withMutableRawSpan<Result, Failure: Error>(
    _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = mutableSpan
    // Sound: any byte is a valid UInt8.
    var bytes = unsafe span.mutableBytes
    return try body(&bytes)
  }
}
