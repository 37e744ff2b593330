// Filters against masks of pyarrow.dataset, and what pyarrow does not have.

import NumPyFormat
import Testing

@testable import RowFilter

@Suite struct MaskTests {
  @Test func everyMaskIsPyArrows() throws {
    let columns = PyArrowMasks.columns.enumerated().map { TestColumn($0, $1) }
    #expect(PyArrowMasks.masks.count > 250)
    for (filter, expected) in PyArrowMasks.masks {
      #expect(try mask(filter, columns, rowCount: PyArrowMasks.rowCount) == expected, "\(filter)")
    }
  }

  @Test func rowsAreCountedFromTheFirstOfTheRun() throws {
    let column = TestColumn(
      0, "n", .fixed(.int16), bytes: (0..<200).flatMap { littleEndian(UInt64($0), 2) }, nulls: (0..<200).map { $0 % 3 == 0 }, firstRow: 130)
    let expected = String((130..<200).map { $0 % 3 == 0 ? "?" : $0 >= 150 ? "1" : "0" })
    #expect(try mask("n >= 150", [column], rowCount: 70) == expected)
  }

  @Test func integersAreNotRoundedToFloats() throws {
    let columns = [
      TestColumn.integers(0, "n", [9_007_199_254_740_992, 9_007_199_254_740_993, 9_223_372_036_854_775_807, -9_007_199_254_740_993]),
      TestColumn(
        1, "d", .fixed(.float64),
        bytes: [9_007_199_254_740_992, 9_007_199_254_740_992, 0x1p63, -9_007_199_254_740_992.0].flatMap { littleEndian($0.bitPattern, 8) }),
      TestColumn.floats(2, "f", [0.1, 16_777_216, 0.25, .nan]),
    ]
    #expect(try mask("n == 9007199254740992.0", columns, rowCount: 4) == "1000")
    #expect(try mask("n > 9007199254740992.5", columns, rowCount: 4) == "0110")
    #expect(try mask("n < 1e300", columns, rowCount: 4) == "1111")
    #expect(try mask("n >= 9223372036854775808", columns, rowCount: 4) == "0000")
    #expect(try mask("n == d", columns, rowCount: 4) == "1000")
    #expect(try mask("n > d", columns, rowCount: 4) == "0100")
    #expect(try mask("d >= 9007199254740993", columns, rowCount: 4) == "0010")
    #expect(try mask("f == 0.1", columns, rowCount: 4) == "0000")
    #expect(try mask("f > 0.1", columns, rowCount: 4) == "1110")
    #expect(try mask("f < 16777217 and f >= 16777216", columns, rowCount: 4) == "0100")
    #expect(try mask("f in (0.25, 0.1)", columns, rowCount: 4) == "0010")
  }

  @Test func textOfPathsIsComparedAsWrittenAndAsNumber() throws {
    let columns = [
      TestColumn.texts(0, "partition", ["000", "001", "017", nil], isPath: true), TestColumn.texts(1, "symbol", ["A", "1", "2", "3"], isPath: true),
    ]
    #expect(try mask("partition == 1", columns, rowCount: 4) == "010?")
    #expect(try mask("partition == '001'", columns, rowCount: 4) == "010?")
    #expect(try mask("partition == '1'", columns, rowCount: 4) == "000?")
    #expect(try mask("partition < 17", columns, rowCount: 4) == "110?")
    #expect(try mask("partition != 17", columns, rowCount: 4) == "110?")
    #expect(try mask("partition in (0, '017')", columns, rowCount: 4) == "1010")
    #expect(try mask("partition not in (0, '017', null)", columns, rowCount: 4) == "0100")
    #expect(refusal("symbol == 1", columns)?.contains("'A' is no number") == true)
  }

  /// From Python: int.from_bytes(hashlib.md5(text).digest()[:4], "big") % n
  @Test func bucketsAreThoseOfPython() throws {
    let columns = [TestColumn.texts(0, "id", ["a", "b", "gluroo_10", "", nil]), TestColumn.integers(1, "n", [0, 1, -5, 123_456, nil])]
    let buckets = [77, 70, 97, 93]
    for (row, bucket) in buckets.enumerated() {
      let expected = String((0..<4).map { $0 == row ? "1" : "0" }) + "?"
      #expect(try mask("bucket(id, 100) == \(bucket)", columns, rowCount: 5) == expected)
    }
    #expect(try mask("bucket(id, 100) < 90", columns, rowCount: 5) == "1100?")
    #expect(try mask("bucket(id, 100) in (97, 93)", columns, rowCount: 5) == "00110")
    #expect(try mask("bucket(n, 7) in (\(0), 1, 2, 3, 4, 5, 6)", columns, rowCount: 5) == "11110")
  }

  @Test func timesOfDay() throws {
    let microseconds: [Int64] = [0, 29_730_500_000, 86_399_999_999]
    let column = TestColumn(0, "t", .fixed(.timedelta64(.microseconds)), bytes: microseconds.flatMap { littleEndian(UInt64(bitPattern: $0), 8) })
    #expect(try mask("t == '08:15:30.5'", [column], rowCount: 3) == "010")
    #expect(try mask("t < '23:59:59.9999999'", [column], rowCount: 3) == "111")
  }

  @Test func namesMayBeQuotedAndDotted() throws {
    let columns = [
      TestColumn.integers(0, "a.b", [1, 2]), TestColumn.integers(1, "or", [3, 4]), TestColumn.integers(2, "with space", [5, 6]),
      TestColumn.integers(3, "größe", [7, 8]),
    ]
    #expect(try mask("a.b = 1", columns, rowCount: 2) == "10")
    #expect(try mask("`a.b` = 1 AND `or` = 3", columns, rowCount: 2) == "10")
    #expect(try mask("\"a\".\"b\" = 2 And \"with space\" Is Not Null", columns, rowCount: 2) == "01")
    #expect(try mask("größe=8", columns, rowCount: 2) == "01")
  }
}
