// Decimals with their point. Arrays hold them without: as whole numbers of the last digit.

public enum DecimalText {
  /// The most digits behind the point that are spelled out; beyond, and for scales below 0, an exponent is.
  private static let longestScale = 76

  /// `-12.34` of -1234 with the scale 2: all digits behind the point are there, so that what is read back has the same scale.
  public static func text(_ unscaled: Int64, scale: Int) -> String { text(isNegative: unscaled < 0, digits: String(unscaled.magnitude), scale: scale) }

  /// The same of a number in two's complement, the lowest byte first.
  public static func text(littleEndian bytes: [UInt8], scale: Int) -> String {
    var rest = bytes
    let isNegative = rest.last ?? 0 >= 0x80
    if isNegative {
      var carry = true
      for index in rest.indices { (rest[index], carry) = (~rest[index]).addingReportingOverflow(carry ? 1 : 0) }
    }
    var digits: [Character] = []
    repeat {
      var remainder = 0
      for index in rest.indices.reversed() {
        let value = remainder << 8 | Int(rest[index])
        rest[index] = UInt8(value / 10)
        remainder = value % 10
      }
      digits.append(Character("\(remainder)"))
    } while rest.contains { $0 != 0 }
    return text(isNegative: isNegative, digits: String(digits.reversed()), scale: scale)
  }

  private static func text(isNegative: Bool, digits: String, scale: Int) -> String {
    let sign = isNegative ? "-" : ""
    guard scale > 0, scale <= longestScale else { return scale == 0 ? sign + digits : "\(sign)\(digits)e\(-scale)" }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
    return "\(sign)\(padded.dropLast(scale)).\(padded.suffix(scale))"
  }
}
