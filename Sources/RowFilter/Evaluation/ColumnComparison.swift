// Comparisons of two columns, row by row.

internal import BatchCache
internal import NumPyFormat
internal import Platform

enum ColumnComparison {
  static func evaluate(_ a: Int, _ comparison: FilterComparison, _ b: Int, _ rows: FilterRows) -> RowMask {
    let (x, y) = (BoundNode.values(a, rows), BoundNode.values(b, rows))
    let nulls = union(x.nulls(rowCount: rows.rowCount), y.nulls(rowCount: rows.rowCount))
    let isTrue = x.offsets != nil ? texts(x, comparison, y, rows.rowCount) : numbers(x, comparison, y, rows.rowCount, rows.types[a], rows.types[b])
    return RowMask(rowCount: rows.rowCount, isTrue: isTrue, isNull: nulls, whenNull: nil)
  }

  private static func union(_ a: [UInt64]?, _ b: [UInt64]?) -> [UInt64]? {
    guard let a, let b else { return a ?? b }
    return zip(a, b).map { $0 | $1 }
  }

  private static func texts(_ x: ColumnValues, _ comparison: FilterComparison, _ y: ColumnValues, _ rowCount: Int) -> [UInt64] {
    let (a, b) = (TextRows(x), TextRows(y))
    var words = [UInt64](repeating: 0, count: RowMask.wordCount(rowCount))
    for row in 0..<rowCount {
      let (left, right) = (a.text(row), b.text(row))
      let order: FilterOrdering = left == right ? .equal : left.lexicographicallyPrecedes(right) ? .less : .greater
      if comparison.holds(for: order) { words[row / 64] |= 1 << UInt64(row % 64) }
    }
    return words
  }

  private static func numbers(
    _ x: ColumnValues, _ comparison: FilterComparison, _ y: ColumnValues, _ rowCount: Int, _ xType: ElementType, _ yType: ElementType
  ) -> [UInt64] {
    let (a, b) = (NumberReader(x, xType), NumberReader(y, yType))
    var words = [UInt64](repeating: 0, count: RowMask.wordCount(rowCount))
    for row in 0..<rowCount {
      // NaN is unequal to everything, and neither less nor greater.
      let holds = a.number(row).order(to: b.number(row)).map(comparison.holds) ?? (comparison == .notEqual)
      if holds { words[row / 64] |= 1 << UInt64(row % 64) }
    }
    return words
  }
}

/// One number after another, of whatever type; moments and lengths of time as nanoseconds.
struct NumberReader {
  private let column: ColumnValues
  private let type: ElementType
  private let scale: Int128

  init(_ column: ColumnValues, _ type: ElementType) {
    self.column = column
    self.type = type
    switch type {
    case .datetime64(let unit), .timedelta64(let unit): scale = MomentText.nanoseconds(of: unit)
    default: scale = 1
    }
  }

  func number(_ row: Int) -> FilterNumber {
    let mapping = column.region.region
    let bytes = mapping.bytes.extracting(column.values)
    let place = (column.firstRow + row) * type.byteCount
    func load<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Value {
      // Sound: bounds checked by the span; every pattern of bits is an integer.
      unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: Value.self)
    }
    switch type {
    case .bool, .uint8: return .integer(Int128(load(UInt8.self)))
    case .int8: return .integer(Int128(load(Int8.self)))
    case .int16: return .integer(Int128(load(Int16.self)))
    case .uint16: return .integer(Int128(load(UInt16.self)))
    case .int32: return .integer(Int128(load(Int32.self)))
    case .uint32: return .integer(Int128(load(UInt32.self)))
    case .int64: return .integer(Int128(load(Int64.self)))
    case .uint64: return .integer(Int128(load(UInt64.self)))
    case .datetime64, .timedelta64:
      let value = load(Int64.self)
      return value == .min ? .float(.nan) : .integer(Int128(value) * scale)
    case .float16: return .float(Double(float(halfBits: load(UInt16.self))))
    case .float32: return .float(Double(Float(bitPattern: load(UInt32.self))))
    case .float64: return .float(Double(bitPattern: load(UInt64.self)))
    case .void(byteCount: 16): return .integer(load(Int128.self))
    case .void: preconditionFailure("bytes of no meaning are read as numbers")
    }
  }
}
