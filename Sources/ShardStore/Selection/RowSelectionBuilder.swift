// Makes a row selection from ascending runs of rows.

public struct RowSelectionBuilder {
  private let rowCount: Int
  private var count = 0
  private var containers: [RowSelection.Container] = []
  private var pool: [UInt16] = []
  /// The container that is being filled, and its runs: first and last row, by turns.
  private var key: UInt32 = 0
  private var runs: [UInt16] = []

  /// - Precondition: `rowCount` is at most 2^48, so that a container's number has 32 bits; sources have fewer rows (`SourceLimits`).
  public init(rowCount: Int) { self.rowCount = rowCount }

  /// What has been written so far takes in memory.
  public var byteCount: Int { containers.count * MemoryLayout<RowSelection.Container>.stride + (pool.count + runs.count) * 2 }

  /// Adds rows behind all that were added before.
  public mutating func append(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount)
    var begin = range.lowerBound
    while begin < range.upperBound {
      let end = min(range.upperBound, (begin >> 16 + 1) << 16)
      if UInt32(begin >> 16) != key { closeContainer() }
      key = UInt32(begin >> 16)
      let first = UInt16(truncatingIfNeeded: begin)
      let last = UInt16(truncatingIfNeeded: end - 1)
      if let previous = runs.last {
        precondition(first > previous, "rows are added in ascending order")
        if first == previous + 1 { runs[runs.count - 1] = last } else { runs += [first, last] }
      } else {
        runs += [first, last]
      }
      begin = end
    }
  }

  public mutating func finish() -> RowSelection {
    closeContainer()
    return RowSelection(rowCount: rowCount, count: count, containers: containers, pool: pool)
  }

  private mutating func closeContainer() {
    guard !runs.isEmpty else { return }
    var selectedCount = 0
    for index in stride(from: 0, to: runs.count, by: 2) { selectedCount += Int(runs[index + 1] - runs[index]) + 1 }
    let wordOffset = pool.count
    let encoding: RowSelection.Encoding
    if runs.count <= min(selectedCount, Self.bitWordCount) {
      encoding = .runs
      for index in stride(from: 0, to: runs.count, by: 2) { pool += [runs[index], runs[index + 1] - runs[index]] }
    } else if selectedCount <= Self.bitWordCount {
      encoding = .list
      for index in stride(from: 0, to: runs.count, by: 2) { pool += runs[index]...runs[index + 1] }
    } else {
      encoding = .bits
      pool += repeatElement(0, count: Self.bitWordCount)
      for index in stride(from: 0, to: runs.count, by: 2) {
        for row in runs[index]...runs[index + 1] { pool[wordOffset + Int(row >> 4)] |= 1 << (row & 15) }
      }
    }
    containers.append(
      RowSelection.Container(key: key, encoding: encoding, begin: count, wordOffset: wordOffset, wordCount: pool.count - wordOffset))
    count += selectedCount
    runs.removeAll(keepingCapacity: true)
  }

  private static let bitWordCount = 4096
}
