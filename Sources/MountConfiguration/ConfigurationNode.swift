// The tree of a configuration file: texts, lists and mappings with the lines they stand on.

struct ConfigurationNode {
  indirect enum Content {
    /// `isPlain`: written without quotes, so that it may be a number, a boolean or nothing.
    case scalar(text: String, isPlain: Bool)
    case list([ConfigurationNode])
    case mapping([Entry])
  }

  struct Entry {
    var key: String
    var keyOrigin: Origin
    var value: ConfigurationNode
  }

  /// The file and line; of a value of `--set`, that and no line.
  struct Origin {
    var file: String
    var line: Int?
  }

  var content: Content
  var origin: Origin
}

/// What a plain text means, by the core schema of YAML 1.2: `yes`, `1:30` and `010` are texts.
enum ScalarMeaning: Equatable {
  case nothing
  case boolean(Bool)
  /// Decimal digits with or without a sign; it may be too large for any type.
  case integer
  case number(Double)
  case text

  init(_ text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .nothing
    case "true", "True", "TRUE": self = .boolean(true)
    case "false", "False", "FALSE": self = .boolean(false)
    case ".nan", ".NaN", ".NAN": self = .number(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": self = .number(-.infinity)
    default: self = Self.digits(Array(text.utf8), text)
    }
  }

  private static func digits(_ bytes: [UInt8], _ text: String) -> Self {
    var position = 0
    func skipDigits() -> Int {
      let start = position
      while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
      return position - start
    }
    func skip(_ characters: UInt8...) -> Bool {
      guard position < bytes.count, characters.contains(bytes[position]) else { return false }
      position += 1
      return true
    }
    _ = skip(UInt8(ascii: "+"), UInt8(ascii: "-"))
    let firstDigit = position
    let wholeDigitCount = skipDigits()
    // 010 is ten or eight, depending on whom one asks.
    if wholeDigitCount > 1, bytes[firstDigit] == UInt8(ascii: "0") { return .text }
    if wholeDigitCount > 0, position == bytes.count { return .integer }
    var fractionDigitCount = 0
    if skip(UInt8(ascii: ".")) { fractionDigitCount = skipDigits() }
    guard wholeDigitCount + fractionDigitCount > 0 else { return .text }
    if skip(UInt8(ascii: "e"), UInt8(ascii: "E")) {
      _ = skip(UInt8(ascii: "+"), UInt8(ascii: "-"))
      guard skipDigits() > 0 else { return .text }
    }
    guard position == bytes.count, let value = Double(text) else { return .text }
    return .number(value)
  }
}

extension ConfigurationNode {
  /// What was found, for messages.
  var summary: String {
    switch content {
    case .scalar(let text, let isPlain):
      guard isPlain else { return quoted(text) }
      return switch ScalarMeaning(text) {
      case .nothing: "nothing"
      case .text: quoted(text)
      default: escaped(text)
      }
    case .list(let items): return items.isEmpty ? "an empty list" : "a list of \(items.count)"
    case .mapping(let entries):
      guard !entries.isEmpty else { return "an empty mapping" }
      return "a mapping with " + entries.prefix(3).map { escaped($0.key) }.joined(separator: ", ") + (entries.count > 3 ? ", ..." : "")
    }
  }
}
