// Numbers at the ends of their types.

import JSONParsing
import Testing

struct JSONNumberTests {
  @Test(arguments: [("0", 0), ("-0", 0), ("42", 42), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min)])
  func integersAreExact(text: String, value: Int) throws {
    #expect(try reading(text) { try $0.readInt() } == value)
  }

  @Test func unsignedIntegersAreExact() throws {
    #expect(try reading("18446744073709551615") { try $0.readUInt64() } == UInt64.max)
    #expect(problem("18446744073709551616") { _ = try $0.readUInt64() } == .numberOutOfRange(type: "an unsigned 64-bit integer"))
    #expect(problem("-1") { _ = try $0.readUInt64() } == .numberOutOfRange(type: "an unsigned 64-bit integer"))
  }

  @Test(arguments: ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"])
  func integersThatDoNotFitAreErrors(text: String) {
    #expect(problem(text) { _ = try $0.readInt() } == .numberOutOfRange(type: "a signed 64-bit integer"))
  }

  @Test(arguments: ["1.0", "1e3", "1E3", "-0.5"])
  func fractionsAreNoIntegers(text: String) {
    #expect(problem(text) { _ = try $0.readInt() } == .notAnInteger)
  }

  static let doubles: [(text: String, value: Double)] = [
    ("1.5", 1.5), ("-0", -0.0), ("1e22", 1e22), ("0.1", 0.1),
    ("123456789012345678", 123_456_789_012_345_680), ("2.2250738585072014e-308", 2.2250738585072014e-308), ("5e-324", Double.leastNonzeroMagnitude),
    ("1.7976931348623157E+308", Double.greatestFiniteMagnitude), ("9007199254740993", 9_007_199_254_740_992),
  ]

  @Test(arguments: doubles)
  func doublesAreTheNearest(text: String, value: Double) throws {
    #expect(try reading(text) { try $0.readDouble() }.bitPattern == value.bitPattern)
  }

  @Test func doublesTooLargeAreErrors() {
    #expect(problem("1e309") { _ = try $0.readDouble() } == .numberOutOfRange(type: "a double"))
  }

  @Test func nonFiniteNumbersNeedPermission() throws {
    #expect(try reading("[NaN, Infinity, -Infinity, -1]", acceptsNonFinite: true) { try $0.skipValue() }.count == 30)
    #expect(try reading("NaN", acceptsNonFinite: true) { try $0.readDouble() }.isNaN)
    #expect(try reading("-Infinity", acceptsNonFinite: true) { try $0.readDouble() } == -.infinity)
    for text in ["NaN", "Infinity", "-Infinity"] { #expect(problem(text) { _ = try $0.readDouble() } != nil) }
    #expect(problem("NaN", acceptsNonFinite: true) { _ = try $0.readInt() } == .invalidNumber)
  }

  @Test func wordsAreRead() throws {
    #expect(try reading("true") { try $0.readBool() })
    #expect(try !reading("false") { try $0.readBool() })
    #expect(try reading(" null") { try $0.readNullIfPresent() })
    #expect(problem("1") { try $0.readNull() } == .unexpectedKind(.number, expected: "null"))
    #expect(problem("null") { _ = try $0.readBool() } == .unexpectedKind(.null, expected: "true or false"))
  }
}
