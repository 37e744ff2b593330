// Runs of rows of the row groups of a data set, numbered.

internal import SampleOrder

/// A row group of a file.
struct RowGroupPlace: Sendable {
  let file: Int
  /// Its number in the file.
  let ordinal: Int
  /// The number of its first row in the file.
  let firstRow: Int
  let rowCount: Int
}

/// The runs, in stored order.
struct RowRuns: Sendable {
  let table: ShardTable
  /// Of each run: its row group's number in the data set, and its first row there.
  private let rowGroups: [Int32]
  private let firstRows: [Int]
  let largestRowCount: Int

  /// - Parameter starts: of a row group, the rows its runs begin with.
  init(_ groups: [RowGroupPlace], starts: (RowGroupPlace) -> [Int]) {
    var counts: [Int] = []
    var rowGroups: [Int32] = []
    var firstRows: [Int] = []
    for (number, group) in groups.enumerated() {
      let begins = starts(group)
      for (index, begin) in begins.enumerated() {
        counts.append((index + 1 < begins.count ? begins[index + 1] : group.rowCount) - begin)
        rowGroups.append(Int32(number))
        firstRows.append(begin)
      }
    }
    // The rows of all groups were added up before.
    guard let table = try? ShardTable(counts) else { preconditionFailure("the rows of runs are those of their row groups") }
    self.table = table
    self.rowGroups = rowGroups
    self.firstRows = firstRows
    largestRowCount = counts.max() ?? 0
  }

  /// The row group of a run, by its number in the data set, and the run's rows in it.
  func place(of run: Int) -> (rowGroup: Int, rows: Range<Int>) {
    (Int(rowGroups[run]), firstRows[run]..<firstRows[run] + table.count(of: run))
  }
}
