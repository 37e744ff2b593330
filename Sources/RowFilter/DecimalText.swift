// Numbers as they are written in decimal, to be compared with decimals digit by digit.

/// Digits with an optional sign, fraction and exponent: ±digits * 10^exponent.
struct DecimalText {
  private let isNegative: Bool
  /// From the first that is not 0 on; none for 0.
  private let digits: [UInt8]
  private let exponent: Int

  /// Nil where the text spells no decimal number, or its exponent is beyond belief.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let whole = Self.takeDigits(&rest)
    guard !whole.isEmpty else { return nil }
    var fraction: ArraySlice<UInt8> = []
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = Self.takeDigits(&rest)
    }
    var exponent = 0
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      guard let found = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), abs(found) <= Self.largestExponent else { return nil }
      exponent = found
    } else if !rest.isEmpty {
      return nil
    }
    digits = Array((whole + fraction).drop { $0 == UInt8(ascii: "0") }).map { $0 - UInt8(ascii: "0") }
    self.exponent = exponent - fraction.count
  }

  private static let largestExponent = 1 << 30

  private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    rest = rest.dropFirst(digits.count)
    return digits
  }

  /// Where a number lies among integers.
  enum Place: Equatable {
    /// The largest integer that is not larger.
    case floor(WideInteger, isExact: Bool)
    /// Below or above all that have 256 bits.
    case below, above
  }

  /// Its place among the unscaled integers of decimals with `scale` digits behind the point.
  func place(scale: Int) -> Place {
    guard !digits.isEmpty else { return .floor(WideInteger(0), isExact: true) }
    // So far behind or before the point that no digit is left, or far too many are; sums stay small.
    let digitCount = digits.count + exponent + max(-Self.largestExponent, min(Self.largestExponent, scale))
    // 2^255 has 77 digits.
    if digitCount > 77 { return isNegative ? .below : .above }
    let kept = digitCount > 0 ? digits.prefix(digitCount) : []
    let isExact = digits.dropFirst(kept.count).allSatisfy { $0 == 0 }
    guard let magnitude = Self.magnitude(kept, zeroCount: max(0, digitCount - digits.count)) else { return isNegative ? .below : .above }
    return .floor(Self.floor(magnitude, isNegative: isNegative, isExact: isExact), isExact: isExact)
  }

  /// The integer of these digits and so many zeros; nil where it has more than 255 bits.
  private static func magnitude(_ digits: ArraySlice<UInt8>, zeroCount: Int) -> (high: UInt128, low: UInt128)? {
    var (high, low): (UInt128, UInt128) = (0, 0)
    for digit in digits + Array(repeating: 0, count: zeroCount) {
      let product = low.multipliedFullWidth(by: 10)
      let (sum, carry) = product.low.addingReportingOverflow(UInt128(digit))
      let (larger, overflow) = high.multipliedReportingOverflow(by: 10)
      let (all, overflow2) = larger.addingReportingOverflow(product.high + (carry ? 1 : 0))
      guard !overflow, !overflow2, all <= UInt128(Int128.max) else { return nil }
      (high, low) = (all, sum)
    }
    return (high, low)
  }

  private static func floor(_ magnitude: (high: UInt128, low: UInt128), isNegative: Bool, isExact: Bool) -> WideInteger {
    guard isNegative else { return WideInteger(high: Int128(magnitude.high), low: magnitude.low) }
    // The complement is the negative less one.
    let complement = WideInteger(high: Int128(truncatingIfNeeded: ~magnitude.high), low: ~magnitude.low)
    return isExact ? complement.successor : complement
  }
}
