// What a file looks like that is of no known format.

internal import ByteParsing
internal import Platform

enum FileAppearance {
  private static let byteCount = 64

  /// `text that begins with "version: 1"`, or the first bytes.
  static func description(of path: String) throws(SystemError) -> String {
    var head = [UInt8](repeating: 0, count: byteCount)
    let file = try InputFile(opening: path)
    let received = try head.withMutableRawSpan { (target) throws(SystemError) in try file.read(into: &target, from: 0) }
    head.removeLast(byteCount - received)
    if head.isEmpty { return "empty" }
    // A character may have been cut in two.
    for text in (0..<4).map({ head.dropLast($0) }) where !text.isEmpty && ByteText.isText(Array(text).rawSpan) {
      let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
      return "text that begins with \"\(line)\""
    }
    return "bytes that begin with \(ByteText.hexadecimal(Array(head.prefix(16))))"
  }
}
