// Meta files whose counts and offsets do not agree.

import Testing
import TextShardFormat

struct TextShardTableTests {
  private func meta(_ words: [UInt32], _ rest: [UInt8] = Array("{}".utf8)) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } } + rest
  }

  private func table(_ bytes: [UInt8], sampleCount: Int, dataByteCount: Int) throws -> TextShardTable {
    let span = bytes.span
    // Sound, here and below: bytes of bytes.
    return try TextShardTable(parsing: unsafe span.bytes, sampleCount: sampleCount, dataByteCount: dataByteCount)
  }

  @Test func findsRows() throws {
    let bytes = meta([3, 10, 20, 20, 35])
    let table = try table(bytes, sampleCount: 3, dataByteCount: 35)
    #expect(table.firstByteOffset == 10)
    let span = bytes.span
    #expect(try (0..<3).map { try table.range(ofSample: $0, in: unsafe span.bytes) } == [10..<20, 20..<20, 20..<35])
  }

  @Test func offsetsThatWrapAreFoundAgain() throws {
    let bytes = meta([3, 0, 3 << 30, 1 << 30, (1 << 30) + 5])
    let table = try table(bytes, sampleCount: 3, dataByteCount: 5 << 30 | 5)
    let span = bytes.span
    #expect(try table.range(ofSample: 1, in: unsafe span.bytes) == 3 << 30..<5 << 30)
    #expect(try table.range(ofSample: 2, in: unsafe span.bytes) == 5 << 30..<5 << 30 | 5)
  }

  @Test func damageIsNamed() {
    #expect(throws: TextShardError.metaTooShort(found: 7, expected: 8)) { try self.table([1, 0, 0, 0, 0, 0, 0], sampleCount: 1, dataByteCount: 0) }
    #expect(throws: TextShardError.sampleCount(found: 3, expected: 4)) { try self.table(self.meta([3, 0, 1, 2, 3]), sampleCount: 4, dataByteCount: 3) }
    #expect(throws: TextShardError.metaTooShort(found: 12, expected: 20)) { try self.table(self.meta([3, 0, 1], []), sampleCount: 3, dataByteCount: 3) }
    #expect(throws: TextShardError.sampleOffset(entry: 2, byteOffset: 12, found: 4, expected: 5...9)) {
      try self.table(self.meta([3, 0, 5, 4, 9]), sampleCount: 3, dataByteCount: 9)
    }
    #expect(throws: TextShardError.sampleOffset(entry: 1, byteOffset: 8, found: 10, expected: 0...9)) {
      try self.table(self.meta([1, 0, 10]), sampleCount: 1, dataByteCount: 9)
    }
    #expect(throws: TextShardError.sampleOffset(entry: 1, byteOffset: 8, found: 8, expected: 9...9)) {
      try self.table(self.meta([1, 0, 8]), sampleCount: 1, dataByteCount: 9)
    }
  }
}
