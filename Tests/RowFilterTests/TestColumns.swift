// Columns in memory for the tests.

import BatchCache
import NumPyFormat
import Platform

@testable import RowFilter

/// A column as write_fixtures.py writes it down.
struct GoldenColumn {
  let name: String
  let type: String
  let hex: String
  let offsets: [Int]
  let nulls: String
}

/// Values of one column, and how a filter sees them.
struct TestColumn {
  let column: FilterColumn
  let values: ColumnValues

  init(_ ordinal: Int, _ name: String, _ kind: FilterColumn.Values, bytes: [UInt8], offsets: [Int]? = nil, nulls: [Bool]? = nil, firstRow: Int = 0) {
    column = FilterColumn(ordinal: ordinal, name: name, values: kind, isNullable: nulls != nil)
    let places = (offsets ?? []).flatMap { littleEndian(UInt64(bitPattern: Int64($0)), 8) }
    let missing = (nulls ?? []).map { $0 ? UInt8(1) : 0 }
    let all = bytes + [UInt8](repeating: 0, count: -bytes.count & 7) + places + missing
    let region = MemoryBudget(capByteCount: 1 << 24).region(byteCount: max(1, all.count))!
    for (index, byte) in all.enumerated() { region.region.withMutableBytes(index..<index + 1) { $0.storeBytes(of: byte, as: UInt8.self) } }
    let placesBegin = (bytes.count + 7) & ~7
    let nullsBegin = placesBegin + places.count
    values = ColumnValues(
      region: region, values: 0..<bytes.count, offsets: offsets == nil ? nil : placesBegin..<nullsBegin,
      rowNulls: nulls == nil ? nil : nullsBegin..<nullsBegin + missing.count, firstRow: firstRow)
  }

  init(_ ordinal: Int, _ golden: GoldenColumn) {
    let digits = Array(golden.hex.utf8)
    let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)! }
    let nulls = golden.nulls.isEmpty ? nil : golden.nulls.map { $0 == "1" }
    if golden.type == "text" {
      self.init(ordinal, golden.name, .text, bytes: bytes, offsets: golden.offsets, nulls: nulls)
    } else if golden.type.hasPrefix("datetime64") {
      let unit = TimeUnit(rawValue: String(golden.type.dropFirst("datetime64[".count).dropLast()))!
      self.init(ordinal, golden.name, .fixed(.datetime64(unit)), bytes: bytes, nulls: nulls)
    } else {
      self.init(ordinal, golden.name, .fixed(ElementType(name: golden.type)!), bytes: bytes, nulls: nulls)
    }
  }

  static func texts(_ ordinal: Int, _ name: String, _ texts: [String?], isPath: Bool = false) -> TestColumn {
    var offsets = [0]
    for text in texts { offsets.append(offsets.last! + (text?.utf8.count ?? 0)) }
    let word = texts.first { $0.map { FilterNumber(decimal: $0) == nil } ?? false } ?? nil
    return TestColumn(
      ordinal, name, isPath ? .pathText(notANumber: word) : .text, bytes: texts.flatMap { Array(($0 ?? "").utf8) }, offsets: offsets,
      nulls: texts.contains(nil) ? texts.map { $0 == nil } : nil)
  }

  static func integers(_ ordinal: Int, _ name: String, _ values: [Int64?]) -> TestColumn {
    TestColumn(
      ordinal, name, .fixed(.int64), bytes: values.flatMap { littleEndian(UInt64(bitPattern: $0 ?? 0), 8) },
      nulls: values.contains(nil) ? values.map { $0 == nil } : nil)
  }

  static func floats(_ ordinal: Int, _ name: String, _ values: [Float?]) -> TestColumn {
    TestColumn(
      ordinal, name, .fixed(.float32), bytes: values.flatMap { littleEndian(UInt64(($0 ?? .nan).bitPattern), 4) },
      nulls: values.contains(nil) ? values.map { $0 == nil } : nil)
  }
}

func littleEndian(_ bits: UInt64, _ byteCount: Int) -> [UInt8] { (0..<byteCount).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } }

/// 1 true, 0 false, ? null.
func mask(_ filter: String, _ columns: [TestColumn], rowCount: Int, statistics: [ColumnStatistics?]? = nil) throws -> String {
  let filter = try RowFilter(FilterExpression(parsing: filter)) { name in columns.first { $0.column.name == name }?.column }
  let known = filter.columns.map { column in statistics?[column.ordinal] }
  let needed = filter.neededColumns(known)
  let values = filter.columns.indices.map { needed.contains($0) ? columns[filter.columns[$0].ordinal].values : nil }
  let mask = filter.evaluate(values, rowCount: rowCount, statistics: known)
  return String((0..<rowCount).map { row in mask[row].map { $0 ? "1" : "0" } ?? "?" })
}

func refusal(_ filter: String, _ columns: [TestColumn]) -> String? {
  do throws(FilterError) {
    _ = try RowFilter(FilterExpression(parsing: filter)) { name in columns.first { $0.column.name == name }?.column }
    return nil
  } catch {
    return error.description
  }
}
