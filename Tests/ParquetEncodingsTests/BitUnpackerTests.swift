// Bit unpacking against packing bit by bit.

import ParquetEncodings
import Testing

struct BitUnpackerTests {
  @Test(arguments: 0...32)
  func everyWidthTo32(bitWidth: Int) throws {
    var random = Numbers(state: UInt64(bitWidth))
    for count in [0, 1, 7, 8, 9, 31, 32, 33, 100, 511] {
      let values = (0..<count).map { _ in bitWidth == 0 ? 0 : random.next() >> UInt64(64 - bitWidth) }
      let data = packed(values, bitWidth: bitWidth)
      for slack in [0, 1, 20] {
        let found = try output(count * 4) { target in
          (data + Array(repeating: 0xFF, count: slack)).reading { BitUnpacker.unpack32($0, bitWidth: bitWidth, count: count, into: &target) }
        }
        #expect(numbers(found, as: UInt32.self).map(UInt64.init) == values)
      }
    }
  }

  @Test(arguments: 0...64)
  func everyWidthTo64(bitWidth: Int) throws {
    var random = Numbers(state: UInt64(bitWidth))
    for count in [0, 1, 7, 8, 9, 33, 100] {
      let values = (0..<count).map { _ in bitWidth == 0 ? 0 : random.next() >> UInt64(64 - bitWidth) }
      for slack in [0, 1, 20] {
        let data = packed(values, bitWidth: bitWidth) + Array(repeating: 0xFF, count: slack)
        let found = try output(count * 8) { target in data.reading { BitUnpacker.unpack64($0, bitWidth: bitWidth, count: count, into: &target) } }
        #expect(numbers(found, as: UInt64.self) == values)
      }
    }
  }
}
