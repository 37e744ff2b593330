// What can be wrong with encoded bytes.

/// Bytes of a page that do not follow their encoding.
public struct EncodingError: Error, Sendable, Equatable {
  /// What was read (`DELTA_BINARY_PACKED header`).
  public var part: String
  /// The first byte concerned, from the start of the bytes that were handed over.
  public var byteOffset: Int
  public var found: String
  public var expected: String

  public init(_ part: String, at byteOffset: Int, found: String, expected: String) {
    self.part = part
    self.byteOffset = byteOffset
    self.found = found
    self.expected = expected
  }
}

extension EncodingError: CustomStringConvertible {
  public var description: String { "\(part), byte \(byteOffset): \(found), expected \(expected)" }
}

/// The caller hands over memory of the right size; what a file says is checked by errors, not by this.
@inline(__always)
func requireOutput(_ output: borrowing MutableRawSpan, _ byteCount: Int) {
  precondition(output.byteCount >= byteCount, "the output has \(output.byteCount) bytes, \(byteCount) are needed")
}
