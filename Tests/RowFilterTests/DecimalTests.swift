// Decimals against the digits that a filter writes; expected values are decimal arithmetic by hand.

import NumPyFormat
import Testing

@testable import RowFilter

@Suite struct DecimalTests {
  private func column(_ values: [Int128?], byteCount: Int, scale: Int) -> TestColumn {
    let bytes = values.flatMap { value in (0..<byteCount).map { UInt8(truncatingIfNeeded: (value ?? 0) >> (8 * min($0, 15) + ($0 > 15 ? 7 : 0))) } }
    return TestColumn(
      0, "d", .decimal(byteCount == 8 ? .int64 : .void(byteCount: byteCount), scale: scale), bytes: bytes,
      nulls: values.contains(nil) ? values.map { $0 == nil } : nil)
  }

  /// -1.25, 0.00, 1.24, 1.25, 1.26, 100.00 and null.
  @Test(arguments: [8, 16, 32]) func digitsAreCompared(byteCount: Int) throws {
    let columns = [column([-125, 0, 124, 125, 126, 10_000, nil], byteCount: byteCount, scale: 2)]
    for (filter, expected) in [
      ("d > 1.25", "000011?"), ("d >= 1.25", "000111?"), ("d < 1.25", "111000?"), ("d <= 1.25", "111100?"), ("d == 1.25", "000100?"), ("d != 1.25", "111011?"),
      ("d == 1.250", "000100?"), ("d == 125e-2", "000100?"), ("d == 0.0125E2", "000100?"), ("d == 1.2500000000000000000000000001", "000000?"),
      ("d > 1.2499999999999999999999999999", "000111?"), ("d < 1.2500000000000000000000000001", "111100?"), ("d <= 1.2549", "111100?"),
      ("d > 1.2549", "000011?"),
      ("d == -1.25", "100000?"), ("d > -1.2500001", "111111?"), ("d < -1.2499999", "100000?"), ("d <= -1.2500001", "000000?"), ("d >= -1.2500001", "111111?"),
      ("d == 0", "010000?"), ("d == -0.000", "010000?"), ("d < 1e-300", "110000?"), ("d > -1e-300", "011111?"), ("d == 100", "000001?"),
      ("d == 1e2", "000001?"),
      ("d < 1e300", "111111?"), ("d > -1e300", "111111?"), ("d == 1e300", "000000?"), ("d >= 1e300", "000000?"), ("d < -1e300", "000000?"),
      ("d < 99999999999999999999999999999999999999999999", "111111?"), ("d > -99999999999999999999999999999999999999999999", "111111?"),
      ("d >= 9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999", "000000?"),
      ("d in (1.25, 0, 7.001)", "0101000"), ("d not in (1.25, 0, null)", "1010110"), ("d in (null)", "0000001"), ("d between 1.245 and 1.26", "000110?"),
      ("d is null", "0000001"), ("not d > 1.25", "111100?"), ("1.25 < d", "000011?"),
    ] { #expect(try mask(filter, columns, rowCount: 7) == expected, "\(byteCount) bytes: \(filter)") }
  }

  @Test func theGreatestAreReached() throws {
    let all = [column([.min, -1, 0, .max], byteCount: 16, scale: 0)]
    #expect(try mask("d == 170141183460469231731687303715884105727", all, rowCount: 4) == "0001")
    #expect(try mask("d > 170141183460469231731687303715884105726.5", all, rowCount: 4) == "0001")
    #expect(try mask("d > 170141183460469231731687303715884105727", all, rowCount: 4) == "0000")
    #expect(try mask("d == -170141183460469231731687303715884105728", all, rowCount: 4) == "1000")
    #expect(try mask("d < -170141183460469231731687303715884105728", all, rowCount: 4) == "0000")
    #expect(try mask("d < -170141183460469231731687303715884105727.5", all, rowCount: 4) == "1000")
    #expect(try mask("d >= 170141183460469231731687303715884105728", all, rowCount: 4) == "0000")
    let wide = [
      TestColumn(
        0, "d", .decimal(.void(byteCount: 32), scale: 70), bytes: [UInt8](repeating: 0xFF, count: 31) + [0x7F] + [UInt8](repeating: 0, count: 31) + [0x80])
    ]
    #expect(try mask("d > 5789604.4", wide, rowCount: 2) == "10")
    #expect(try mask("d < 5789604.5 and d > -5789604.5", wide, rowCount: 2) == "11")
    #expect(try mask("d == 5789604.4618658097711785492504343953926634992332820282019728792003956564819967", wide, rowCount: 2) == "10")
  }

  @Test func scalesMayBeAnything() throws {
    for (scale, filter, expected) in [
      (0, "d == 3", "01"), (-2, "d == 300", "01"), (-2, "d > 299.9", "01"), (40, "d == 3e-40", "01"), (40, "d < 1e-41", "10"), (.max, "d < 1", "11"),
      (.min, "d < 1", "10"),
    ] { #expect(try mask(filter, [column([0, 3], byteCount: 8, scale: scale)], rowCount: 2) == expected, "\(scale): \(filter)") }
  }

  @Test func columnsOfOneScaleAreCompared() throws {
    func pair(_ scale: Int, _ byteCount: Int) -> [TestColumn] {
      let other = TestColumn(1, "e", .decimal(.int64, scale: 2), bytes: [125, 124, 126].flatMap { littleEndian($0, 8) })
      return [column([125, 125, 125], byteCount: byteCount, scale: scale), other]
    }
    #expect(try mask("d == e", pair(2, 8), rowCount: 3) == "100")
    #expect(try mask("d > e", pair(2, 16), rowCount: 3) == "010")
    #expect(refusal("d > e", pair(3, 8))?.contains("the same point") == true)
    #expect(refusal("d > e", pair(2, 32))?.contains("38 digits") == true)
    #expect(
      refusal("d > 'x'", pair(2, 8))?.contains("column d (decimal with 2 digits behind the point) is compared with the text 'x'; expected a number") == true)
    #expect(refusal("bucket(d, 3) == 1", pair(2, 8)) != nil)
    #expect(refusal("d", pair(2, 8)) != nil)
  }

  @Test func boundsSettleThem() throws {
    for (byteCount, bounds) in [
      (8, ColumnStatistics.Bounds.integers(100, 200)), (16, .integers(100, 200)), (32, .wide(WideInteger(Int128(100)), WideInteger(Int128(200)))),
    ] {
      let column = column([100, 150, 200], byteCount: byteCount, scale: 2)
      let known = [ColumnStatistics(rowCount: 3, nullCount: 0, bounds: bounds)]
      for (filter, verdict) in [("d > 2.001", FilterVerdict.never), ("d >= 1", .always), ("d in (0.99, 2.01)", .never), ("d == 1.5", .maybe)] {
        let bound = try RowFilter(FilterExpression(parsing: filter)) { _ in column.column }
        #expect(bound.verdict(known) == verdict, "\(byteCount): \(filter)")
      }
    }
  }
}
