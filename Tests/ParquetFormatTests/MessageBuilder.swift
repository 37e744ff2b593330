// Writes Arrow messages that no library writes.

/// Builds a flatbuffer from its end to its start, since offsets lead forwards. Places are counted from the end.
struct MessageBuilder {
  enum Field {
    case none
    case byte(UInt8)
    case int32(Int32)
    case offset(Int)
  }

  private var bytes: [UInt8] = []

  private static func littleEndian(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  mutating func string(_ text: [UInt8]) -> Int {
    bytes = Self.littleEndian(text.count) + text + Array(repeating: 0, count: (4 - text.count % 4) % 4) + bytes
    return bytes.count
  }

  mutating func vector(_ targets: [Int]) -> Int {
    let offsets = targets.enumerated().flatMap { index, target in Self.littleEndian(bytes.count + 4 * (targets.count - index) - target) }
    bytes = Self.littleEndian(targets.count) + offsets + bytes
    return bytes.count
  }

  /// A table with four bytes for each field that it has; the table of their places stands before it.
  mutating func table(_ fields: [Field]) -> Int {
    let present = fields.filter { if case .none = $0 { false } else { true } }.count
    var (places, values): ([UInt8], [UInt8]) = ([], [])
    for field in fields {
      let distance = 4 + values.count
      let fromEnd = bytes.count + 4 * present - values.count
      switch field {
      case .none:
        places += [0, 0]
        continue
      case .byte(let value): values += [value, 0, 0, 0]
      case .int32(let value): values += Self.littleEndian(Int(value))
      case .offset(let target): values += Self.littleEndian(fromEnd - target)
      }
      places += Self.littleEndian(distance)[..<2]
    }
    let head: [UInt8] = Array(Self.littleEndian(4 + places.count).prefix(2)) + Array(Self.littleEndian(4 + values.count).prefix(2)) + places
    let padding = [UInt8](repeating: 0, count: head.count % 4)
    bytes = head + padding + Self.littleEndian(head.count + padding.count) + values + bytes
    return bytes.count - head.count - padding.count
  }

  /// The whole message in base64.
  func text(root: Int) -> String {
    let buffer: [UInt8] = Self.littleEndian(bytes.count + 4 - root) + bytes
    let mark: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    let message: [UInt8] = mark + Self.littleEndian(buffer.count) + buffer
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: message.count, by: 3) {
      let group = (0..<3).reduce(0) { $0 << 8 | (start + $1 < message.count ? Int(message[start + $1]) : 0) }
      for digit in 0..<4 { text.append(start + digit <= message.count ? digits[group >> (18 - 6 * digit) & 63] : UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
