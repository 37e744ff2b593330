// What is written reads back, and is spelled as Python spells it where that is asked for.

import JSONParsing
import Testing

struct JSONWriterTests {
  private static func write(_ spacing: JSONWriter.Spacing) -> String {
    var writer = JSONWriter(spacing: spacing)
    writer.beginObject()
    writer.key("a")
    writer.beginArray()
    writer.integer(-1)
    writer.double(0.5)
    writer.double(.nan)
    writer.beginObject()
    writer.endObject()
    writer.endArray()
    writer.key("é\"")
    writer.string("😀\u{1}\n\\\u{7F}")
    writer.key("raw")
    writer.rawValue(Array("[1]".utf8))
    writer.key("b")
    writer.boolean(true)
    writer.key("n")
    writer.null()
    writer.endObject()
    return writer.text
  }

  @Test func isCompact() {
    #expect(Self.write(.none) == #"{"a":[-1,0.5,null,{}],"é\"":"😀\u0001\n\\\#u{7F}","raw":[1],"b":true,"n":null}"#)
  }

  @Test func isAsPythonWrites() {
    #expect(Self.write(.python) == #"{"a": [-1, 0.5, null, {}], "\u00e9\"": "\ud83d\ude00\u0001\n\\\#u{7F}", "raw": [1], "b": true, "n": null}"#)
  }

  @Test func literalsReadBack() throws {
    let every = String(String.UnicodeScalarView((0...0x2FF).compactMap(Unicode.Scalar.init))) + "😀\u{2028}\u{FFFF}"
    #expect(try reading(Array(JSONWriter.literal(every).utf8), stringByteLimit: 10_000) { try $0.readString() } == every)
    var escaped: [UInt8] = []
    JSONWriter.appendLiteral(every, escapingBeyondASCII: true, to: &escaped)
    #expect(escaped.allSatisfy { $0 < 0x80 })
    #expect(try reading(escaped, stringByteLimit: 10_000) { try $0.readString() } == every)
  }
}
