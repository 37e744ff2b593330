// Stored bytes for people.

public enum ByteText {
  /// `'PK'` where all are printable ASCII, else `7f 45 4c 46`.
  public static func text(_ bytes: [UInt8]) -> String {
    !bytes.isEmpty && bytes.allSatisfy { (0x20..<0x7F).contains($0) } ? "'\(String(decoding: bytes, as: UTF8.self))'" : hexadecimal(bytes)
  }

  /// `7f 45 4c 46`.
  public static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }

  /// Whether bytes are text: UTF-8 without control characters but tabs and ends of lines.
  public static func isText(_ bytes: RawSpan) -> Bool {
    var isASCII = true
    for place in 0..<bytes.byteCount {
      switch bytes.littleEndianUInt8(at: place) {
      case 0x09, 0x0A, 0x0D, 0x20..<0x7F: break
      case 0x80...: isASCII = false
      default: return false
      }
    }
    if isASCII { return true }
    let text = String(validating: (0..<bytes.byteCount).map { bytes.littleEndianUInt8(at: $0) }, as: UTF8.self)
    return text?.unicodeScalars.allSatisfy { !(0x80..<0xA0).contains($0.value) } ?? false
  }
}
