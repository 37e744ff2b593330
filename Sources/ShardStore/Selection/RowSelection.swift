// Which of a source's rows are meant: a compressed set of row numbers.

/// A set of rows of a source, in terms of its rows `0 ..< rowCount` in stored order, however those are cut into shards or pieces. Immutable.
///
/// Rows are kept in containers of 2^16, each as runs, a list or bits, whichever is smallest: at most 1 bit a row, 24 bytes for a container that is selected whole,
/// nothing for one without selected rows.
public final class RowSelection: Sendable {
  /// How one container's rows are written in the pool.
  enum Encoding: UInt8, Sendable {
    /// Pairs: the first row, and the number of rows less one.
    case runs
    case list
    /// 4096 words.
    case bits
  }

  struct Container: Sendable {
    /// Row numbers above the lowest 16 bits.
    let key: UInt32
    let encoding: Encoding
    /// Selected rows before this container.
    let begin: Int
    /// Place and number of its words in the pool.
    let wordOffset: Int
    let wordCount: Int
  }

  /// All rows of the source, selected or not.
  public let rowCount: Int
  /// The selected rows.
  public let count: Int
  private let containers: [Container]
  private let pool: [UInt16]

  init(rowCount: Int, count: Int, containers: [Container], pool: [UInt16]) {
    self.rowCount = rowCount
    self.count = count
    self.containers = containers
    self.pool = pool
  }

  /// Every row of a range.
  public convenience init(rowCount: Int, selecting range: Range<Int>) {
    var builder = RowSelectionBuilder(rowCount: rowCount)
    builder.append(range)
    let made = builder.finish()
    self.init(rowCount: rowCount, count: made.count, containers: made.containers, pool: made.pool)
  }

  /// What it takes in memory.
  public var byteCount: Int { containers.count * MemoryLayout<Container>.stride + pool.count * 2 + 128 }

  // MARK: - Numbers of rows

  /// How many selected rows stand before `row`, in `0 ... rowCount`.
  public func rank(_ row: Int) -> Int {
    let index = firstContainer { Int($0.key) << 16 > row } - 1
    guard index >= 0 else { return 0 }
    let base = Int(containers[index].key) << 16
    var rank = containers[index].begin
    forEachRun(of: containers[index]) { run in
      if base + run.lowerBound < row { rank += min(run.upperBound, row - base) - run.lowerBound }
    }
    return rank
  }

  /// The row that is the `ordinal`th selected, in `0 ..< count`.
  public func select(_ ordinal: Int) -> Int {
    precondition(ordinal >= 0 && ordinal < count, "row \(ordinal) of \(count) selected ones")
    let container = containers[firstContainer { $0.begin > ordinal } - 1]
    var left = ordinal - container.begin
    var found = 0
    forEachRun(of: container) { run in
      if left >= 0 && left < run.count { found = run.lowerBound + left }
      left -= run.count
    }
    return Int(container.key) << 16 + found
  }

  /// Calls `body` with the longest runs of selected rows that lie in `range`, ascending.
  public func forEachRun<Failure: Error>(in range: Range<Int>, _ body: (Range<Int>) throws(Failure) -> Void) throws(Failure) {
    var pending = range.lowerBound..<range.lowerBound
    var failure: Failure?
    var index = max(0, firstContainer { Int($0.key) << 16 > range.lowerBound } - 1)
    while index < containers.count, failure == nil {
      let base = Int(containers[index].key) << 16
      if base >= range.upperBound { break }
      forEachRun(of: containers[index]) { run in
        let clamped = (base + run.lowerBound..<base + run.upperBound).clamped(to: range)
        if clamped.isEmpty || failure != nil { return }
        if clamped.lowerBound == pending.upperBound, !pending.isEmpty {
          pending = pending.lowerBound..<clamped.upperBound
          return
        }
        do throws(Failure) { if !pending.isEmpty { try body(pending) } } catch { failure = error }
        pending = clamped
      }
      index += 1
    }
    if let failure { throw failure }
    if !pending.isEmpty { try body(pending) }
  }

  /// The rows that are in both.
  public func intersection(_ other: RowSelection) -> RowSelection {
    var builder = RowSelectionBuilder(rowCount: rowCount)
    forEachRun(in: 0..<rowCount) { run in other.forEachRun(in: run) { builder.append($0) } }
    return builder.finish()
  }

  // MARK: - Containers

  /// The first container that `isBehind`, by halving.
  private func firstContainer(_ isBehind: (Container) -> Bool) -> Int {
    var low = 0
    var high = containers.count
    while low < high {
      let middle = (low + high) / 2
      if isBehind(containers[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  @inline(__always)
  private func forEachRun(of container: Container, _ body: (Range<Int>) -> Void) {
    let words = container.wordOffset..<container.wordOffset + container.wordCount
    switch container.encoding {
    case .runs:
      for word in stride(from: words.lowerBound, to: words.upperBound, by: 2) { body(Int(pool[word])..<Int(pool[word]) + Int(pool[word + 1]) + 1) }
    case .list:
      for word in words { body(Int(pool[word])..<Int(pool[word]) + 1) }
    case .bits:
      for (index, word) in words.enumerated() {
        var rest = UInt32(pool[word])
        var place = 0
        while rest != 0 {
          let gap = rest.trailingZeroBitCount
          let length = (~(rest >> UInt32(gap))).trailingZeroBitCount
          body(index * 16 + place + gap..<index * 16 + place + gap + length)
          place += gap + length
          rest >>= UInt32(gap + length)
        }
      }
    }
  }
}
