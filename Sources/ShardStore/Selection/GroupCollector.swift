// Sorts rows into groups as they come.

internal import BatchCache
internal import Platform
internal import RowFilter

struct GroupCollector {
  enum Column {
    /// The same in all rows.
    case constant([UInt8]?)
    case values(ColumnValues)
  }

  private let types: [FilterColumn.Values]
  private let rowCount: Int
  private let budget: MemoryBudget
  private var ordinals: [[UInt8]: Int] = [:]
  private var keys: [[[UInt8]?]] = []
  private var builders: [RowSelectionBuilder] = []
  private var key: [UInt8] = []
  private var lastKey: [UInt8] = []
  private var lastOrdinal = 0
  private var keyByteCount = 0
  private var addedRowCount = 0

  init(_ types: [FilterColumn.Values], rowCount: Int, budget: MemoryBudget) {
    self.types = types
    self.rowCount = rowCount
    self.budget = budget
  }

  /// Adds rows; `columns` hold values from row `first` on.
  mutating func add(_ rows: Range<Int>, of columns: [Column], from first: Int) throws(SelectionError) {
    var begin = rows.lowerBound
    var current: Int?
    let isConstant = columns.allSatisfy { if case .constant = $0 { true } else { false } }
    for row in isConstant ? rows.prefix(1) : rows[...] {
      let ordinal = try self.ordinal(of: columns, row - first)
      if let current, current != ordinal {
        builders[current].append(begin..<row)
        begin = row
      }
      current = ordinal
    }
    if let current { builders[current].append(begin..<rows.upperBound) }
    addedRowCount += rows.count
    if addedRowCount >= 1 << 20 {
      addedRowCount = 0
      try checkMemory()
    }
  }

  mutating func finish() throws(SelectionError) -> [RowGroup] {
    try checkMemory()
    return zip(keys, builders.indices).map { values, index in RowGroup(values: values, selection: builders[index].finish()) }
  }

  /// The group that a row belongs to, a new one where it is the first of its values.
  private mutating func ordinal(of columns: [Column], _ row: Int) throws(SelectionError) -> Int {
    key.removeAll(keepingCapacity: true)
    // Of each value its length, then its bytes; null has the length -1.
    for (column, type) in zip(columns, types) {
      switch column {
      case .constant(let text): Self.append(text, to: &key)
      case .values(let values): Self.append(values.text(ofRow: row, type), to: &key)
      }
    }
    if !builders.isEmpty, key == lastKey { return lastOrdinal }
    lastKey = key
    if let known = ordinals[key] {
      lastOrdinal = known
      return known
    }
    guard builders.count < RowGroup.limit else {
      throw .tooManyGroups("there are more than \(RowGroup.limit) groups; group by columns with fewer values")
    }
    lastOrdinal = builders.count
    ordinals[key] = lastOrdinal
    keys.append(Self.values(key))
    builders.append(RowSelectionBuilder(rowCount: rowCount))
    keyByteCount += 2 * key.count + 256
    if builders.count % 4096 == 0 { try checkMemory() }
    return lastOrdinal
  }

  private func checkMemory() throws(SelectionError) {
    let byteCount = builders.reduce(keyByteCount) { $0 + $1.byteCount }
    guard byteCount > budget.availableByteCount else { return }
    throw .noMemory(
      "\(builders.count) groups take \(ByteCount.text(byteCount)) so far, which the memory cap of \(ByteCount.text(budget.capByteCount)) has no room for; raise `memory`"
    )
  }

  private static func append(_ text: [UInt8]?, to key: inout [UInt8]) {
    appendLength(text?.count ?? -1, to: &key)
    key += text ?? []
  }

  private static func appendLength(_ length: Int, to key: inout [UInt8]) {
    var rest = UInt64(bitPattern: Int64(length))
    for _ in 0..<8 {
      key.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// The values that a key was made of.
  private static func values(_ key: [UInt8]) -> [[UInt8]?] {
    var values: [[UInt8]?] = []
    var place = 0
    while place < key.count {
      let length = Int(Int64(bitPattern: (0..<8).reduce(0) { $0 | UInt64(key[place + $1]) << (8 * $1) }))
      place += 8
      values.append(length < 0 ? nil : Array(key[place..<place + length]))
      place += max(0, length)
    }
    return values
  }
}
