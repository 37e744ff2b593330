// Writes trees as YAML: the same text for the same tree.

/// What can be written.
indirect enum YAMLOutput {
  /// Written as it is.
  case raw(String)
  case text(String)
  /// On one line.
  case list([YAMLOutput])
  /// On one line.
  case inline([(key: String, value: YAMLOutput)])
  case mapping([(key: String, value: YAMLOutput)])
}

enum YAMLWriter {
  /// The lines of a mapping, each ended.
  static func text(_ entries: [(key: String, value: YAMLOutput)], indentation: Int = 0) -> String {
    var result = ""
    let margin = String(repeating: " ", count: indentation)
    for (key, value) in entries {
      if case .mapping(let inner) = value, !inner.isEmpty {
        result += "\(margin)\(scalar(key)):\n" + text(inner, indentation: indentation + 2)
      } else {
        result += "\(margin)\(scalar(key)): \(line(value))\n"
      }
    }
    return result
  }

  private static func line(_ value: YAMLOutput) -> String {
    switch value {
    case .raw(let text): text
    case .text(let text): scalar(text)
    case .list(let items): "[" + items.map(line).joined(separator: ", ") + "]"
    case .inline(let entries), .mapping(let entries): "{" + entries.map { "\(scalar($0.key)): \(line($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  /// A text that every reader of YAML takes for that text: plain where that is safe, else in double quotes.
  static func scalar(_ text: String) -> String {
    func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_") }
    func isInner(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) || "-./".utf8.contains(byte) }
    let bytes = text.utf8
    let isWord = bytes.first.map { isLetter($0) || $0 == UInt8(ascii: "/") } == true && bytes.allSatisfy(isInner)
    // Booleans and nothing, of YAML 1.1 too.
    let reserved: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    if isWord, !reserved.contains(text.lowercased()) { return text }
    var result = "\""
    // Yams takes one byte order mark off the beginning of every scalar.
    if text.unicodeScalars.first == "\u{FEFF}" { result += "\\uFEFF" }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        if isControl(scalar) || scalar.value == 0xFEFF || scalar.value & 0xFFFE == 0xFFFE {
          let digits = String(scalar.value, radix: 16)
          result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// The shortest form that reads back as the same number.
  static func number(_ value: Double) -> String {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    // Beyond 2^53 a form without a point would be no shorter and no truer.
    if let integer = Int(exactly: value), abs(integer) <= 1 << 53, !(value == 0 && value.sign == .minus) { return "\(integer)" }
    return "\(value)"
  }
}
