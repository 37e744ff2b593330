// The one thing that makes JSON no YAML.

/// JSON writes characters beyond U+FFFF as two escapes, `\ud83d\ude00`, which YAML does not know: in text that is JSON they become one, `\U0001f600`.
func joiningSurrogateEscapes(_ text: String) -> String {
  let bytes = Array(text.utf8)
  guard bytes.first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) == UInt8(ascii: "{") else { return text }
  func unit(at position: Int) -> UInt32? {
    guard position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") else { return nil }
    return UInt32(String(decoding: bytes[position + 2..<position + 6], as: UTF8.self), radix: 16)
  }
  var result: [UInt8] = []
  var changed = false
  var position = 0
  while position < bytes.count {
    guard bytes[position] == UInt8(ascii: "\\") else {
      result.append(bytes[position])
      position += 1
      continue
    }
    if let high = unit(at: position), (0xD800..<0xDC00).contains(high), let low = unit(at: position + 6), (0xDC00..<0xE000).contains(low) {
      let value = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
      let digits = String(value, radix: 16)
      result += Array(("\\U" + String(repeating: "0", count: 8 - digits.count) + digits).utf8)
      changed = true
      position += 12
    } else {
      result += bytes[position..<min(position + 2, bytes.count)]
      position += 2
    }
  }
  return changed ? String(decoding: result, as: UTF8.self) : text
}
