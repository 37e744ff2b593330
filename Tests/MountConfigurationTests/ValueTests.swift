// Sizes, paths, names: the small languages inside values.

import Testing

@testable import MountConfiguration

struct ValueTests {
  @Test(arguments: [
    ("512MiB", 512 << 20), ("2GB", 2_000_000_000), ("1.5 GiB", 3 << 29), ("0.1GiB", 107_374_182), ("123", 123), ("1 KiB", 1024), ("7B", 7), ("1kb", 1000),
    ("0", 0),
    ("8191PiB", 8191 << 50),
  ])
  func sizes(text: String, expected: Int) {
    #expect(ByteSize.parse(text) == expected)
  }

  @Test(arguments: [
    "", " ", "-1", "+1", "1.5", "1.GiB", ".5GiB", "5 apples", "MiB", "1e3", "8192PiB", "99999999999999999999", "1 2MiB", "1MiB ", "٣MiB", "1.0000000001GiB",
  ])
  func noSizes(text: String) {
    #expect(ByteSize.parse(text) == nil)
  }

  @Test func sizesAreWrittenExactly() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<1000 {
      let value = Int.random(in: 1...Int.max, using: &generator) >> Int.random(in: 0..<62, using: &generator)
      #expect(ByteSize.parse(ByteSize.text(value)) == value)
    }
    #expect(ByteSize.text(512 << 20) == "512MiB" && ByteSize.text(2_000_000_000) == "2GB" && ByteSize.text(1001) == "1001B" && ByteSize.text(0) == "0B")
  }

  static let environment = ["A": "/data", "EMPTY": "", "B": "b c"]

  @Test(arguments: [
    ("/a/b", "/a/b"), ("./x", "/f/x"), ("x/../y", "/f/x/../y"), ("${A}/x", "/data/x"), ("${NOPE:-./d}/x", "/f/d/x"), ("${EMPTY:-/e}", "/e"), ("${B}", "/f/b c"),
    ("${NOPE:-${A}/y}", "/data/y"), ("a$$b", "/f/a$b"), ("${NOPE:-}x", "/f/x"), ("//a//./b/", "/a/b"), ("*.mds", "/f/*.mds"), ("s3://b/x y", "s3://b/x y"),
    ("/", "/"),
  ])
  func paths(text: String, expected: String) throws {
    #expect(try PathExpansion.expand(text, folder: "/f", environment: Self.environment) == expected)
  }

  /// The configuration's folder is no pattern, whatever its name; what is written and what variables bring is.
  @Test(arguments: [
    ("./x*", "/we[[]i[*]rd]/cu[{]r}ly/[?]/x*"), ("/a/{b}", "/a/{b}"), ("${A}/[x]", "/data/[x]"), ("${NOPE:-{d}}/x", "/we[[]i[*]rd]/cu[{]r}ly/[?]/{d}/x"),
  ])
  func foldersAreNoPatterns(text: String, expected: String) throws {
    let folder = "/we[i*rd]/cu{r}ly/?"
    #expect(try PathExpansion.expand(text, folder: folder, environment: Self.environment, isPattern: true) == expected)
    #expect(try PathExpansion.expand("x*", folder: folder, environment: Self.environment) == folder + "/x*")
  }

  @Test(arguments: [
    ("${NOPE}", "NOPE is not set"), ("${EMPTY}", "EMPTY is empty"), ("$A", "write ${NAME}"), ("${A", "write ${NAME}"), ("${1A}", "expected ${NAME}"),
    ("${A:x}", "expected ${NAME}"),
    ("${A B}", "expected"), ("~/x", "~ is not expanded"), ("${NOPE:-}", "is empty"), ("http://h/x", "scheme http:// is not known"), ("a\0b", "holds a NUL"),
    (String(repeating: "x", count: 5000), "is longer than"), (String(repeating: "${N:-", count: 20) + String(repeating: "}", count: 20), "nested"),
  ])
  func noPaths(text: String, expected: String) {
    #expect {
      try PathExpansion.expand(text, folder: "/f", environment: Self.environment)
    } throws: { error in
      (error as? PathExpansion.Failure)?.message.contains(expected) == true
    }
  }

  @Test(
    arguments: [
      ("batchsize", "batch_size"), ("Windows", "windows"), ("windws", "windows"), ("wnidows", "windows"), ("xyz", nil), ("b", nil), ("", nil),
      ("featurs", "features"),
    ] as [(String, String?)])
  func nearest(name: String, expected: String?) {
    #expect(nearestName(to: name, among: ["batch_size", "windows", "features", "a"]) == expected)
  }

  /// Who leaves something out means a name that begins so; of several the first.
  @Test(
    arguments: [
      ("py1b", "py1br"), ("py1z", "py1s"), ("float", "float32"), ("flaot64", "float64"), ("int", "int64"), ("uint", "uint8"), ("in", nil),
      ("bol", "bool"),
    ] as [(String, String?)])
  func beginningsComeFirst(name: String, expected: String?) {
    let names = OrderAlgorithmName.allCases.map(\.rawValue) + ElementTypeName.allCases.map(\.rawValue)
    #expect(nearestName(to: name, among: names) == expected)
  }

  @Test func nearestOfHugeNamesIsCheap() {
    #expect(nearestName(to: String(repeating: "x", count: 1_000_000), among: ["a"]) == nil)
    #expect(nearestName(to: "a", among: [String(repeating: "x", count: 1_000_000)]) == nil)
  }

  @Test func distanceIsAMetricOnRandomWords() {
    var generator = SeededGenerator(seed: 11)
    func word() -> [Unicode.Scalar] { (0..<Int.random(in: 0..<7, using: &generator)).map { _ in ["a", "b", "c"].randomElement(using: &generator)! } }
    for _ in 0..<2000 {
      let (a, b) = (word(), word())
      let distance = editDistance(a, b)
      #expect(distance == editDistance(b, a) && (distance == 0) == (a == b) && distance <= max(a.count, b.count) && distance >= abs(a.count - b.count))
    }
  }

  @Test(
    arguments: [
      ("a.b.c", ["a", "b", "c"]), ("a.\"b.c\".d", ["a", "b.c", "d"]), ("a", ["a"]), ("", nil), ("a..b", nil), ("a.", nil), (".a", nil), ("\"a", nil),
      ("\"a\"b", nil),
    ] as [(String, [String]?)])
  func keyPaths(text: String, expected: [String]?) {
    #expect(KeyPath.keys(text[...]) == expected)
  }
}
