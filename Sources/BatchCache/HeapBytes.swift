// Bytes from the allocator, for files too small for a mapping of their own.

/// A fixed run of bytes; the rule of `MappedRegion` holds here too: one writer a byte, readers after the writers.
@safe
final class HeapBytes: @unchecked Sendable {
  // Sound: allocated for `byteCount` bytes until `deinit`.
  private let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// What the allocator and the objects around a small batch cost beyond its bytes.
  static let overheadByteCount = 512

  init(byteCount: Int) {
    self.byteCount = byteCount
    unsafe base = .allocate(byteCount: max(1, byteCount), alignment: 64)
  }

  deinit { unsafe base.deallocate() }

  var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      // Sound: the memory outlives the borrow of this object.
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  func withMutableBytes<Result>(_ range: Range<Int>, _ body: (inout MutableRawSpan) -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    // Sound: the range was checked against the allocation, which lives through the call.
    var span = unsafe MutableRawSpan(_unsafeStart: base + range.lowerBound, byteCount: range.count)
    return body(&span)
  }

  @unsafe var address: UnsafeMutableRawPointer { unsafe base }
}
