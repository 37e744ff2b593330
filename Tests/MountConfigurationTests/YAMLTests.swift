// The edge of the YAML reader: errors with their lines, and limits.

import Testing

@testable import MountConfiguration

struct YAMLTests {
  @Test(arguments: [
    ("version: 1\nname: x\nsources: {a: [}\n", "config.yaml:3: not valid YAML: "), ("a: b: c", "config.yaml:1: not valid YAML"),
    ("a: \"x", "config.yaml:1: not valid YAML"),
    ("a: 1\n\tb: 2", "config.yaml:2: not valid YAML"), ("a: *nowhere", "config.yaml:1: not valid YAML: found undefined alias"),
    ("a: 1\n---\nb: 2\n", "config.yaml:2: not valid YAML"), ("a: 1\nb: \u{1}\n", "config.yaml:2: not valid YAML: control characters are not allowed"),
    ("a: \"\\ud83d\"", "config.yaml:1: not valid YAML"), ("a: !x 1", "the tag"),
  ])
  func errorsNameTheLine(yaml: String, expected: String) {
    let text = complaints(yaml)
    #expect(text.contains(expected))
    #expect(text.split(separator: "\n").count == 1)
  }

  /// The second one's line and path, the first one's line, and both values.
  @Test(arguments: [
    ("a: 1\na: 2", ["config.yaml:2: a: written more than once in the same mapping: 2 here, 1 on line 1; leave one of them out"]),
    ("a: 1\n'a': x\n\"a\": [3]", ["config.yaml:2: a: written more than once in the same mapping: \"x\" here, 1 on line 1", "config.yaml:3: a: written more"]),
    (
      "é:\r\n  - {b: é, \"b\": 2}\r\n  - {c.d: 1,\r\n c.d: ~}\r\n",
      ["config.yaml:2: é.0.b: written", "config.yaml:4: é.1.\"c.d\": written more than once in the same mapping: nothing here, 1 on line 3"]
    ),
    ("? a\n: 1\n? a\n: 2\n# \u{2028}# b\na: 3\n", ["config.yaml:3: a: written more", "config.yaml:7: a: written more than once in the same mapping: 3 here"]),
    ("x: &x {k: 1, k: 2}\ny: *x\n", ["config.yaml:1: x.k: written more", "config.yaml:1: y.k: written more"]),
    // What cannot be marked is still told.
    ("&a a: 1\n&b a: 2\n", ["config.yaml:1: a: written more than once in the same mapping"]),
    ("a: \u{F8FE}\na: 2\n", ["config.yaml:1: a: written more than once in the same mapping"]),
    ("a: 1\na: 2\n<<: 3\n", ["config.yaml:3: <<: merge keys"]),
  ])
  func aRepeatedKeyIsToldWithBoth(yaml: String, expected: [String]) {
    let text = complaints(yaml)
    for line in expected { #expect(text.contains(line), "\(text)") }
    #expect(!text.unicodeScalars.contains("\u{F8FE}"))
  }

  @Test func aRepeatedKeyIsToldWithTheOtherErrors() {
    let yaml =
      "version: 1\nname: x\nsources:\n  s: {format: mds, path: /}\nviews:\n  v:\n    source: s\n    batch_size: 32\n    batch_size: 64\n    drop_lst: true\n"
    let lines = complaints(yaml).split(separator: "\n")
    #expect(lines.count == 2, "\(lines)")
    #expect(lines.first == "config.yaml:9: views.v.batch_size: written more than once in the same mapping: 64 here, 32 on line 8; leave one of them out")
    #expect(lines.last?.hasPrefix("config.yaml:10: views.v.drop_lst: unknown key") == true)
  }

  @Test func aRepeatedKeyOfTheCommandLine() {
    #expect(
      complaints(sampleYAML, overrides: ["views.train.order={seed: 1, seed: 2}"])
        == "--set views.train.order={seed: 1, seed: 2}: views.train.order.seed: written more than once in the same mapping: 2 here, 1 before; leave one of them out"
    )
  }

  @Test(.timeLimit(.minutes(1))) func manyRepeatedKeys() {
    #expect(complaints(String(repeating: "k: 1\n", count: 200_000)).contains("k: written more than once"))
    #expect(complaints(String(repeating: "k: 1\n", count: 40)).contains("more problems"))
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
      bomb + "? {a: *a39}\n: 1\n", bomb + "b:\n  *a39 : 2\n", bomb + "*a39 : 1\n*a39 : 2\n",
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
