// Reading of good and bad JSON texts.

import JSONParsing
import Testing

/// Runs `body` with a reader of `text`, and checks that nothing follows what it read.
func reading<Result>(
  _ text: [UInt8], acceptsNonFinite: Bool = false, stringByteLimit: Int = 1000, _ body: (inout JSONReader) throws -> Result
) throws -> Result {
  let span = text.span
  // Sound: bytes of bytes.
  var reader = JSONReader(unsafe span.bytes, acceptsNonFinite: acceptsNonFinite, stringByteLimit: stringByteLimit)
  let result = try body(&reader)
  try reader.finish()
  return result
}

func reading<Result>(_ text: String, acceptsNonFinite: Bool = false, _ body: (inout JSONReader) throws -> Result) throws -> Result {
  try reading(Array(text.utf8), acceptsNonFinite: acceptsNonFinite, body)
}

/// The problem that `body` meets.
func problem(_ text: String, acceptsNonFinite: Bool = false, _ body: (inout JSONReader) throws -> Void) -> JSONError.Problem? {
  do {
    try reading(text, acceptsNonFinite: acceptsNonFinite, body)
    return nil
  } catch {
    return (error as? JSONError)?.problem
  }
}

struct JSONReaderTests {
  @Test func walksObjectsAndArrays() throws {
    let text = #" { "a" : [ 1 , [] , {"x":null} ] , "" : true, "é\n": "ü" , "z":{} } "#
    var seen: [String] = []
    try reading(text) { reader in
      try reader.beginObject()
      while try reader.nextKey() {
        seen.append(reader.key)
        if reader.keyEquals("a") {
          try reader.beginArray()
          while try reader.nextElement() { seen.append("\(try reader.peekKind()) \(try reader.skipValue().count)") }
        } else if reader.keyEquals("é\n") {
          seen.append(try reader.readString())
        } else {
          try reader.skipValue()
        }
      }
    }
    #expect(seen == ["a", "a number 1", "an array 2", "an object 10", "", "é\n", "ü", "z"])
  }

  @Test func keysAreComparedWhole() throws {
    try reading(#"{"abc": 1}"#) { reader in
      try reader.beginObject()
      #expect(try reader.nextKey())
      let matches = [reader.keyEquals("abc"), reader.keyEquals("ab"), reader.keyEquals("abcd"), reader.keyEquals("abd"), reader.keyEquals("")]
      #expect(matches == [true, false, false, false, false])
      try reader.skipValue()
      #expect(try !reader.nextKey())
    }
  }

  @Test(arguments: [
    (#""""#, ""), (#""plain text that is longer than eight bytes""#, "plain text that is longer than eight bytes"),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u20AC\ud83d\ude00\u0000""#, "é€😀\0"), (#""é€😀\u007f""#, "é€😀\u{7F}"),
    (#""12345678\"12345678""#, #"12345678"12345678"#),
  ])
  func decodesStrings(text: String, expected: String) throws {
    #expect(try reading(text) { try $0.readString() } == expected)
    var pool: [UInt8] = [7]
    #expect(try reading(text) { try $0.readString(appendingTo: &pool) } == expected.utf8.count)
    #expect(pool == [7] + Array(expected.utf8))
  }

  @Test(arguments: [
    (#""abc"#, JSONError.Problem.endOfText), (#""abc\"#, .endOfText), (#""\x""#, .invalidEscape), (#""\u12""#, .invalidEscape), (#""\u12g4""#, .invalidEscape),
    (#""\ud800""#, .invalidUnicode), (#""\ud800\u0041""#, .invalidUnicode), (#""\udc00\ud800""#, .invalidUnicode), ("\"a\nb\"", .controlCharacterInString(10)),
    (#"'a'"#, .unexpectedByte(0x27, expected: "a value")), ("12", .unexpectedKind(.number, expected: "a string")), ("", .endOfText),
    (#""a" 1"#, .bytesAfterValue),
  ])
  func refusesBadStrings(text: String, expected: JSONError.Problem) {
    #expect(problem(text) { _ = try $0.readString() } == expected)
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC3, 0x41],
    ] as [[UInt8]])
  func refusesWhatIsNotUTF8(bytes: [UInt8]) throws {
    let text = Array(#""12345678"#.utf8) + bytes + Array("\"".utf8)
    let failure = #expect(throws: JSONError.self) { try reading(text) { try $0.readString() } }
    #expect(failure == JSONError(byteOffset: 9, line: 1, problem: .invalidUnicode))
  }

  @Test func limitsStrings() throws {
    let text = Array("\"\(String(repeating: "a", count: 1000))\"".utf8)
    #expect(try reading(text) { try $0.readString() }.utf8.count == 1000)
    let failure = #expect(throws: JSONError.self) { try reading(text, stringByteLimit: 999) { try $0.readString() } }
    #expect(failure?.problem == .stringTooLong(limit: 999))
    let number = Array(String(repeating: "1", count: 1000).utf8)
    #expect(throws: JSONError.self) { try reading(number, stringByteLimit: 999) { try $0.skipValue() } }
  }

  @Test func limitsDepth() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(try reading(nested(64)) { try $0.skipValue() }.count == 128)
    #expect(problem(nested(65)) { try $0.skipValue() } == .tooDeep(limit: 64))
    #expect(problem(String(repeating: #"{"a":"#, count: 1000)) { try $0.skipValue() } == .tooDeep(limit: 64))
  }

  @Test(arguments: [
    "[1,]", "[,1]", "[1 2]", "[1", "[", #"{"a":1,}"#, #"{"a" 1}"#, #"{a:1}"#, #"{"a":}"#, #"{"a":1 "b":2}"#, "{,}", "[1}", #"{"a":1]"#, "tru", "nul", "falsy",
    "+1",
    "NaN", "Infinity", "-", "01", "1.", ".5", "1e", "1e+", "--1", "0x10", "[1]]", "\u{FEFF}1", "",
  ])
  func refusesBadTexts(text: String) {
    #expect(problem(text) { try $0.skipValue() } != nil)
  }

  @Test func saysWhere() {
    let failure = #expect(throws: JSONError.self) { try reading("{\n  \"a\": 1,\n  \"b\": x\n}") { try $0.skipValue() } }
    #expect(failure == JSONError(byteOffset: 19, line: 3, problem: .unexpectedByte(UInt8(ascii: "x"), expected: "a value")))
    #expect(failure?.description == "line 3, byte 19: 'x' found, a value expected")
  }
}
