// Handing bytes to kernels, and models that are too slow to be wrong.

import ParquetEncodings
import Testing

/// The bytes of a hexadecimal text.
func bytes(_ hexadecimal: String) -> [UInt8] {
  var high: UInt8?
  return hexadecimal.utf8.compactMap { character in
    let digit = character < 0x3A ? character - 0x30 : character - 0x57
    guard let left = high else {
      high = digit
      return nil
    }
    high = nil
    return left << 4 | digit
  }
}

/// `byteCount` bytes that `body` wrote; nothing else may be written.
func output(_ byteCount: Int, _ body: (inout MutableRawSpan) throws -> Void) throws -> [UInt8] {
  var memory = [UInt8](repeating: 0xEE, count: byteCount + 32)
  // Sound: the span is the middle of a live buffer.
  try unsafe memory.withUnsafeMutableBytes { buffer in
    var target = unsafe MutableRawSpan(_unsafeBytes: buffer[16..<16 + byteCount])
    try body(&target)
  }
  #expect(memory[..<16].allSatisfy { $0 == 0xEE } && memory[(16 + byteCount)...].allSatisfy { $0 == 0xEE }, "nothing is written outside the output")
  return Array(memory[16..<16 + byteCount])
}

extension Array where Element == UInt8 {
  /// The bytes as the kernels take them.
  func reading<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result { try body(unsafe span.bytes) }
}

/// The little-endian bytes of numbers.
func littleEndian<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
  values.flatMap { value in (0..<MemoryLayout<Value>.size).map { UInt8(truncatingIfNeeded: value >> Value(8 * $0)) } }
}

func numbers<Value: FixedWidthInteger>(_ bytes: [UInt8], as type: Value.Type) -> [Value] {
  let size = MemoryLayout<Value>.size
  return stride(from: 0, to: bytes.count, by: size).map { begin in (0..<size).reduce(0) { $0 | Value(truncatingIfNeeded: bytes[begin + $1]) << Value(8 * $1) } }
}

/// Packs bit by bit, the lowest first.
func packed(_ values: [UInt64], bitWidth: Int) -> [UInt8] {
  var result = [UInt8](repeating: 0, count: (values.count * bitWidth + 7) / 8)
  for (index, value) in values.enumerated() {
    for bit in 0..<bitWidth where value >> UInt64(bit) & 1 == 1 { result[(index * bitWidth + bit) / 8] |= 1 << UInt8((index * bitWidth + bit) % 8) }
  }
  return result
}

func uleb128(_ value: Int) -> [UInt8] { value < 128 ? [UInt8(value)] : [UInt8(value & 127 | 128)] + uleb128(value >> 7) }

/// Numbers that are the same in every run.
struct Numbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}

/// A hybrid stream of these values: runs of random kinds and lengths.
func hybrid(_ values: [UInt64], bitWidth: Int, with random: inout Numbers) -> [UInt8] {
  var result: [UInt8] = []
  var next = 0
  while next < values.count {
    let same = values[next...].prefix { $0 == values[next] }.count
    if same >= 8 || (same > 0 && Int.random(in: 0..<4, using: &random) == 0) {
      let count = Int.random(in: 1...same, using: &random)
      result += uleb128(count << 1) + littleEndian([values[next]]).prefix((bitWidth + 7) / 8)
      next += count
    } else {
      // Padded only at the end of the stream.
      let groups = max(1, min(Int.random(in: 1...9, using: &random), (values.count - next + 7) / 8))
      let part = Array(values[next...].prefix(groups * 8))
      result += uleb128(groups << 1 | 1) + packed(part + Array(repeating: 0, count: groups * 8 - part.count), bitWidth: bitWidth)
      next += part.count
    }
  }
  return result
}

func randomValues(_ count: Int, bitWidth: Int, with random: inout Numbers) -> [UInt64] {
  var values: [UInt64] = []
  while values.count < count {
    let value = bitWidth == 0 ? 0 : random.next() >> UInt64(64 - bitWidth)
    values += Array(repeating: value, count: Bool.random(using: &random) ? 1 : Int.random(in: 1...40, using: &random))
  }
  return Array(values.prefix(count))
}
