// The tests' loops: one for each type, over the bytes of a piece.

internal import BatchCache
internal import NumPyFormat
internal import Platform

extension ColumnTest {
  func evaluate(_ column: ColumnValues, rowCount: Int) -> RowMask {
    let nulls = column.nulls(rowCount: rowCount)
    let inside: [UInt64]
    switch kind {
    case .isNull: inside = [UInt64](repeating: 0, count: RowMask.wordCount(rowCount))
    case .integers(let set): inside = integers(set, column, rowCount)
    case .wide(let set): inside = wide(set, column, rowCount)
    case .floats(let set): inside = floats(set, column, rowCount)
    case .text(let set): inside = TextRows(column).passing(rowCount: rowCount, set)
    case .pathNumbers(let comparison, let numbers):
      inside = TextRows(column).passing(rowCount: rowCount) { Self.compares($0, comparison, numbers) }
    case .bucket(let count, let set): return bucket(count, set, column, rowCount, nulls)
    }
    return RowMask(rowCount: rowCount, isTrue: inside, isNull: nulls, whenNull: whenNull)
  }

  // MARK: - Integers

  private func integers(_ set: IntegerSet, _ column: ColumnValues, _ rowCount: Int) -> [UInt64] {
    let type: ElementType
    switch values {
    case .fixed(let found), .decimal(let found, _): type = found
    default: preconditionFailure("integers are tested in a column of \(values)")
    }
    switch type {
    case .bool, .uint8: return integers(set, column, rowCount, UInt8.self)
    case .int8: return integers(set, column, rowCount, Int8.self)
    case .int16: return integers(set, column, rowCount, Int16.self)
    case .uint16: return integers(set, column, rowCount, UInt16.self)
    case .int32: return integers(set, column, rowCount, Int32.self)
    case .uint32: return integers(set, column, rowCount, UInt32.self)
    case .int64, .datetime64, .timedelta64: return integers(set, column, rowCount, Int64.self)
    case .uint64: return integers(set, column, rowCount, UInt64.self)
    case .void(byteCount: 16): return integers(set, column, rowCount, Int128.self)
    case .float16, .float32, .float64, .void: preconditionFailure("integers are tested in a column of \(type.name)")
    }
  }

  @inline(__always)
  private func integers<Value: FixedWidthInteger & BitwiseCopyable>(_ set: IntegerSet, _ column: ColumnValues, _ rowCount: Int, _: Value.Type) -> [UInt64] {
    let mapping = column.region.region
    let bytes = mapping.bytes.extracting(column.values)
    switch set {
    case .range(let low, let high):
      guard low <= high, low <= Int128(Value.max), high >= Int128(Value.min) else { return [UInt64](repeating: 0, count: RowMask.wordCount(rowCount)) }
      let least = Value(clamping: low)
      let greatest = Value(clamping: high)
      return bits(bytes, firstElement: column.firstRow, count: rowCount) { (value: Value) in value >= least && value <= greatest }
    case .list(let all):
      let wanted = all.compactMap { Value(exactly: $0) }
      return bits(bytes, firstElement: column.firstRow, count: rowCount) { (value: Value) in isMember(value, of: wanted) }
    }
  }

  private func wide(_ set: WideSet, _ column: ColumnValues, _ rowCount: Int) -> [UInt64] {
    let mapping = column.region.region
    let bytes = mapping.bytes.extracting(column.values)
    var words = [UInt64](repeating: 0, count: RowMask.wordCount(rowCount))
    for row in 0..<rowCount {
      let place = 32 * (column.firstRow + row)
      // Sound: bounds checked by the span; every pattern of bits is an integer.
      let low = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt128.self)
      let high = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place + 16, as: Int128.self)
      let value = WideInteger(high: high, low: low)
      let isInside =
        switch set {
        case .range(let least, let greatest): value >= least && value <= greatest
        case .list(let wanted): isMember(value, of: wanted)
        }
      if isInside { words[row / 64] |= 1 << UInt64(row % 64) }
    }
    return words
  }

  // MARK: - Floats

  private func floats(_ set: FloatSet, _ column: ColumnValues, _ rowCount: Int) -> [UInt64] {
    let mapping = column.region.region
    let bytes = mapping.bytes.extracting(column.values)
    let first = column.firstRow
    switch (set, values) {
    case (.range(let low, let high), .fixed(.float64)):
      return bits(bytes, firstElement: first, count: rowCount) { (value: UInt64) in Double(bitPattern: value) >= low && Double(bitPattern: value) <= high }
    case (.list(let wanted), .fixed(.float64)):
      return bits(bytes, firstElement: first, count: rowCount) { (value: UInt64) in isMember(Double(bitPattern: value), of: wanted) }
    case (.range(let low, let high), .fixed(.float32)):
      // Exact: the bounds of such columns are float32s.
      let (least, greatest) = (Float(low), Float(high))
      return bits(bytes, firstElement: first, count: rowCount) { (value: UInt32) in Float(bitPattern: value) >= least && Float(bitPattern: value) <= greatest }
    case (.list(let wanted), .fixed(.float32)):
      return bits(bytes, firstElement: first, count: rowCount) { (value: UInt32) in isMember(Double(Float(bitPattern: value)), of: wanted) }
    case (.range(let low, let high), .fixed(.float16)):
      let (least, greatest) = (Float(low), Float(high))
      return bits(bytes, firstElement: first, count: rowCount) { (value: UInt16) in float(halfBits: value) >= least && float(halfBits: value) <= greatest }
    case (.list(let wanted), .fixed(.float16)):
      return bits(bytes, firstElement: first, count: rowCount) { (value: UInt16) in isMember(Double(float(halfBits: value)), of: wanted) }
    default: preconditionFailure("floats are tested in a column of \(values)")
    }
  }

  // MARK: - Buckets

  private func bucket(_ count: Int, _ set: IntegerSet, _ column: ColumnValues, _ rowCount: Int, _ nulls: [UInt64]?) -> RowMask {
    // A machine whose library refuses md5 fails the filter when it is made (`TextBucket.isAvailable`).
    func passes(_ text: [UInt8]) -> Bool { TextBucket.bucket(text, count: count).map { set.contains(Int128($0)) } ?? false }
    var inside: [UInt64]
    if case .fixed(let type) = values {
      inside = [UInt64](repeating: 0, count: RowMask.wordCount(rowCount))
      let reader = NumberReader(column, type)
      for row in 0..<rowCount {
        guard case .integer(let value) = reader.number(row) else { continue }
        if passes(Array(String(value).utf8)) { inside[row / 64] |= 1 << UInt64(row % 64) }
      }
    } else {
      inside = TextRows(column).passing(rowCount: rowCount, passes)
    }
    return RowMask(rowCount: rowCount, isTrue: inside, isNull: nulls, whenNull: whenNull)
  }
}

/// Binary search; NaN is in no list.
@inline(__always)
private func isMember<Value: Comparable>(_ value: Value, of sorted: [Value]) -> Bool {
  var low = 0
  var high = sorted.count
  while low < high {
    let middle = (low + high) / 2
    if sorted[middle] < value { low = middle + 1 } else { high = middle }
  }
  return low < sorted.count && sorted[low] == value
}
