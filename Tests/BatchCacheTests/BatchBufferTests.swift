// A buffer holds the bytes it was given, in each of its kinds of memory.

import BatchCache
import Platform
import Testing

struct BatchBufferTests {
  @Test(arguments: [(5000, false), (400_000, false), (5000, true), (400_000, true)], [8, 5000])
  func bytesComeBackAsWritten(kind: (byteCount: Int, inMemoryFile: Bool), rowByteCount: Int) throws {
    let (byteCount, inMemoryFile) = kind
    let budget = MemoryBudget(capByteCount: 1 << 20)
    let buffer = try #require(BatchBuffer(byteCount: byteCount, rowByteCount: rowByteCount, inMemoryFile: inMemoryFile, budget: budget))
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for begin in stride(from: 0, to: byteCount, by: 700) {
      let part = Array(bytes[begin..<min(byteCount, begin + 700)])
      let span = part.span
      #expect(unsafe buffer.write(span.bytes, at: begin))
    }
    buffer.seal()
    buffer.seal()
    let range = 123..<byteCount - 7
    let back = buffer.withBytes(range) { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
    #expect(back == Array(bytes[range]))
    #expect((buffer.fileDescriptor != nil) == inMemoryFile)
  }

  @Test func aSealedMemoryFileRefusesEveryChange() throws {
    let budget = MemoryBudget(capByteCount: 1 << 20)
    let buffer = try #require(BatchBuffer(byteCount: 4096, rowByteCount: 4096, inMemoryFile: true, budget: budget))
    let bytes: [UInt8] = [1, 2, 3]
    let span = bytes.span
    #expect(unsafe buffer.write(span.bytes, at: 0))
    buffer.seal()
    #expect(unsafe !buffer.write(span.bytes, at: 100))
  }

  /// Pages are cleared while rows are written: each byte must be what was written last, and what was not written zero.
  @Test func populatingChangesNoByte() throws {
    let rowByteCount = 5000
    let rowCount = 1300
    let budget = MemoryBudget(capByteCount: 16 << 20)
    let buffer = try #require(BatchBuffer(byteCount: rowByteCount * rowCount, rowByteCount: rowByteCount, inMemoryFile: true, budget: budget))
    #expect(buffer.isWrittenToFile)
    let populating = try Thread { for _ in 0..<20 { buffer.populate() } }
    // Every other row, from the end, against the direction of the other thread.
    for row in stride(from: rowCount - 1, to: 0, by: -2) {
      let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: row) | 1, count: rowByteCount)
      let span = bytes.span
      #expect(unsafe buffer.write(span.bytes, at: row * rowByteCount))
    }
    populating.join()
    buffer.seal()
    buffer.populate()
    for row in 0..<rowCount {
      let expected: UInt8 = row % 2 == 1 ? UInt8(truncatingIfNeeded: row) | 1 : 0
      let isRight = buffer.withBytes(row * rowByteCount..<(row + 1) * rowByteCount) { bytes in
        unsafe bytes.withUnsafeBytes { unsafe $0.allSatisfy { $0 == expected } }
      }
      #expect(isRight, "row \(row)")
    }
  }

  @Test func ordinaryMemoryIsNotPopulated() throws {
    let budget = MemoryBudget(capByteCount: 1 << 20)
    let buffer = try #require(BatchBuffer(byteCount: 8192, rowByteCount: 8, inMemoryFile: true, budget: budget))
    #expect(!buffer.isWrittenToFile)
    buffer.populate()
  }
}
