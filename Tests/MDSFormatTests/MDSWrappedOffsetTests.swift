// Shards over 4 GiB, whose offsets of 32 bits began anew. Their memory is mapped, and only what is written takes room.

import Glibc
import MDSFormat
import Testing

struct MDSWrappedOffsetTests {
  /// A mapping of zeros that the machine need not hold.
  @safe private final class Zeros {
    let buffer: UnsafeMutableRawBufferPointer

    init?(byteCount: Int) {
      // Sound, all of it: an anonymous mapping of our own, unmapped once.
      let address = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
      guard let address = unsafe address, unsafe address != MAP_FAILED else { return nil }
      unsafe buffer = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    }

    deinit { unsafe _ = munmap(buffer.baseAddress, buffer.count) }

    func write(_ value: Int, at byteOffset: Int) {
      unsafe buffer.storeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian, toByteOffset: byteOffset, as: UInt32.self)
    }
  }

  private static let schema = MDSSchema(columns: [
    MDSColumn(name: "a", encoding: .bytes, fixedByteCount: nil), MDSColumn(name: "b", encoding: .int, fixedByteCount: 8),
  ])

  /// A shard of samples with these lengths of column a.
  private static func shard(_ lengths: [Int]) throws -> (zeros: Zeros, starts: [Int]) {
    var starts = [4 + 4 * (lengths.count + 1)]
    for length in lengths { starts.append(starts[starts.count - 1] + 4 + length + 8) }
    let zeros = try #require(Zeros(byteCount: starts[starts.count - 1]))
    zeros.write(lengths.count, at: 0)
    for (entry, start) in starts.enumerated() { zeros.write(start, at: 4 + 4 * entry) }
    for (sample, length) in lengths.enumerated() { zeros.write(length, at: starts[sample]) }
    return (zeros, starts)
  }

  @Test(arguments: [[1 << 30, 3 << 30, 5, 1 << 30, 7], [(1 << 32) - 100, 40, 9], [1, (1 << 32) - 13, 1], [3 << 30, 3 << 30, 3 << 30, 3 << 30, 3 << 30]])
  func samplesAreFoundBehindFourGibibytes(lengths: [Int]) throws {
    let (zeros, starts) = try Self.shard(lengths)
    let bytes = unsafe RawSpan(_unsafeBytes: zeros.buffer)
    let layout = try MDSShardLayout(parsing: bytes, sampleCount: lengths.count, schema: Self.schema)
    for sample in lengths.indices {
      let begin = starts[sample] + 4
      #expect(try layout.fieldRange(sample: sample, column: 0, in: bytes) == begin..<begin + lengths[sample])
      #expect(try layout.fieldRange(sample: sample, column: 1, in: bytes) == begin + lengths[sample]..<begin + lengths[sample] + 8)
    }
    let offsets = try layout.fieldOffsets(column: 1, byteCount: 8, in: bytes)
    #expect(offsets.map(Int.init) == lengths.indices.map { starts[$0 + 1] - 8 })
    // Piece by piece, as shards are decoded.
    for sample in lengths.indices {
      #expect(try layout.wholeSampleCount(in: bytes, first: starts[sample + 1] - 1, known: 0) == sample)
      #expect(try layout.wholeSampleCount(in: bytes, first: starts[sample + 1], known: sample) == sample + 1)
    }
  }

  @Test func offsetsThatFallWithoutReasonAreRefused() throws {
    let (zeros, starts) = try Self.shard([2 << 30, 3 << 30, 5])
    // Falls twice, but the file holds 4 GiB once.
    zeros.write(starts[1] - 1, at: 12)
    let bytes = unsafe RawSpan(_unsafeBytes: zeros.buffer)
    #expect(throws: MDSError.self) { try MDSShardLayout(parsing: bytes, sampleCount: 3, schema: Self.schema) }
  }
}
