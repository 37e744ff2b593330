// Narrower integers, timestamps and decimals.

import ParquetEncodings
import Testing

struct ConversionTests {
  // MARK: - Integers

  @Test(arguments: [(Conversions.NarrowInteger.int8, -128, 127, 1), (.uint8, 0, 255, 1), (.int16, -32768, 32767, 2), (.uint16, 0, 65535, 2)])
  func integersAreNarrowedOrRefused(type: Conversions.NarrowInteger, low: Int, high: Int, size: Int) throws {
    let values = [low, high, 0, 1, low + 1, high - 1] + (0..<50).map { low + $0 }
    func narrow(_ values: [Int]) throws -> [UInt8] {
      try output(values.count * size) { target in
        try littleEndian(values.map(Int32.init)).reading { try Conversions.narrow($0, count: values.count, to: type, into: &target) }
      }
    }
    #expect(try narrow(values) == values.flatMap { littleEndian([$0]).prefix(size) })
    for bad in [low - 1, high + 1, Int(Int32.min), Int(Int32.max)] {
      let error = #expect(throws: EncodingError.self) { try narrow([0, 1, bad, low - 1]) }
      #expect(error?.byteOffset == 8 && error?.found == "\(bad) as value 2")
    }
  }

  @Test func unsigned32OfInt64() throws {
    func narrow(_ values: [Int64]) throws -> [UInt8] {
      try output(values.count * 4) { target in try littleEndian(values).reading { try Conversions.narrow($0, count: values.count, to: .uint32, into: &target) }
      }
    }
    #expect(try narrow([0, 7, 4_294_967_295]) == littleEndian([0, 7, 4_294_967_295] as [UInt32]))
    #expect(throws: EncodingError.self) { try narrow([0, -1]) }
    #expect(throws: EncodingError.self) { try narrow([4_294_967_296]) }
  }

  // MARK: - Timestamps

  @Test func timestampsOfINT96() throws {
    func convert(_ stamps: [(time: Int64, day: Int32)]) throws -> [Int64] {
      let data = stamps.flatMap { littleEndian([$0.time]) + littleEndian([$0.day]) }
      let found = try output(stamps.count * 8) { target in
        try data.reading { try Conversions.nanoseconds(ofINT96: $0, count: stamps.count, into: &target) }
      }
      return numbers(found, as: Int64.self)
    }
    // The last is Int64.max: 2262-04-11 23:47:16.854775807; before it Int64.min, of which a day's product alone does not fit.
    let stamps: [(time: Int64, day: Int32)] = [(0, 2_440_588), (1, 2_440_589), (-1, 2_440_588), (763_145_224_192, 2_333_836), (85_636_854_775_807, 2_547_339)]
    #expect(try convert(stamps) == [0, 86_400_000_000_001, -1, Int64.min, Int64.max])
    #expect(throws: EncodingError.self) { try convert([(85_636_854_775_808, 2_547_339)]) }
    #expect(throws: EncodingError.self) { try convert([(0, 2_440_588), (0, Int32.max)]) }
    #expect(throws: EncodingError.self) { try convert([(Int64.max, 2_440_589)]) }
  }

  // MARK: - Decimals

  @Test(arguments: [1, 2, 3, 5, 8, 9, 16, 20], [8, 16])
  func decimalsOfEveryLength(valueByteCount: Int, resultByteCount: Int) throws {
    var random = Numbers(state: UInt64(valueByteCount))
    let bits = min(valueByteCount, resultByteCount) * 8
    var values: [Int128] = [0, 1, -1, (1 << Int128(bits - 1)) &- 1, Int128(-1) << Int128(bits - 1)]
    for _ in 0..<20 { values.append(Int128(truncatingIfNeeded: UInt128(random.next()) << 64 | UInt128(random.next())) >> Int128(128 - bits)) }
    let data = values.flatMap { value in (0..<valueByteCount).reversed().map { UInt8(truncatingIfNeeded: value >> Int128(min(127, 8 * $0))) } }
    let found = try output(values.count * resultByteCount) { target in
      try data.reading { try Decimals.decode($0, count: values.count, valueByteCount: valueByteCount, resultByteCount: resultByteCount, into: &target) }
    }
    #expect(found == values.flatMap { littleEndian([$0]).prefix(resultByteCount) })
  }

  @Test func decimalsThatDoNotFit() throws {
    for data: [UInt8] in [
      [0, 0x80, 0, 0, 0, 0, 0, 0, 0], [0xFF, 0x7F, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0], [0x80, 0xFF, 0, 0, 0, 0, 0, 0, 0],
    ] {
      #expect(throws: EncodingError.self) {
        try output(8) { target in try data.reading { try Decimals.decode($0, count: 1, valueByteCount: 9, resultByteCount: 8, into: &target) } }
      }
    }
    let bytes: [UInt8] = [0xFF, 0x01, 0x00]
    let found = try output(24) { target in
      try bytes.reading { bytes in
        try littleEndian([0, 1, 1, 3] as [Int64]).reading { try Decimals.decode(bytes, offsets: $0, count: 3, resultByteCount: 8, into: &target) }
      }
    }
    #expect(numbers(found, as: Int64.self) == [-1, 0, 256])
  }
}
