// Selections against plain lists of rows.

import Testing

@testable import ShardStore

@Suite struct RowSelectionTests {
  /// Rows of differing density: runs, single rows, halves, nothing.
  private func rows(_ random: inout Random, rowCount: Int) -> [Int] {
    var rows: [Int] = []
    var row = 0
    while row < rowCount {
      let length = min(rowCount - row, 1 + random.next(20_000))
      switch random.next(5) {
      case 0: rows += row..<row + length
      case 1: rows += (row..<row + length).filter { _ in random.next(2) == 0 }
      case 2: rows += (row..<row + length).filter { _ in random.next(50) == 0 }
      case 3: rows += stride(from: row, to: row + length, by: 1 + random.next(3))
      default: break
      }
      row += length
    }
    return rows
  }

  private func selection(_ rows: [Int], rowCount: Int) -> RowSelection {
    var builder = RowSelectionBuilder(rowCount: rowCount)
    for row in rows { builder.append(row..<row + 1) }
    return builder.finish()
  }

  private func all(_ selection: RowSelection, in range: Range<Int>) -> [Int] {
    var found: [Int] = []
    var last = -1
    var isSound = true
    selection.forEachRun(in: range) { run in
      if run.isEmpty || run.lowerBound <= last { isSound = false }
      last = run.upperBound
      found += run
    }
    #expect(isSound, "runs are as long as can be")
    return found
  }

  @Test(arguments: 0..<5) func holdsWhatWasAdded(seed: Int) {
    var random = Random(UInt64(seed))
    let rowCount = 1 + random.next(150_000)
    let rows = rows(&random, rowCount: rowCount)
    let selection = selection(rows, rowCount: rowCount)
    #expect(selection.count == rows.count)
    #expect(all(selection, in: 0..<rowCount) == rows)
    #expect(selection.byteCount <= rowCount / 8 + 8192 + 40 * (rowCount >> 16 + 1) + 128)
    // How many stand before each 1000th row.
    var ranks: [Int] = []
    for (ordinal, row) in rows.enumerated() { while ranks.count * 1000 <= row { ranks.append(ordinal) } }
    for (thousand, rank) in ranks.enumerated() { #expect(selection.rank(thousand * 1000) == rank) }
    #expect(selection.rank(rowCount) == rows.count)
    for _ in 0..<30 {
      if !rows.isEmpty {
        let ordinal = random.next(rows.count)
        #expect(selection.select(ordinal) == rows[ordinal])
      }
    }
    for _ in 0..<2 {
      let range = random.next(rowCount / 2 + 1)..<rowCount / 2 + random.next(rowCount / 2 + 1)
      #expect(all(selection, in: range) == rows.filter { range.contains($0) })
    }
    let others = self.rows(&random, rowCount: rowCount)
    let shared = Set(others)
    #expect(all(selection.intersection(self.selection(others, rowCount: rowCount)), in: 0..<rowCount) == rows.filter { shared.contains($0) })
  }

  @Test func everythingAndNothingAreSmall() {
    let everything = RowSelection(rowCount: 10_000_000, selecting: 0..<10_000_000)
    #expect(everything.count == 10_000_000)
    #expect(everything.byteCount < 10_000)
    let nothing = RowSelection(rowCount: 10_000_000, selecting: 5..<5)
    #expect(nothing.count == 0)
    #expect(nothing.rank(10_000_000) == 0)
    #expect(nothing.byteCount < 1000)
  }

  @Test func errorsOfTheBodyEndTheWalk() {
    struct Enough: Error {}
    var calls = 0
    let selection = selection([1, 3, 5, 7], rowCount: 10)
    #expect(throws: Enough.self) {
      try selection.forEachRun(in: 0..<10) { (_) throws(Enough) in
        calls += 1
        if calls == 2 { throw Enough() }
      }
    }
    #expect(calls == 2)
  }
}
