// The content of all fixtures, and what reads them.

import Compression
import Testing

enum Content {
  /// As in write_fixtures.py.
  static let bytes: [UInt8] = {
    var state = 1
    return (0..<12_000).map { i in
      guard i % 3000 < 100 else { return UInt8(truncatingIfNeeded: i / 37 % 11 * 23 + i % 5) }
      state = (state * 1_103_515_245 + 12_345) % (1 << 31)
      return UInt8(truncatingIfNeeded: state >> 16)
    }
  }()
}

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

/// What `input` gives when it comes in pieces of these sizes, the last of them again and again; nothing may be written past `capacity`.
func decompressedInPieces(
  _ input: [UInt8], codec: Codec, capacity: Int, pieces sizes: [Int], with decompressor: Decompressor = Decompressor()
) throws -> [UInt8] {
  var output = [UInt8](repeating: 0xEE, count: capacity + 16)
  // Sound: the target is the beginning of a live buffer.
  let count = try unsafe output.withUnsafeMutableBytes { buffer in
    try decompressor.begin(codec)
    var target = unsafe MutableRawSpan(_unsafeBytes: buffer[..<capacity])
    var (next, written, ordinal) = (0, 0, 0)
    while next < input.count {
      let size = min(sizes[min(ordinal, sizes.count - 1)], input.count - next)
      let piece = input.span.extracting(next..<next + size)
      let before = written
      written = try decompressor.feed(unsafe piece.bytes, into: &target)
      #expect(written >= before && written <= capacity)
      next += size
      ordinal += 1
    }
    try decompressor.end(expecting: written)
    return written
  }
  #expect(output[capacity...].allSatisfy { $0 == 0xEE }, "nothing is written past the output")
  return Array(output[..<count])
}
