// How values and columns are spelled as names of files and folders.

/// What cannot stand in a name is written `%XX`, and so is `%`: two values never share a spelling, and undoing the escapes gives the value back.
public enum FileName {
  /// Linux' NAME_MAX.
  static let byteLimit = 255
  /// The folder of a group whose value is null, as Hive has it.
  static let null = "__HIVE_DEFAULT_PARTITION__"
  /// A group's empty value, which could be no name: nothing else is spelled so.
  private static let empty = "%"
  /// What else lies beside group folders, or is something else to every program.
  private static let taken: Set<String> = [".", "..", null, EntryName.controlFolder, EntryName.schema, "stats.json"]

  /// `text` as a name or as a part of one: `/`, NUL and `%` are written %XX, in capital letters.
  public static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { isEscaped($0) }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.flatMap { $0.isASCII && isEscaped(UInt8($0.value)) ? escape(UInt8($0.value)) : [$0] }))
  }

  /// The folder of a group's value of one column: VALUE or COLUMN=VALUE.
  static func group(_ value: [UInt8]?, column: String, style: ViewFolder.GroupStyle) -> String {
    guard style == .plain else { return shortened(escaped(column) + "=" + (value.map { self.value($0) } ?? null), byteLimit) }
    guard let value else { return null }
    if value.isEmpty { return empty }
    return shortened(self.value(value), byteLimit)
  }

  /// A column's name as the first part of file names, so short that every ending fits.
  /// An empty one stays so: `.npy`.
  static func column(_ name: String) -> String { shortened(escaped(name), byteLimit - longestEnding) }
  /// `%~1234` and `.offsets1234.npy` or `.values.null.npy`.
  private static let longestEnding = 24

  /// A column's name as that of its tensor, so short that a batch of any number has a file for it: `batch-0000.NAME.npy`.
  public static func tensor(ofColumn name: String) -> String { shortened(escaped(name), byteLimit - longestBatch) }
  /// `batch-`, 19 digits, a point and `.npy`.
  private static let longestBatch = 30

  /// Escaped also where the text would mean something else. In bytes that are not UTF-8 all above 127 are escaped.
  private static func value(_ bytes: [UInt8]) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return String(String.UnicodeScalarView(bytes.flatMap { $0 > 127 || isEscaped($0) ? escape($0) : [Unicode.Scalar($0)] }))
    }
    let name = escaped(text)
    guard taken.contains(where: { EntryName.isSame($0, Substring(name)) }), let first = bytes.first else { return name }
    return String(String.UnicodeScalarView(escape(first) + name.unicodeScalars.dropFirst()))
  }

  /// A name that is too long is cut, and a hash of all of it follows behind `%~`, which stands in no other name.
  private static func shortened(_ name: String, _ limit: Int) -> String {
    guard name.utf8.count > limit else { return name }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    let ending = "%~" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    var begin = String.UnicodeScalarView()
    var byteCount = 0
    for scalar in name.unicodeScalars {
      byteCount += UTF8.width(scalar)
      if byteCount + ending.utf8.count > limit { break }
      begin.append(scalar)
    }
    // No half of an escape.
    if let percent = begin.suffix(2).lastIndex(of: "%") { begin.removeSubrange(percent...) }
    return String(begin) + ending
  }

  private static func isEscaped(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == 0 || byte == UInt8(ascii: "%") }

  private static func escape(_ byte: UInt8) -> [Unicode.Scalar] {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    return ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}
