// Folders named `column=value`.

internal import Checksums

enum HiveFolder {
  /// What stands for null.
  static let null = "__HIVE_DEFAULT_PARTITION__"

  /// The column and its text with %XX decoded, as Hive and pyarrow write and read it, else kept as it is spelled (`000` stays `000`); nil where the name is no such folder's.
  static func parse(_ name: some StringProtocol) -> (column: String, text: String?)? {
    guard let equals = name.firstIndex(of: "="), equals > name.startIndex else { return nil }
    let text = String(name[name.index(after: equals)...])
    return (decoded(String(name[..<equals])), text == null ? nil : decoded(text))
  }

  /// What is no %XX, and what would not be UTF-8 then, stays as it is.
  private static func decoded(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var next = 0
    while next < bytes.count {
      if bytes[next] == UInt8(ascii: "%"), next + 2 < bytes.count, let high = Digest.value(ofHexDigit: bytes[next + 1]),
        let low = Digest.value(ofHexDigit: bytes[next + 2])
      {
        result.append(high << 4 | low)
        next += 3
      } else {
        result.append(bytes[next])
        next += 1
      }
    }
    return String(validating: result, as: UTF8.self) ?? text
  }
}
