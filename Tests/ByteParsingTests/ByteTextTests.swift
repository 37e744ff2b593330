// Bytes as people see them.

import ByteParsing
import Testing

struct ByteTextTests {
  /// The macro of an expectation cannot hold a span.
  private func isText(_ bytes: [UInt8]) -> Bool { ByteText.isText(bytes.rawSpan) }

  @Test func asciiAndOthers() {
    #expect(ByteText.text(Array("64}~".utf8)) == "'64}~'")
    #expect(ByteText.text([0x36, 0x0A, 0xFF]) == "36 0a ff")
    #expect(ByteText.text([]) == "")
  }

  @Test(arguments: [("a\tb\r\n", true), ("é €", true), ("", true), ("a\u{0}", false), ("\u{1B}[m", false), ("\u{7F}", false), ("\u{9B}m", false)])
  func isText(_ text: String, _ expected: Bool) {
    #expect(isText(Array(text.utf8)) == expected)
  }

  @Test(arguments: [[0xC3], [0x61, 0xFF], [0xC0, 0x80]] as [[UInt8]])
  func brokenUTF8IsNone(_ bytes: [UInt8]) {
    #expect(!isText(bytes))
  }
}
