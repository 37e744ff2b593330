// Decodes base64 (RFC 4648, section 4).

enum Base64 {
  /// The bytes of a text; nil when a character has no place in it. Padding may be left out.
  static func decode(_ text: RawSpan) -> [UInt8]? {
    let digits = text.copy(0..<text.byteCount)
    let end = digits.count - digits.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard end % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end / 4 * 3 + 3)
    var (bits, bitCount): (UInt32, UInt32) = (0, 0)
    for digit in digits[..<end] {
      guard let value = value(of: digit) else { return nil }
      bits = bits << 6 | value
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
        bits &= (1 << bitCount) - 1
      }
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit) - 97 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit) - 48 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
