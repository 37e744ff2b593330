// Rows of fixed length from rows of any length: what is null takes no values there, and takes its place here.

internal import BatchCache
internal import ParquetFormat
internal import Platform

/// Writes rows that were put together, and checked to have the lists that are promised, to where rows of fixed length go.
struct FixedRowsExpansion {
  private let rows: AssembledRows
  private let target: FixedRowsTarget
  /// Elements of a slot of each level, from the rows on.
  private let elementCounts: [Int]
  /// The last level above the elements with nulls: what it holds is copied at once.
  private let deepest: Int
  /// The first of the values that was not written.
  private var next = 0
  /// Whether the row at work has a null element.
  private var hasNullElement = false

  init(_ rows: AssembledRows, _ target: FixedRowsTarget, elementCounts: [Int]) {
    self.rows = rows
    self.target = target
    self.elementCounts = elementCounts
    deepest = rows.nullLevels.dropLast().last { rows.hasNulls(level: $0) } ?? 0
  }

  mutating func write() throws(ParquetReadError) {
    for row in 0..<rows.rowCount {
      hasNullElement = false
      try write(level: 0, slot: row, to: row * elementCounts[0])
      target.setNull(row, try rows.isNull(row, level: 0) ? .row : hasNullElement && target.marksRowsOfElements ? .element : .none)
    }
    for (level, nulls) in target.levelNulls.enumerated() { try nulls.finish(slotCount: rows.rowCount * elementCounts[0] / elementCounts[level + 1]) }
  }

  /// A slot of a level, whose elements begin with number `element`.
  private mutating func write(level: Int, slot: Int, to element: Int) throws(ParquetReadError) {
    let elements = element..<element + elementCounts[level]
    if try rows.isNull(slot, level: level) {
      hasNullElement = true
      target.fill(elements)
      for (index, nulls) in target.levelNulls.enumerated() where index + 1 >= level {
        try nulls.mark(elements.lowerBound / elementCounts[index + 1]..<elements.upperBound / elementCounts[index + 1])
      }
    } else if level == deepest {
      try copy(elements)
    } else {
      for (place, entry) in try rows.entries(slot, level: level).enumerated() {
        try write(level: level + 1, slot: entry, to: element + place * elementCounts[level + 1])
      }
    }
  }

  private mutating func copy(_ elements: Range<Int>) throws(ParquetReadError) {
    let own = next..<next + elements.count
    try rows.withBytes(of: .values) { (values) throws(ParquetReadError) in target.copy(values, own, to: elements.lowerBound) }
    next = own.upperBound
    guard rows.hasNulls(level: elementCounts.count - 1) else { return }
    let hasNull = try rows.withBytes(of: .nulls(elementCounts.count - 1)) { (nulls) throws(ParquetReadError) in
      var hasNull = false
      for place in own where nulls.marks(place) {
        hasNull = true
        let element = elements.lowerBound + place - own.lowerBound
        try target.elementNulls?.mark(element..<element + 1)
      }
      return hasNull
    }
    if hasNull { hasNullElement = true }
  }
}

extension AssembledRows {
  func hasNulls(level: Int) -> Bool { assembly.nulls[level].hasNulls }

  func isNull(_ slot: Int, level: Int) throws(ParquetReadError) -> Bool {
    try withBytes(of: .nulls(level)) { (nulls) throws(ParquetReadError) in nulls.marks(slot) }
  }

  /// The slots of the next level that are the entries of a list.
  func entries(_ slot: Int, level: Int) throws(ParquetReadError) -> Range<Int> {
    try withBytes(of: .offsets(level)) { (offsets) throws(ParquetReadError) in offsets.offset(at: slot)..<offsets.offset(at: slot + 1) }
  }

  /// Every list that is not null must have as many entries as are promised.
  /// - Parameter elementCounts: of a slot of each level.
  func checkFixed(_ elementCounts: [Int], _ chunk: ParquetChunk) throws(ParquetReadError) {
    for level in 0..<elementCounts.count - 1 {
      let expected = elementCounts[level] / elementCounts[level + 1]
      try withBytes(of: .offsets(level)) { (offsets) throws(ParquetReadError) in
        try withBytes(of: .nulls(level)) { (nulls) throws(ParquetReadError) in
          for slot in 0..<max(0, offsets.byteCount / 8 - 1) {
            let found = offsets.offset(at: slot + 1) - offsets.offset(at: slot)
            guard found == expected || found == 0 && nulls.marks(slot) else {
              throw .otherShape(
                "column \(chunk.leaf.name) is said to have \(expected) values in every list, but one has \(found)",
                byteOffset: chunk.location.chunk.byteRange.lowerBound)
            }
          }
        }
      }
    }
  }
}
