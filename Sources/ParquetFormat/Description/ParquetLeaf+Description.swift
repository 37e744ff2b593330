// Columns in words.

internal import NumPyFormat

extension ParquetLeaf {
  /// What is stored, as `FIXED_LEN_BYTE_ARRAY(16) UUID`.
  public var storedDescription: String {
    let length = physicalType == .fixedLengthByteArray ? "(\(typeLength.map(String.init) ?? "?"))" : ""
    return physicalType.name + length + (logicalType.map { " \($0)" } ?? "")
  }

  /// What NumPy receives: `float32`, `float32 [928, 5]`, `ragged lists of int16`, `text`, or why there is nothing.
  public var arrayDescription: String {
    let element =
      switch valueType {
      // NumPy's name counts the bits of opaque bytes, its code counts the bytes.
      case .fixed(let type, _): if case .void = type { type.descriptor } else { type.name }
      case .bytes(let isText): isText ? "text" : "bytes"
      case .unreadable(let reason): "not readable: \(reason)"
      }
    if case .unreadable = valueType { return element }
    guard let fixedShape else { return String(repeating: "lists of ", count: lists.count) + element }
    return fixedShape.isEmpty ? element : "\(element) \(fixedShape)"
  }

  /// A bound of this column as a person reads it: moments as dates, decimals with their point, text in quotation marks, bytes as hexadecimal digits.
  public func text(of bound: ParquetBound) -> String {
    switch bound {
    case .unsigned(let value): return "\(value)"
    case .real(let value):
      // The sign of a zero is not the column's: bounds have the one that leaves nothing out.
      if value == 0 { return "0.0" }
      return physicalType == .float && value.isFinite ? "\(Float(value))" : "\(value)"
    case .wide(let bytes): return Self.decimal(isNegative: bytes.last ?? 0 >= 0x80, digits: Self.digits(ofMagnitude: bytes), scale: decimalScale ?? 0)
    case .bytes(let bytes): return text(of: bytes)
    case .integer(let value):
      if valueType == .fixed(.bool, .bits) { return value == 0 ? "false" : "true" }
      if let decimalScale { return Self.decimal(isNegative: value < 0, digits: String(value.magnitude), scale: decimalScale) }
      switch valueType {
      case .fixed(.datetime64(let unit), _): return unit.text(ofMoment: value)
      case .fixed(.timedelta64(let unit), _): return "\(value) \(unit.rawValue)"
      default: return "\(value)"
      }
    }
  }

  private static let shownByteCount = 24

  private func text(of bytes: [UInt8]) -> String {
    let shown = bytes.prefix(Self.shownByteCount)
    let more = shown.count < bytes.count ? "..." : ""
    if valueType == .bytes(isText: true) {
      // What is no UTF-8, as a character cut in two, is shown as such.
      let characters = String(decoding: shown, as: UTF8.self).unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : String($0) }
      return "\"\(characters.joined())\(more)\""
    }
    let digits = Array("0123456789abcdef")
    return "0x" + shown.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 0xF)])" }.joined() + more
  }

  private static func decimal(isNegative: Bool, digits: String, scale: Int) -> String {
    let sign = isNegative ? "-" : ""
    guard scale > 0, scale <= 76 else { return scale == 0 ? sign + digits : "\(sign)\(digits)e\(-scale)" }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(scale)).\(padded.suffix(scale))"
  }

  /// The digits of a number without its sign, two's complement, the lowest byte first.
  private static func digits(ofMagnitude bytes: [UInt8]) -> String {
    var rest = bytes
    if rest.last ?? 0 >= 0x80 {
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
    return String(digits.reversed())
  }
}

extension TimeUnit {
  /// `2024-01-31`, and a time of day for units below days, with all their digits; in the calendar that is used today, as NumPy shows moments.
  fileprivate func text(ofMoment count: Int64) -> String {
    let (perSecond, digitCount): (Int64, Int) =
      switch self {
      case .days, .seconds: (1, 0)
      case .milliseconds: (1000, 3)
      case .microseconds: (1_000_000, 6)
      case .nanoseconds: (1_000_000_000, 9)
      }
    let perDay = self == .days ? 1 : 86_400 * perSecond
    var (days, rest) = count.quotientAndRemainder(dividingBy: perDay)
    if rest < 0 { (days, rest) = (days - 1, rest + perDay) }
    // Years of more than nine digits are nobody's, and beyond the arithmetic below.
    guard days.magnitude < 1 << 38 else { return count == .min ? "NaT" : "\(count) \(rawValue)" }
    let date = Self.date(ofDay: days)
    if self == .days { return date }
    func padded(_ value: Int64, _ width: Int) -> String { String(repeating: "0", count: max(0, width - String(value).count)) + String(value) }
    let seconds = rest / perSecond
    let time = "T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    return date + time + (digitCount == 0 ? "" : "." + padded(rest % perSecond, digitCount))
  }

  /// The date of a day counted from 1970-01-01: eras of 400 years, and years that begin in March, so that leap days come last.
  private static func date(ofDay day: Int64) -> String {
    let shifted = day &+ 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
    let civilMonth = month < 10 ? month + 3 : month - 9
    let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
    return
      "\(year < 1000 && year >= 0 ? String(repeating: "0", count: 4 - String(year).count) : "")\(year)-\(civilMonth < 10 ? "0" : "")\(civilMonth)-\(dayOfMonth < 10 ? "0" : "")\(dayOfMonth)"
  }
}
