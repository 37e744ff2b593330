// Filling and copying stretches of output.

extension MutableRawSpan {
  /// Traps where the range is outside the span.
  @_lifetime(self: copy self)
  mutating func fill(_ range: Range<Int>, with byte: UInt8) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    guard !range.isEmpty else { return }
    unsafe withUnsafeMutableBytes { target in
      // Sound: the range lies in the buffer, as checked above.
      unsafe _ = UnsafeMutableRawBufferPointer(rebasing: target[range]).initializeMemory(as: UInt8.self, repeating: byte)
    }
  }

  /// Copies all of `source` to `byteOffset`. Traps where it does not fit.
  @_lifetime(self: copy self)
  mutating func copy(_ source: RawSpan, to byteOffset: Int) {
    precondition(byteOffset >= 0 && source.byteCount <= byteCount - byteOffset)
    guard source.byteCount > 0 else { return }
    unsafe withUnsafeMutableBytes { target in
      // Sound: the source fits, as checked above.
      unsafe source.withUnsafeBytes { bytes in unsafe UnsafeMutableRawBufferPointer(rebasing: target[byteOffset...]).copyMemory(from: bytes) }
    }
  }

  /// Copies a stretch of this output to another place of it. Traps where either lies outside.
  @_lifetime(self: copy self)
  mutating func copyWithin(_ source: Range<Int>, to byteOffset: Int) {
    precondition(source.lowerBound >= 0 && source.upperBound <= byteCount && byteOffset >= 0 && source.count <= byteCount - byteOffset)
    guard !source.isEmpty else { return }
    unsafe withUnsafeMutableBytes { whole in
      guard let base = whole.baseAddress else { return }
      // Sound: both stretches lie in the buffer; copyMemory allows overlap.
      unsafe (base + byteOffset).copyMemory(from: base + source.lowerBound, byteCount: source.count)
    }
  }
}
