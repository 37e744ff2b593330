// The cursor at its limits: it reads to the last byte, and a failed read does not move it.

import ByteParsing
import Testing

struct ByteCursorTests {
  static let bytes: [UInt8] = [0xF1, 0x02, 0xF3, 0x04, 0x05, 0x06, 0x07, 0xF8, 0x09, 0x0A]

  /// Runs `body` with a cursor over the bytes.
  static func withCursor<Result>(_ bytes: [UInt8] = bytes, _ body: (inout ByteCursor) throws -> Result) rethrows -> Result {
    let span = bytes.span
    // Sound: bytes of bytes.
    var cursor = ByteCursor(unsafe span.bytes)
    return try body(&cursor)
  }

  @Test func readsLittleEndianIntegersAtAnyPlace() throws {
    try Self.withCursor { cursor in
      let first = try cursor.readUInt8()
      #expect(first == 0xF1)
      let second = try cursor.readUInt16()
      #expect(second == 0xF302)
      try cursor.seek(to: 3)
      let third = try cursor.readUInt32()
      #expect(third == 0x0706_0504)
      try cursor.seek(to: 1)
      let fourth = try cursor.readUInt64()
      #expect(fourth == 0x09F8_0706_0504_F302)
      let (offset, remaining) = (cursor.byteOffset, cursor.remaining)
      #expect(offset == 9 && remaining == 1)
    }
  }

  @Test func takesExactlyWhatIsThere() throws {
    try Self.withCursor { cursor in
      try cursor.skip(4)
      let taken = try cursor.take(6)
      let (count, last) = (taken.byteCount, taken.littleEndianUInt8(at: 5))
      #expect(count == 6 && last == 0x0A)
      let remaining = cursor.remaining
      #expect(remaining == 0)
      let empty = try cursor.take(0).byteCount
      #expect(empty == 0)
    }
  }

  enum Move: Sendable {
    case uint8, uint16, uint32, uint64
    case skip(Int)
    case take(Int)
    case seek(Int)

    func callAsFunction(_ cursor: inout ByteCursor) throws(ParsingError) {
      switch self {
      case .uint8: _ = try cursor.readUInt8()
      case .uint16: _ = try cursor.readUInt16()
      case .uint32: _ = try cursor.readUInt32()
      case .uint64: _ = try cursor.readUInt64()
      case .skip(let byteCount): try cursor.skip(byteCount)
      case .take(let byteCount): _ = try cursor.take(byteCount)
      case .seek(let target): try cursor.seek(to: target)
      }
    }
  }

  static let failures: [(start: Int, move: Move, problem: ParsingError.Problem)] = [
    (7, .uint32, .endOfData(needed: 4, remaining: 3)),
    (9, .uint16, .endOfData(needed: 2, remaining: 1)),
    (10, .uint8, .endOfData(needed: 1, remaining: 0)),
    (3, .uint64, .endOfData(needed: 8, remaining: 7)),
    (2, .skip(9), .endOfData(needed: 9, remaining: 8)),
    (2, .skip(Int.max), .endOfData(needed: Int.max, remaining: 8)),
    (2, .skip(-1), .negativeByteCount(-1)),
    (2, .take(Int.min), .negativeByteCount(Int.min)),
    (2, .seek(11), .outsideData(target: 11, byteCount: 10)),
    (2, .seek(-1), .outsideData(target: -1, byteCount: 10)),
  ]

  @Test(arguments: failures)
  func aFailedReadDoesNotMove(start: Int, move: Move, problem: ParsingError.Problem) throws {
    try Self.withCursor { cursor in
      try cursor.seek(to: start)
      var failure: ParsingError?
      do throws(ParsingError) { try move(&cursor) } catch { failure = error }
      #expect(failure == ParsingError(byteOffset: start, problem: problem))
      let offset = cursor.byteOffset
      #expect(offset == start)
    }
  }

  @Test func nothingCanBeReadFromNothing() {
    Self.withCursor([]) { cursor in
      var failure: ParsingError?
      do throws(ParsingError) { _ = try cursor.readUInt8() } catch { failure = error }
      #expect(failure == ParsingError(byteOffset: 0, problem: .endOfData(needed: 1, remaining: 0)))
    }
  }
}

struct CheckedArithmeticTests {
  @Test func fitsOrThrows() throws {
    #expect(try 3.adding(4, at: 0) == 7)
    #expect(try UInt32(65_535).multiplied(by: 65_537, at: 0) == UInt32.max)
    #expect(try UInt8(255 as Int, at: 0) == 255)
    let overflow = ParsingError(byteOffset: 9, problem: .overflow)
    #expect(throws: overflow) { try Int.max.adding(1, at: 9) }
    #expect(throws: overflow) { try UInt32(65_536).multiplied(by: 65_536, at: 9) }
    #expect(throws: overflow) { try UInt8(256 as Int, at: 9) }
    #expect(throws: overflow) { try Int(UInt64.max, at: 9) }
  }
}
