// What is no filter, and what is said about it.

import NumPyFormat
import Testing

@testable import RowFilter

@Suite struct RefusalTests {
  private let columns = [
    TestColumn.integers(0, "n", [1]), TestColumn.texts(1, "s", ["a"]), TestColumn(2, "b", .fixed(.bool), bytes: [1]),
    TestColumn(3, "day", .fixed(.datetime64(.days)), bytes: [UInt8](repeating: 0, count: 8)), TestColumn(4, "list", .opaque("a list"), bytes: []),
    TestColumn(5, "broken", .unreadable("its encryption key is not known"), bytes: []),
  ]

  @Test(arguments: [
    ("", "character 1: found the end"), ("n >", "character 4: found the end"), ("n > 3 4", "character 7: found the number 4; expected and, or"),
    ("n == 's", "character 6: the text that begins here has no closing"), ("n && s", "write `and`"), ("!b", "write `not`"), ("n # 1", "has no meaning"),
    ("nn == 1", "there is no column \"nn\""), ("n == 'x'", "column n (int64) is compared with the text 'x'; expected a number"),
    ("s > 3", "column s (text) is compared with the number 3; expected a text"), ("b > true", "has no order"), ("b == 1", "expected true or false"),
    ("day == 3", "expected a moment"), ("day == '2024-02-30'", "expected a moment in quotes"), ("list == 3", "can only be asked for null"),
    ("broken is null", "its encryption key is not known"), ("1 == 1", "one side must be a column"), ("n", "is no condition by itself"),
    ("3", "is no condition by itself"), ("n == null", "write `n is null`"), ("1 < n < 3", "character 7: comparisons cannot be chained"),
    ("n in (s)", "only texts, numbers"), ("n in 3", "expected a list"), ("n in ()", "expected a column, a text"),
    ("n == 99999999999999999999", "expected an integer up to"),
    ("n == -9223372036854775809", "at least -9223372036854775808"), ("n == 1e999", "float64"), ("n == 0x10", "found 0x10"),
    ("bucket(n) == 1", "number of buckets"),
    ("bucket(b, 3) == 1", "bucket needs a column of text or integers"), ("bucket(n, 0) == 1", "from 1 to"), ("n == s", "cannot be compared with column s"),
    ("(n == 1", "expected a closing parenthesis"), ("n not 3", "expected in or between"), ("n is 3", "expected null"), ("and n == 1", "found \"and\""),
  ])
  func refuses(_ filter: String, _ expected: String) {
    let message = refusal(filter, columns)
    #expect(message?.contains(expected) == true, "\(filter): \(message ?? "accepted")")
  }

  @Test func depthAndLengthAreLimited() {
    let deep = String(repeating: "(", count: 100_000)
    #expect(refusal(deep, columns)?.contains("65536") == true)
    #expect(refusal(String(repeating: "not ", count: 100) + "b", columns)?.contains("64 deep") == true)
    #expect(refusal(String(repeating: "(", count: 63) + "b" + String(repeating: ")", count: 63), columns) == nil)
    // Long chains are not deep.
    #expect(refusal(Array(repeating: "n = 1", count: 5000).joined(separator: " or "), columns) == nil)
  }

  @Test func anyTextEndsInAFilterOrARefusal() {
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let words = [
      "n", "s", "b", "day", "and", "or", "not", "in", "is", "null", "between", "(", ")", ",", "==", "<", "'a'", "1", "-", "1.5e3", "true", "bucket", "`", "'",
      "\"", "é", ".",
    ]
    for _ in 0..<5000 { _ = refusal((0..<next(12)).map { _ in words[next(words.count)] }.joined(separator: next(2) == 0 ? " " : ""), columns) }
  }
}
