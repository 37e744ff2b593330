// Values of single rows, as the writers of mosaicml-streaming spell them, and what is none.

import Testing

@testable import TextShardFormat

struct TextRowTests {
  private static let columns = [
    TextColumn(name: "n", encoding: .int), TextColumn(name: "t", encoding: .string), TextColumn(name: "x", encoding: .float),
  ]
  private static let csv = TextDialect.separated(separator: Array(",".utf8), newline: Array("\n".utf8))
  private static let xsv = TextDialect.separated(separator: Array("<>".utf8), newline: Array("\r\n".utf8))
  private static let json = TextDialect.json(newline: Array("\n".utf8))

  /// The row's values; of the float its bits, since NaN is not itself.
  private func read(_ text: String, _ dialect: TextDialect) throws -> (Int64, String, UInt64) {
    var rows = TextRowReader(dialect: dialect, columns: Self.columns)
    let bytes = Array(text.utf8)
    let span = bytes.span
    // Sound: bytes of bytes.
    let data = unsafe span.bytes
    try rows.read(sample: 7, 0..<bytes.count, in: data)
    var value: [UInt8] = []
    try rows.appendText(column: 1, in: data, to: &value)
    return (try rows.integer(column: 0, in: data), String(decoding: value, as: UTF8.self), try rows.double(column: 2, in: data).bitPattern)
  }

  static let good: [(String, TextDialect, Int64, String, Double)] = [
    ("1,a,0.5\n", csv, 1, "a", 0.5), ("-9223372036854775808,\"q\",inf\n", csv, .min, "\"q\"", .infinity), ("9223372036854775807,,nan\n", csv, .max, "", .nan),
    ("007, x ,-1e-05\n", csv, 7, " x ", -1e-5), ("+7,é,5e-324\n", csv, 7, "é", .leastNonzeroMagnitude), ("-0,NaN,-Infinity\n", csv, 0, "NaN", -.infinity),
    ("1<>a<b>c<>2.0\r\n", xsv, 1, "a<b>c", 2), ("1<><<>2.0\r\n", xsv, 1, "<", 2), ("1<>a\n,b<>2.0\r\n", xsv, 1, "a\n,b", 2),
    (#"{"n": 1, "t": "a", "x": 0.5}"# + "\n", json, 1, "a", 0.5), (#"{"x":-Infinity,"t":"\u00e9\n","n":-5, "y": [1]}"# + "\n", json, -5, "é\n", -.infinity),
    (#"{"n": true, "t": "", "x": NaN}"# + "\n", json, 1, "", .nan), (#"{"n": 1, "n": 2, "t": "\ud83d\ude00", "x": 3}"# + "\n", json, 2, "😀", 3),
    (#"{"\u006e": 4, "t": "x", "x": 1e300}"# + "\n", json, 4, "x", 1e300),
  ]

  @Test(arguments: good.indices) func values(index: Int) throws {
    let (text, dialect, integer, string, double) = Self.good[index]
    let (n, t, x) = try read(text, dialect)
    #expect(n == integer && t == string && (x == double.bitPattern || double.isNaN && Double(bitPattern: x).isNaN), "\(text)")
  }

  static let bad: [(String, TextDialect, String)] = [
    ("1,a,0.5", csv, "newline"), ("", csv, "newline"), ("\n", csv, "1 values, expected 3"), ("1,a,0.5,\n", csv, "4 values, expected 3"),
    ("1,a\n", csv, "2 values"),
    ("9223372036854775808,a,0\n", csv, "column 'n' at byte 0: '9223372036854775808', expected a whole number of 64 bits"), ("1.0,a,0\n", csv, "whole number"),
    ("-,a,0\n", csv, "whole number"), (",a,0\n", csv, "whole number"), ("1_0,a,0\n", csv, "whole number"), ("True,a,0\n", csv, "whole number"),
    ("1,a,0x1p3\n", csv, "column 'x' at byte 4: '0x1p3', expected a number"), ("1,a,\n", csv, "a number"), ("1,a,1 \n", csv, "a number"),
    ("1,a,infin\n", csv, "a number"),
    ("1,a,--1\n", csv, "a number"), ("1<>a<>2.0\n", xsv, "newline"), ("1<>a>2.0\r\n", xsv, "2 values"),
    (#"{"n": 1, "t": "a"}"# + "\n", json, "column 'x' is missing"), (#"{"n": 1.5, "t": "a", "x": 1}"# + "\n", json, "'1.5', expected a whole number"),
    (#"{"n": null, "t": "a", "x": 1}"# + "\n", json, "whole number"), (#"{"n": 1, "t": 5, "x": 1}"# + "\n", json, "expected a text"),
    (#"{"n": 1, "t": "\ud83d", "x": 1}"# + "\n", json, "expected a text"), (#"{"n": 1, "t": "a", "x": "1"}"# + "\n", json, "a number"),
    (#"{"n": 1, "t": "a", "x": 1}}"# + "\n", json, "sample 7 at byte 0"), (#"[1]"# + "\n", json, "sample 7"), ("{", json, "newline"), ("{\n", json, "sample 7"),
    (#"{"n": 99999999999999999999, "t": "a", "x": 1}"# + "\n", json, "whole number of 64 bits"),
  ]

  @Test(arguments: bad.indices) func whatIsNone(index: Int) throws {
    let (text, dialect, words) = Self.bad[index]
    let error = #expect(throws: TextShardError.self, "\(text)") { try self.read(text, dialect) }
    #expect(error?.description.contains(words) == true, "\(text): \(String(describing: error))")
  }

  @Test func textThatIsNotUTF8() throws {
    var rows = TextRowReader(dialect: Self.csv, columns: Self.columns)
    let bytes: [UInt8] = Array("1,".utf8) + [0xFF] + Array(",2\n".utf8)
    let span = bytes.span
    let data = unsafe span.bytes
    try rows.read(sample: 0, 0..<bytes.count, in: data)
    var text: [UInt8] = []
    #expect(throws: TextShardError.self) { try rows.appendText(column: 1, in: data, to: &text) }
    // The other columns go on.
    #expect(try rows.integer(column: 0, in: data) == 1 && rows.double(column: 2, in: data) == 2)
  }
}
