// Writes JSON texts: string literals alone, or whole objects and arrays.

/// Appends JSON values to a growing text. Keys and values must alternate as the syntax wants; commas and colons come by themselves.
public struct JSONWriter: Sendable {
  /// What stands between the tokens.
  public enum Spacing: Sendable {
    /// Nothing.
    case none
    /// A space after commas and colons, and everything beyond ASCII escaped, as Python's `json.dumps` writes it.
    case python
  }

  /// The text so far.
  public private(set) var bytes: [UInt8] = []
  private let spacing: Spacing
  private var needsComma = false

  public init(spacing: Spacing = .none) { self.spacing = spacing }

  /// The text so far, as a string.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  // MARK: - Objects and arrays

  public mutating func beginObject() { begin("{") }
  public mutating func endObject() { end("}") }
  public mutating func beginArray() { begin("[") }
  public mutating func endArray() { end("]") }

  /// Writes a key; its value comes next.
  public mutating func key(_ name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    if spacing == .python { bytes.append(UInt8(ascii: " ")) }
    needsComma = false
  }

  // MARK: - Values

  public mutating func string(_ text: String) {
    comma()
    Self.appendLiteral(text, escapingBeyondASCII: spacing == .python, to: &bytes)
  }

  public mutating func integer(_ value: some BinaryInteger) { token(String(value)) }

  /// The shortest spelling that reads back as the same double; null for infinities and NaN, which JSON has not.
  public mutating func double(_ value: Double) { token(value.isFinite ? value.description : "null") }

  public mutating func boolean(_ value: Bool) { token(value ? "true" : "false") }

  public mutating func null() { token("null") }

  /// Appends a value that is JSON text already.
  public mutating func rawValue(_ text: [UInt8]) {
    comma()
    bytes += text
  }

  private mutating func token(_ text: String) {
    comma()
    bytes += text.utf8
  }

  private mutating func begin(_ bracket: Unicode.Scalar) {
    comma()
    bytes.append(UInt8(ascii: bracket))
    needsComma = false
  }

  private mutating func end(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(ascii: bracket))
    needsComma = true
  }

  private mutating func comma() {
    if needsComma {
      bytes.append(UInt8(ascii: ","))
      if spacing == .python { bytes.append(UInt8(ascii: " ")) }
    }
    needsComma = true
  }

  // MARK: - String literals

  /// Appends `text` as a JSON string with its quotation marks. `escapingBeyondASCII` spells all else `\uXXXX`.
  public static func appendLiteral(_ text: String, escapingBeyondASCII: Bool = false, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
      case "\\": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
      case "\n": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case "\r": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case "\t": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case "\u{8}": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
      case "\u{C}": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
      case "\u{20}"..."\u{7E}": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      case "\u{0}"..<"\u{20}": appendEscape(UInt16(truncatingIfNeeded: scalar.value), to: &bytes)
      default:
        if escapingBeyondASCII && scalar != "\u{7F}" {
          for unit in scalar.utf16 { appendEscape(unit, to: &bytes) }
        } else {
          bytes += scalar.utf8
        }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends UTF-8 as a JSON string with its quotation marks, beyond ASCII as it stands; false, and nothing of it, where it is not valid.
  public static func appendLiteral(utf8 text: RawSpan, to bytes: inout [UInt8]) -> Bool {
    // Sound: the buffer lives for the whole call.
    unsafe text.withUnsafeBytes { buffer in
      let units = unsafe buffer.bindMemory(to: UInt8.self)
      guard unsafe (try? UTF8Span(validating: units.span)) != nil else { return false }
      bytes.append(UInt8(ascii: "\""))
      for index in units.indices {
        let unit = unsafe units[index]
        switch unit {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
          bytes.append(UInt8(ascii: "\\"))
          bytes.append(unit)
        case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        case 0..<0x20: appendEscape(UInt16(unit), to: &bytes)
        default: bytes.append(unit)
        }
      }
      bytes.append(UInt8(ascii: "\""))
      return true
    }
  }

  /// `text` as a JSON string with its quotation marks.
  public static func literal(_ text: String) -> String {
    var bytes: [UInt8] = []
    appendLiteral(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func appendEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
    let digits = String(unit, radix: 16)
    bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u")] + Array(repeating: UInt8(ascii: "0"), count: 4 - digits.utf8.count) + Array(digits.utf8)
  }
}
