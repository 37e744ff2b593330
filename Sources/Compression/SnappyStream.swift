// A Snappy block that comes in pieces, which libsnappy cannot: its elements are few enough to be decoded here.
// The format: https://github.com/google/snappy/blob/main/format_description.txt

/// The output is one memory for the whole block, so copies find in it what was written before, and no byte is kept aside.
struct SnappyStream {
  enum Problem: Error, Equatable {
    case tooManyBytes
    case damaged(String)
  }

  /// The content's bytes, nil until all of the length was read.
  private(set) var contentByteCount: Int?
  private var lengthBits: UInt64 = 0
  private var lengthShift: UInt64 = 0
  /// An element's tag and the bytes that follow it, where a piece ended between them.
  private var carry: UInt64 = 0
  private var carryByteCount = 0
  /// The bytes of the present literal that are still to come.
  private var literalByteCount = 0

  /// Whether the block ends here, `written` bytes having been written.
  func isComplete(written: Int) -> Bool { contentByteCount == written && literalByteCount == 0 && carryByteCount == 0 }

  /// Decodes a piece behind the `written` bytes of `target`.
  // Unsafe to call: both buffers must be valid for their whole length and not overlap; `written` is what the calls before left.
  @unsafe mutating func feed(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, written: inout Int) throws(Problem) {
    guard let input = source.baseAddress else { return }
    let end = source.count
    var next = try unsafe readLength(source, capacity: target.count)
    guard let limit = contentByteCount, next < end else { return }
    guard let output = target.baseAddress else { throw .damaged("bytes follow its end") }
    var position = written
    // Sound, from here on: `next` grows only to `end`, `position` only to `limit`, which is at most the target's size; all counts are checked against them first.
    while next < end {
      if literalByteCount > 0 {
        let count = min(literalByteCount, end - next)
        unsafe (output + position).copyMemory(from: input + next, byteCount: count)
        next += count
        position += count
        literalByteCount -= count
        continue
      }
      let tag: Int
      var operand: Int
      if carryByteCount == 0, end - next >= 5 {
        tag = unsafe Int(input.load(fromByteOffset: next, as: UInt8.self))
        let count = Self.operandByteCount(tag)
        operand = unsafe Int(UInt32(littleEndian: input.loadUnaligned(fromByteOffset: next + 1, as: UInt32.self)))
        operand &= (1 << (8 * count)) - 1
        next += 1 + count
      } else {
        carry |= unsafe UInt64(input.load(fromByteOffset: next, as: UInt8.self)) << UInt64(8 * carryByteCount)
        carryByteCount += 1
        next += 1
        tag = Int(carry & 0xFF)
        guard carryByteCount == 1 + Self.operandByteCount(tag) else { continue }
        operand = Int(carry >> 8)
        carry = 0
        carryByteCount = 0
      }
      if tag & 3 == 0 {
        let count = 1 + (tag < 60 << 2 ? tag >> 2 : operand)
        guard count <= limit - position else { throw .damaged("a literal of \(count) bytes passes the block's \(limit) bytes") }
        if count <= 16, end - next >= 16, limit - position >= 16 {
          unsafe Self.copy8(from: input + next, to: output + position)
          unsafe Self.copy8(from: input + next + 8, to: output + position + 8)
          next += count
          position += count
        } else {
          literalByteCount = count
        }
      } else {
        let count = tag & 3 == 1 ? 4 + (tag >> 2 & 7) : 1 + tag >> 2
        let distance = tag & 3 == 1 ? (tag >> 5) << 8 | operand : operand
        guard distance > 0, distance <= position else { throw .damaged("a copy from \(distance) bytes back, after \(position) bytes") }
        guard count <= limit - position else { throw .damaged("a copy of \(count) bytes passes the block's \(limit) bytes") }
        if distance >= 8, limit - position >= count + 7 {
          // Eight at a time; up to seven bytes too many are written over by what follows.
          var done = 0
          while done < count {
            unsafe Self.copy8(from: output + position - distance + done, to: output + position + done)
            done += 8
          }
        } else {
          // A copy may read what it writes: then it repeats.
          for done in 0..<count {
            unsafe (output + position + done).storeBytes(of: (output + position - distance + done).load(as: UInt8.self), as: UInt8.self)
          }
        }
        position += count
      }
    }
    written = position
  }

  @unsafe @inline(__always) private static func copy8(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
    unsafe target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
  }

  /// The bytes after the tag, without a literal's own.
  @inline(__always) private static func operandByteCount(_ tag: Int) -> Int {
    switch tag & 3 {
    case 0: max(0, (tag >> 2) - 59)
    case 1: 1
    case 2: 2
    default: 4
    }
  }

  /// Reads what is missing of the length, and answers where the elements begin.
  @unsafe private mutating func readLength(_ source: UnsafeRawBufferPointer, capacity: Int) throws(Problem) -> Int {
    var next = 0
    while contentByteCount == nil, next < source.count {
      let byte = unsafe UInt64(source[next])
      next += 1
      lengthBits |= (byte & 0x7F) << lengthShift
      lengthShift += 7
      guard lengthBits <= UInt32.max, lengthShift <= 35 else { throw .damaged("its length is no number of 32 bits") }
      if byte & 0x80 == 0 {
        guard lengthBits <= capacity else { throw .tooManyBytes }
        contentByteCount = Int(lengthBits)
      }
    }
    return next
  }
}
