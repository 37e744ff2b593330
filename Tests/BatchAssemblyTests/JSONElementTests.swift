// Elements as JSON. Expected moments and halves are NumPy's.

import NumPyFormat
import Testing

@testable import BatchAssembly

struct JSONElementTests {
  private func text(_ type: ElementType, _ bits: UInt64) -> String {
    let data = (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    let span = data.span
    var bytes: [UInt8] = []
    JSONElements.append(type, at: 0, in: unsafe span.bytes, to: &bytes)  // Sound: bytes of bytes.
    return String(decoding: bytes, as: UTF8.self)
  }

  static let moments: [(Int64, String, String)] = [
    (-700000, "D", "0053-06-19"), (2299999, "D", "8267-03-09"), (-699999, "D", "0053-06-20"), (1209419, "D", "5281-04-11"), (82400, "D", "2195-08-09"),
    (-296800, "D", "1157-05-23"), (0, "s", "1970-01-01T00:00:00"), (-1, "s", "1969-12-31T23:59:59"), (1, "s", "1970-01-01T00:00:01"),
    (-348671234, "s", "1958-12-14T10:52:46"), (951782400, "s", "2000-02-29T00:00:00"), (-62135596800, "s", "0001-01-01T00:00:00"),
    (0, "ms", "1970-01-01T00:00:00.000"), (-1, "ms", "1969-12-31T23:59:59.999"), (1, "ms", "1970-01-01T00:00:00.001"),
    (-778452637, "ms", "1969-12-22T23:45:47.363"), (951782400, "ms", "1970-01-12T00:23:02.400"), (-62135596800, "ms", "1968-01-12T20:06:43.200"),
    (951868799999, "ms", "2000-02-29T23:59:59.999"), (0, "us", "1970-01-01T00:00:00.000000"), (-1, "us", "1969-12-31T23:59:59.999999"),
    (1, "us", "1970-01-01T00:00:00.000001"), (548801510, "us", "1970-01-01T00:09:08.801510"), (951782400, "us", "1970-01-01T00:15:51.782400"),
    (-62135596800, "us", "1969-12-31T06:44:24.403200"), (9223372036854775807, "us", "294247-01-10T04:00:54.775807"),
    (-9223372036854775807, "us", "-290308-12-21T19:59:05.224193"), (0, "ns", "1970-01-01T00:00:00.000000000"), (-1, "ns", "1969-12-31T23:59:59.999999999"),
    (1, "ns", "1970-01-01T00:00:00.000000001"), (-149471404, "ns", "1969-12-31T23:59:59.850528596"), (951782400, "ns", "1970-01-01T00:00:00.951782400"),
    (-62135596800, "ns", "1969-12-31T23:58:57.864403200"), (9223372036854775807, "ns", "2262-04-11T23:47:16.854775807"),
    (-9223372036854775807, "ns", "1677-09-21T00:12:43.145224193"),
  ]

  @Test(arguments: moments.indices) func momentsAreAsNumPySpellsThem(index: Int) throws {
    let (count, unit, expected) = Self.moments[index]
    #expect(text(.datetime64(try #require(TimeUnit(rawValue: unit))), UInt64(bitPattern: count)) == "\"\(expected)\"")
  }

  @Test func numbers() {
    #expect(text(.bool, 1) == "true" && text(.bool, 0) == "false")
    #expect(text(.int8, 0x80) == "-128" && text(.uint8, 0xFF) == "255" && text(.int16, 0x8000) == "-32768" && text(.uint16, 0xFFFF) == "65535")
    #expect(text(.int32, 0x8000_0000) == "-2147483648" && text(.uint32, 0xFFFF_FFFF) == "4294967295")
    #expect(text(.int64, 1 << 63) == "-9223372036854775808" && text(.uint64, .max) == "18446744073709551615")
    #expect(
      text(.float32, UInt64(Float(0.1).bitPattern)) == "0.1" && text(.float64, (0.1).bitPattern) == "0.1" && text(.float64, (1e300).bitPattern) == "1e+300")
    #expect(text(.float64, Double.nan.bitPattern) == "NaN" && text(.float32, UInt64((-Float.infinity).bitPattern)) == "-Infinity")
    #expect(text(.datetime64(.nanoseconds), 1 << 63) == "null" && text(.timedelta64(.seconds), 1 << 63) == "null" && text(.timedelta64(.days), 7) == "7")
    #expect(text(.void(byteCount: 4), 0x0302_01FF) == "\"/wECAw==\"")
  }

  @Test(
    arguments: [
      (0x3C00, 1.0), (0x0001, 5.960464477539063e-08), (0x7BFF, 65504.0), (0x2E66, 0.0999755859375), (0xFBFF, -65504.0), (0x03FF, 6.097555160522461e-05),
      (0x0400, 6.103515625e-05),
    ] as [(UInt64, Double)]) func halves(bits: UInt64, value: Double)
  {
    #expect(Float(text(.float16, bits)).map(Double.init) == value)
  }

  @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")])
  func base64OfRFC4648(plain: String, encoded: String) {
    let data = Array(plain.utf8)
    let span = data.span
    var bytes: [UInt8] = []
    Base64.append(unsafe span.bytes, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "\"\(encoded)\"")
  }
}
