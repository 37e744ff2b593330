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
    case .wide(let bytes): return DecimalText.text(littleEndian: bytes, scale: decimalScale ?? 0)
    case .bytes(let bytes): return text(of: bytes)
    case .integer(let value):
      if valueType == .fixed(.bool, .bits) { return value == 0 ? "false" : "true" }
      if let decimalScale { return DecimalText.text(value, scale: decimalScale) }
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
}
