// Texts of every encoding, and damaged ones.

import ParquetEncodings
import Testing

struct ByteArraysTests {
  static let cases: [(ByteArrays.Encoding, [UInt8], [UInt8])] = [
    (.plain, Fixtures.plainTexts, Fixtures.plainTextsExpected), (.deltaLength, Fixtures.deltaLengthTexts, Fixtures.deltaLengthTextsExpected),
    (.delta, Fixtures.deltaTexts, Fixtures.deltaTextsExpected),
  ]

  /// Offsets and, behind them, bytes.
  static func decoded(_ data: [UInt8], _ encoding: ByteArrays.Encoding, count: Int) throws -> [UInt8] {
    var total = 0
    let offsets = try output((count + 1) * 8) { target in total = try data.reading { try ByteArrays.offsets(of: $0, encoding, count: count, into: &target) } }
    guard total < 1 << 20 else { return [] }
    return offsets
      + (try output(total) { target in
        try data.reading { data in try offsets.reading { try ByteArrays.bytes(of: data, encoding, count: count, offsets: $0, into: &target) } }
      })
  }

  @Test(arguments: cases)
  func textsAreThoseOfNumPy(encoding: ByteArrays.Encoding, data: [UInt8], expected: [UInt8]) throws {
    #expect(try Self.decoded(data, encoding, count: 151) == expected)
    if encoding != .plain { #expect(throws: EncodingError.self) { try Self.decoded(data, encoding, count: 150) } }
    #expect(throws: EncodingError.self) { try Self.decoded(data, encoding, count: 152) }
  }

  @Test(arguments: cases)
  func damageIsAnError(encoding: ByteArrays.Encoding, data: [UInt8], expected: [UInt8]) throws {
    for count in stride(from: 0, to: data.count, by: 5) {
      #expect(throws: EncodingError.self) { try Self.decoded(Array(data[..<count]), encoding, count: 151) }
    }
    for bit in stride(from: 0, to: data.count * 8, by: 5) {
      var damaged = data
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      do { _ = try Self.decoded(damaged, encoding, count: 151) } catch is EncodingError {}
    }
  }

  /// Values that each repeat the one before: few bytes that claim to be very many.
  @Test func prefixesAreBounded() throws {
    // One value of 100 bytes, then prefixes that grow by one: longer than the value before.
    let prefixes: [UInt8] = [0x80, 1, 4, 3, 0, 0xC8, 1, 0, 0, 0, 0]
    let suffixes: [UInt8] = [0x80, 1, 4, 3, 0, 0, 0, 0, 0, 0]
    #expect(throws: EncodingError.self) { try Self.decoded(prefixes + suffixes, .delta, count: 3) }
  }
}
