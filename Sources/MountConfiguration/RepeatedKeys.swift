// Keys that a mapping has twice, told apart so that the rest of the file can be read all the same.

/// Marks repeated keys in the text, because Yams gives up at the first mapping that has one: it names the key's first line only, neither the mapping nor the values, and
/// nothing of what else is wrong. With a mark before it a key is no other's equal, and `name(ofKey:)` takes the mark off.
struct RepeatedKeys {
  /// A private-use character, so often before a key that no two keys are equal.
  private static let mark: Unicode.Scalar = "\u{F8FE}"
  /// Each repeated key has the text parsed again; this many bytes are, then the reading ends.
  private static let byteBudget = 2 << 20
  private static let countLimit = 100

  private var count = 0
  private let limit: Int

  /// - Parameter text: what will be marked.
  init(_ text: String) {
    let isMarkFree = !text.unicodeScalars.contains(Self.mark)
    limit = isMarkFree ? max(1, min(Self.countLimit, Self.byteBudget / max(1, text.utf8.count))) : 0
  }

  /// The text with one more mark, before the key that stands at `line` and `column`, both counted from 1; nil where that cannot be done.
  mutating func marking(_ text: String, key: String, line: Int, column: Int) -> String? {
    guard count < limit, var place = Self.place(in: text.unicodeScalars, line: line, column: column) else { return nil }
    if text.unicodeScalars[place] == "\"" || text.unicodeScalars[place] == "'" {
      text.unicodeScalars.formIndex(after: &place)
    } else if !text.unicodeScalars[place...].starts(with: key.unicodeScalars) {
      // An anchor or a tag stands before it.
      return nil
    }
    count += 1
    var marked = String.UnicodeScalarView(text.unicodeScalars[..<place])
    marked.append(contentsOf: repeatElement(Self.mark, count: count))
    marked.append(contentsOf: text.unicodeScalars[place...])
    return String(marked)
  }

  /// A key without its mark.
  func name(ofKey key: String) -> String {
    guard count > 0, key.unicodeScalars.first == Self.mark else { return key }
    return String(String.UnicodeScalarView(key.unicodeScalars.drop { $0 == Self.mark }))
  }

  /// Where libyaml counts a line and a column.
  private static func place(in text: String.UnicodeScalarView, line: Int, column: Int) -> String.Index? {
    var place = text.startIndex
    var number = 1
    while number < line {
      guard place < text.endIndex else { return nil }
      let found = text[place]
      text.formIndex(after: &place)
      guard ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(found) else { continue }
      if found == "\r", place < text.endIndex, text[place] == "\n" { text.formIndex(after: &place) }
      number += 1
    }
    guard column >= 1, let found = text.index(place, offsetBy: column - 1, limitedBy: text.endIndex), found < text.endIndex else { return nil }
    return found
  }
}
