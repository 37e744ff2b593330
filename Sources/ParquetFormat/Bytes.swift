// Copies of bytes and texts of spans.

extension RawSpan {
  /// A copy of some of the bytes. Traps when they are outside the span.
  func copy(_ range: Range<Int>) -> [UInt8] {
    // Sound: the buffer lives for the whole call, and is copied.
    unsafe extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// Some of the bytes as text; what is no UTF-8 is replaced. Traps when they are outside the span.
  func text(_ range: Range<Int>) -> String {
    // Sound: as above.
    unsafe extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
