// The edge of the YAML reader: errors with their lines, and limits.

import Testing

@testable import MountConfiguration

struct YAMLTests {
  @Test(arguments: [
    ("version: 1\nname: x\nsources: {a: [}\n", "config.yaml:3: not valid YAML: "), ("a: b: c", "config.yaml:1: not valid YAML"),
    ("a: \"x", "config.yaml:1: not valid YAML"),
    ("a: 1\n\tb: 2", "config.yaml:2: not valid YAML"), ("a: *nowhere", "config.yaml:1: not valid YAML: found undefined alias"),
    ("a: 1\n---\nb: 2\n", "config.yaml:2: not valid YAML"), ("a: 1\nb: \u{1}\n", "config.yaml:2: not valid YAML: control characters are not allowed"),
    ("a: \"\\ud83d\"", "config.yaml:1: not valid YAML"), ("a: 1\na: 2", "a: written more than once"), ("a: !x 1", "the tag"),
  ])
  func errorsNameTheLine(yaml: String, expected: String) {
    let text = complaints(yaml)
    #expect(text.contains(expected))
    #expect(text.split(separator: "\n").count == 1)
  }

  @Test(arguments: ["a:\n\tb: 1\n", "a: 1\n\tb: 2", "a:\n  b: 1\n \t c: 2\n", "a:\n  - x\n\t- y\n"])
  func aTabIsCalledOne(yaml: String) {
    #expect(complaints(yaml).contains("the line begins with a tab"), "\(complaints(yaml))")
  }

  @Test func otherErrorsAreNotBlamedOnTabs() {
    #expect(!complaints("a: [\tb: }\n").contains("tab"))
  }

  @Test func windowsLineEndsAndByteOrderMarks() throws {
    let yaml = "\u{FEFF}" + sampleYAML.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    #expect(try parse(yaml) == parse(sampleYAML))
  }

  /// Deep, wide and exponential inputs end with an error, soon.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000), String(repeating: "- ", count: 100_000),
      String(repeating: "? ", count: 100_000),
      String(repeating: "[", count: 500) + String(repeating: "]", count: 500), "a: " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
      (0..<800).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), String(repeating: "x", count: 2_000_000),
    ])
  func nestingIsLimited(yaml: String) {
    #expect(!complaints(yaml).isEmpty)
  }

  private static let bomb = "a0: &a0 [x, x]\n" + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      bomb, bomb + "*a39 : 1\n", bomb + "? [*a39]\n: 1\n", bomb + "{*a39 : 1}", bomb + "b: {*a39: 1, *a38: 2}\n", bomb + "b: {[*a39]: 1}\n",
      bomb + "? {a: *a39}\n: 1\n", bomb + "b:\n  *a39 : 2\n",
    ])
  func aliasesCannotExplode(yaml: String) {
    #expect(!complaints(yaml).isEmpty)
  }

  @Test(.timeLimit(.minutes(1))) func manyKeys() {
    #expect(complaints((0..<60_000).map { "k\($0): 1\n" }.joined()).contains("and 59993 more problems"))
  }

  @Test(.timeLimit(.minutes(1))) func manySourcesAndViews() {
    let sources = (0..<16_000).map { "  source-number-\($0): {format: mds, path: /}\n" }.joined()
    let views = (0..<8000).map { "  v\($0): {source: suorce-nmuber-\($0)}\n" }.joined()
    #expect(complaints("name: x\nsources:\n\(sources)views:\n\(views)").contains("and 7990 more problems"))
  }

  @Test(arguments: [
    ("", ScalarMeaning.nothing), ("~", .nothing), ("null", .nothing), ("true", .boolean(true)), ("False", .boolean(false)), ("yes", .text), ("on", .text),
    ("0", .integer), ("-12", .integer), ("+3", .integer), ("010", .text), ("0x10", .text), ("1_000", .text), ("1:30", .text), ("1.5", .number(1.5)),
    (".5", .number(0.5)), ("1.", .number(1)), ("1e3", .number(1000)), ("-1.5E-2", .number(-0.015)), ("1e", .text), (".", .text), ("-", .text), ("+.", .text),
    ("-.inf", .number(-.infinity)), ("inf", .text), ("nan", .text), ("2024-01-01", .text), ("1.2.3", .text), ("1e999", .number(.infinity)),
  ])
  func meanings(text: String, expected: ScalarMeaning) {
    #expect(ScalarMeaning(text) == expected)
  }

  @Test(arguments: [
    (#"{"a": "\ud83d\ude00"}"#, #"{"a": "\U0001f600"}"#), (#"{"a": "\\ud83d\ude00"}"#, #"{"a": "\\ud83d\ude00"}"#),
    (#"a: '\ud83d\ude00'"#, #"a: '\ud83d\ude00'"#),
    (#"{"a": "\ud83d"}"#, #"{"a": "\ud83d"}"#), (#"{"a\"#, #"{"a\"#), (#"{\ud83d\ud"#, #"{\ud83d\ud"#), (#" {"\uDBFF\uDFFF"}"#, #" {"\U0010ffff"}"#),
  ])
  func surrogateEscapes(text: String, expected: String) {
    #expect(joiningSurrogateEscapes(text) == expected)
  }

  /// Random damage to a right file is accepted or refused, and never crashes; the seed is in the name of the failure.
  @Test(.timeLimit(.minutes(2)), arguments: [UInt64(20_240_601)])
  func randomDamage(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("{}[],:&*!|>'\"%@`#?- \n\t\\0a1.~<$".unicodeScalars)
    let original = Array(sampleYAML.unicodeScalars)
    for _ in 0..<1500 {
      var scalars = original
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let position = Int.random(in: 0..<scalars.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: scalars[position] = alphabet.randomElement(using: &generator)!
        case 1: scalars.remove(at: position)
        default: scalars.insert(alphabet.randomElement(using: &generator)!, at: position)
        }
      }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      let text = complaints(String(view))
      #expect(text.split(separator: "\n").count < 12)
    }
  }
}
