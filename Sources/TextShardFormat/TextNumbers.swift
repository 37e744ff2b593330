// Numbers as Python's str() writes them.

internal import ByteParsing

enum TextNumbers {
  /// A whole number in decimal digits, with a sign or without; nil for anything else and for what 64 bits do not hold.
  static func integer(_ range: Range<Int>, in data: RawSpan) -> Int64? {
    var digits = range
    guard let first = digits.first else { return nil }
    let sign = data.littleEndianUInt8(at: first)
    let isNegative = sign == UInt8(ascii: "-")
    if isNegative || sign == UInt8(ascii: "+") { digits = digits.dropFirst() }
    if digits.isEmpty { return nil }
    var value: Int64 = 0
    for offset in digits {
      let digit = data.littleEndianUInt8(at: offset) &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      // Counted downwards, since the least number has no positive counterpart.
      let (next, borrow) = tens.subtractingReportingOverflow(Int64(digit))
      guard !overflow, !borrow else { return nil }
      value = next
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }

  /// A decimal number, `nan`, `inf` or `infinity` in any case with a sign or without, as Python's `float()` takes them; nil for anything else.
  static func double(_ range: Range<Int>, in data: RawSpan) -> Double? {
    guard !range.isEmpty, range.count <= 4096 else { return nil }
    var isDecimal = true
    let text = String(
      decoding: range.map { offset in
        let byte = data.littleEndianUInt8(at: offset)
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): break
        default: isDecimal = false
        }
        return byte
      }, as: UTF8.self)
    if isDecimal { return Double(text) }
    switch text.lowercased() {
    case "nan", "+nan", "-nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }

  static func isUTF8(_ range: Range<Int>, in data: RawSpan) -> Bool {
    // Sound: the buffer lives for the whole call.
    unsafe data.extracting(range).withUnsafeBytes { buffer in
      let bytes = unsafe buffer.bindMemory(to: UInt8.self)
      return unsafe (try? UTF8Span(validating: bytes.span)) != nil
    }
  }
}
