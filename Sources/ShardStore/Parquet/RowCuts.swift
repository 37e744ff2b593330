// Where row groups are cut into runs of rows that are decoded at once.

/// Cuts follow the pages where those are regular, so that a page is decoded for one run only. A function of the files alone: orders depend on it.
struct RowCuts: Sendable {
  /// Rows of the first run where its pages are others than the later ones.
  private let firstRowCount: Int
  let rowCount: Int
  /// What reading the largest page that was looked at takes, and its codec's library.
  let pageByteCount: Int
  let stateByteCount: Int

  /// - Parameters:
  ///   - rowByteCount: what a row is taken to weigh, 1 or more.
  ///   - targetByteCount: about so much is decoded at once.
  ///   - pages: rows before the second page and rows of a later page; nil where nothing is known of them.
  init(rowByteCount: Int, targetByteCount: Int, pages: (first: Int, later: Int)?, rowLimit: Int = .max, pageByteCount: Int = 0, stateByteCount: Int = 0) {
    self.pageByteCount = pageByteCount
    self.stateByteCount = stateByteCount
    let wanted = max(1, min(rowLimit, targetByteCount / rowByteCount))
    guard let pages, pages.later > 0, pages.later <= rowLimit, pages.later <= Self.largestByteCount / rowByteCount else {
      rowCount = wanted
      firstRowCount = 0
      return
    }
    rowCount = max(1, wanted / pages.later) * pages.later
    firstRowCount = pages.first % pages.later
  }

  /// The largest run that is made for the sake of one page.
  private static let largestByteCount = 512 << 20

  /// How many runs a row group of `count` rows has.
  func runCount(ofRowGroup count: Int) -> Int {
    guard count > 0 else { return 0 }
    return count <= firstRowCount + rowCount ? 1 : 2 + (count - firstRowCount - rowCount - 1) / rowCount
  }

  /// The runs of a row group of `count` rows: the rows each begins with.
  func starts(ofRowGroup count: Int) -> [Int] {
    var starts = [0]
    var next = firstRowCount + rowCount
    while next < count {
      starts.append(next)
      next += rowCount
    }
    return count == 0 ? [] : starts
  }
}
