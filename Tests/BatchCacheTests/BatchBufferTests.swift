// A buffer holds the bytes it was given, in each of its kinds of memory.

import BatchCache
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
}
