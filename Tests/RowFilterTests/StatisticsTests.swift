// Statistics settle nothing wrongly: with them and without, every mask is the same.

import Testing

@testable import RowFilter

@Suite struct StatisticsTests {
  private struct Random {
    var state: UInt64
    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }

  private let filters = [
    "n == 3", "n != 3", "n < 3", "n >= 5", "n in (2, 4)", "n not in (2, null)", "n is null", "n is not null", "f == 2", "f != 2", "f < 2.5", "not f > 1",
    "f in (1, 2)", "f is null", "s == 'b'", "s != 'b'", "s < 'b'", "s <= 'b'", "s > 'b'", "s >= 'b'", "s in ('a', 'c')", "s not in ('a')", "s is null",
    "p == 1", "p < 2",
    "p != 1", "p == '1'", "bucket(p, 3) == 1", "n > 2 and s == 'a'", "n > 2 or f < 1", "not (n == 3 or p == 0)", "n == f", "s < p",
  ]

  @Test func masksAreTheSameWithStatistics() throws {
    var random = Random(state: 11)
    var settled = 0
    for round in 0..<600 {
      let rowCount = 1 + random.next(6)
      let spread = 1 + random.next(6)
      let base = random.next(6)
      let nulls = random.next(3)
      func value() -> Int? { nulls == 2 || (nulls == 1 && random.next(3) == 0) ? nil : base + random.next(spread) }
      let n = (0..<rowCount).map { _ in value().map(Int64.init) }
      let f = (0..<rowCount).map { _ in value().map { random.next(5) == 0 ? Float.nan : Float($0) } }
      let s = (0..<rowCount).map { _ in value().map { String("abcdefghijklm".prefix($0 + 1).suffix(1)) } }
      let constant = value().map(String.init)
      let columns = [
        TestColumn.integers(0, "n", n), TestColumn.floats(1, "f", f), TestColumn.texts(2, "s", s),
        TestColumn.texts(3, "p", Array(repeating: constant, count: rowCount), isPath: true),
      ]
      let present = n.compactMap { $0 }
      let numbers = f.compactMap { $0 }.filter { !$0.isNaN }
      let texts = s.compactMap { $0 }
      func count(_ values: [Any?]) -> Int? { round % 4 == 0 ? nil : values.filter { $0 == nil }.count }
      // Bounds may be wider than the values.
      let slack = random.next(2)
      let statistics: [ColumnStatistics?] = [
        ColumnStatistics(rowCount: rowCount, nullCount: count(n), bounds: present.min().map { .integers(Int128($0) - Int128(slack), Int128(present.max()!)) }),
        ColumnStatistics(
          rowCount: rowCount, nullCount: count(f), nanCount: random.next(2) == 0 ? nil : f.filter { $0?.isNaN ?? false }.count,
          bounds: numbers.min().map { .floats(Double($0), Double(numbers.max()!) + Double(slack)) }
        ),
        ColumnStatistics(
          rowCount: rowCount, nullCount: count(s), bounds: texts.min().map { .bytes(Array($0.utf8), Array((texts.max()! + (slack == 1 ? "0" : "")).utf8)) }),
        ColumnStatistics.constant(constant.map { Array($0.utf8) }, rowCount: rowCount),
      ]
      for filter in filters {
        let plain = try mask(filter, columns, rowCount: rowCount)
        #expect(try mask(filter, columns, rowCount: rowCount, statistics: statistics) == plain, "\(filter) \(statistics)")
        let bound = try RowFilter(FilterExpression(parsing: filter)) { name in columns.first { $0.column.name == name }?.column }
        switch bound.verdict(bound.columns.map { statistics[$0.ordinal] }) {
        case .never:
          #expect(!plain.contains("1"))
          settled += 1
        case .always:
          #expect(plain.allSatisfy { $0 == "1" })
          settled += 1
        case .maybe: break
        }
      }
    }
    #expect(settled > 5000)
  }

  /// With every value tried beforehand, in any order, some of them such as no row has, every mask is the same, and much is settled.
  @Test func masksAreTheSameWithTestedValues() throws {
    var random = Random(state: 12)
    var settled = 0
    for _ in 0..<300 {
      let rowCount = 1 + random.next(6)
      let nulls = random.next(3)
      func values() -> [Int] { (0..<1 + random.next(3)).map { _ in random.next(8) } }
      func rows(_ values: [Int]) -> [Int?] {
        (0..<rowCount).map { _ in nulls == 2 || nulls == 1 && random.next(3) == 0 ? nil : values[random.next(values.count)] }
      }
      func float(_ value: Int) -> Float { value == 7 ? .nan : Float(value) }
      func text(_ value: Int) -> String { String("abcdefgh".prefix(value + 1).suffix(1)) }
      let all = [values(), values(), values()]
      let columns = [
        TestColumn.integers(0, "n", rows(all[0]).map { $0.map(Int64.init) }), TestColumn.floats(1, "f", rows(all[1]).map { $0.map(float) }),
        TestColumn.texts(2, "s", rows(all[2]).map { $0.map(text) }), TestColumn.texts(3, "p", Array(repeating: "1", count: rowCount), isPath: true),
      ]
      let distinct = [
        TestColumn.integers(0, "n", all[0].map(Int64.init)), TestColumn.floats(1, "f", all[1].map(float)), TestColumn.texts(2, "s", all[2].map(text)),
      ]
      for filter in filters {
        let plain = try mask(filter, columns, rowCount: rowCount)
        let bound = try RowFilter(FilterExpression(parsing: filter)) { name in columns.first { $0.column.name == name }?.column }
        let known: [ColumnStatistics?] = bound.columns.enumerated().map { slot, column in
          guard column.ordinal < 3, bound.testsValues(ofColumn: slot) else { return nil }
          var statistics = ColumnStatistics(rowCount: rowCount, nullCount: nil, bounds: nil)
          statistics.tested = bound.test(distinct[column.ordinal].values, count: all[column.ordinal].count, ofColumn: slot)
          return statistics
        }
        let needed = bound.neededColumns(known)
        let found = bound.evaluate(
          bound.columns.indices.map { needed.contains($0) ? columns[bound.columns[$0].ordinal].values : nil }, rowCount: rowCount, statistics: known)
        #expect(String((0..<rowCount).map { row in found[row].map { $0 ? "1" : "0" } ?? "?" }) == plain, "\(filter)")
        if case .maybe = bound.verdict(known) { continue }
        settled += 1
      }
    }
    #expect(settled > 2000)
  }

  @Test func whatMakesNoSenseSettlesNothing() throws {
    let column = TestColumn.integers(0, "n", [1, nil, 3])
    for bounds: ColumnStatistics.Bounds in [.integers(5, 2), .floats(.nan, .nan), .bytes([2], [1])] {
      #expect(try mask("n > 2", [column], rowCount: 3, statistics: [ColumnStatistics(rowCount: 3, nullCount: -4, bounds: bounds)]) == "0?1")
      #expect(try mask("n > 2", [column], rowCount: 3, statistics: [ColumnStatistics(rowCount: 3, nullCount: 7, bounds: bounds)]) == "0?1")
    }
  }
}
