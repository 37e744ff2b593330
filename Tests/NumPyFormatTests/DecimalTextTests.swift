// Decimals with their point.

import NumPyFormat
import Testing

struct DecimalTextTests {
  @Test(
    arguments: [
      (1234, 2, "12.34"), (-1234, 2, "-12.34"), (5, 3, "0.005"), (-5, 1, "-0.5"), (0, 2, "0.00"), (7, 0, "7"), (.min, 0, "-9223372036854775808"),
      (12, -3, "12e3"),
      (12, 77, "12e-77"), (1, 76, "0." + String(repeating: "0", count: 75) + "1"),
    ] as [(Int64, Int, String)])
  func ofIntegers(unscaled: Int64, scale: Int, text: String) {
    #expect(DecimalText.text(unscaled, scale: scale) == text)
    let bytes = (0..<16).map { UInt8(truncatingIfNeeded: Int128(unscaled) >> (8 * $0)) }
    #expect(DecimalText.text(littleEndian: bytes, scale: scale) == text)
  }

  @Test func ofMoreThanSixtyFourBits() {
    // 2^127 - 1, -2^127 and -2^255, which have no positive counterpart.
    #expect(DecimalText.text(littleEndian: [UInt8](repeating: 0xFF, count: 15) + [0x7F], scale: 10) == "17014118346046923173168730371.5884105727")
    #expect(DecimalText.text(littleEndian: [UInt8](repeating: 0, count: 15) + [0x80], scale: 0) == "-170141183460469231731687303715884105728")
    #expect(
      DecimalText.text(littleEndian: [UInt8](repeating: 0, count: 31) + [0x80], scale: 0)
        == "-57896044618658097711785492504343953926634992332820282019728792003956564819968")
  }
}
