// Where the pages of a column chunk lie.

internal import ParquetFormat

/// The pages of one column chunk, in stored order.
struct PageDirectory: Sendable {
  struct Page: Sendable {
    /// Where its header begins in the file.
    let byteOffset: Int
    /// Of header and body.
    let byteCount: Int
    /// Slots of the chunk before it; where only the offset index was read and rows may have several slots, -1.
    let firstSlot: Int
    /// Rows of the row group that begin before it.
    let firstRow: Int
  }

  let pages: [Page]
  /// The chunk's dictionary page.
  let dictionary: (byteOffset: Int, byteCount: Int)?
  /// Whether every page begins with a row, so that no row lies in two.
  let isRowAligned: Bool
  let rowCount: Int
  /// Made from the file's offset index, which may be wrong; else from the pages' own headers.
  let isFromIndex: Bool
  /// Whether every data page points into the dictionary; nil where only the offset index was read, which does not say.
  var isInDictionary: Bool?

  /// The page in which the row `row` begins: the last before which no more than `row` rows begin.
  func page(ofRow row: Int) -> Int { lastPage { $0.firstRow <= row } }

  /// The page with the slot `slot`.
  func page(ofSlot slot: Int) -> Int { lastPage { $0.firstSlot <= slot } }

  /// The last page of which `isBefore`, true of some first pages and of no later ones, is true.
  private func lastPage(_ isBefore: (Page) -> Bool) -> Int {
    var (low, high) = (0, pages.count)
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(pages[middle]) { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }

  /// The number of the row after the last that begins in page `page`.
  func rowEnd(ofPage page: Int) -> Int { page + 1 < pages.count ? pages[page + 1].firstRow : rowCount }

  /// The rows that have a part in page `page`; at least one.
  func rows(ofPage page: Int, valuesPerRow: Int?) -> Range<Int> {
    let place = pages[page]
    guard let valuesPerRow, place.firstSlot >= 0 else {
      // A page may begin in the middle of a row.
      let first = max(0, isRowAligned ? place.firstRow : place.firstRow - 1)
      return first..<max(first + 1, rowEnd(ofPage: page))
    }
    let end = page + 1 < pages.count ? pages[page + 1].firstSlot : valuesPerRow * rowCount
    let first = place.firstSlot / valuesPerRow
    return first..<max(first + 1, (end + valuesPerRow - 1) / valuesPerRow)
  }

  /// What it weighs in memory.
  var byteCount: Int { 64 + MemoryLayout<Page>.stride * pages.count }
}
