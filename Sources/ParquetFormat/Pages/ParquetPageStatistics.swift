// What a chunk's indexes say of the values of its pages, believed where nothing contradicts it.

/// The page index decides what is not read, so that nobody meets what it is wrong about: it has to agree with itself, with the footer, and with where the pages are.
/// That a page holds what all of them say cannot be known without reading it.
public struct ParquetPageStatistics: Sendable {
  /// The number in the row group of each page's first row, and behind them the number of rows.
  private let rowBounds: [Int]
  private let index: ParquetColumnIndex
  private let leaf: ParquetLeaf
  private let order: ParquetColumnOrder

  public var pageCount: Int { index.pageCount }
  public func rows(ofPage page: Int) -> Range<Int> { rowBounds[page]..<rowBounds[page + 1] }

  /// The page with a row of the row group.
  public func page(ofRow row: Int) -> Int {
    var (low, high) = (0, pageCount)
    while low < high {
      let middle = low + (high - low) / 2
      if rowBounds[middle] <= row { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }

  public func bounds(ofPage page: Int) -> ParquetBounds { leaf.bounds(ofPage: page, in: index, order: order) }
  /// Nil where the file does not say.
  public func nullCount(ofPage page: Int) -> Int? { index.nullPages[page] ? rows(ofPage: page).count : index.nullCounts?[page] }
  public func nanCount(ofPage page: Int) -> Int? { index.nanCounts?[page] }

  /// Nil where something cannot be true, or the column has lists: their statistics are of elements, not of rows.
  /// - Parameters:
  ///   - writer: of the file.
  ///   - rowCount: of the row group.
  public init?(
    leaf: ParquetLeaf, chunk: ParquetColumnChunk, offsets: ParquetOffsetIndex, index: ParquetColumnIndex, rowCount: Int, order: ParquetColumnOrder,
    writer: ParquetWriterVersion
  ) {
    guard leaf.lists.isEmpty, !leaf.hasSuspectBounds(of: writer), offsets.pageCount == index.pageCount, index.pageCount > 0, Self.coversChunk(offsets, chunk)
    else { return nil }
    rowBounds = offsets.firstRows + [rowCount]
    self.index = index
    self.leaf = leaf
    self.order = order
    let footer = chunk.statistics.map { leaf.bounds(of: $0, order: order, writer: writer) } ?? ParquetBounds(minimum: nil, maximum: nil)
    guard hasPossibleCounts(chunk.statistics), hasPossibleBounds(chunk.statistics, footer) else { return nil }
  }

  /// Whether pages follow each other from the first data page to the chunk's end: an index that leaves one out gives its rows to others.
  private static func coversChunk(_ offsets: ParquetOffsetIndex, _ chunk: ParquetColumnChunk) -> Bool {
    // Some writers say of the dictionary page that it is the first data page.
    let isFirst = offsets.byteOffsets[0] == chunk.dataPageByteOffset || chunk.dataPageByteOffset == chunk.byteRange.lowerBound
    var end = offsets.byteOffsets[0]
    for page in 0..<offsets.pageCount {
      guard offsets.byteOffsets[page] == end else { return false }
      end += offsets.byteCounts[page]
    }
    return isFirst && end == chunk.byteRange.upperBound
  }

  /// Whether nulls and NaNs fit into their pages, and add up to what the footer says.
  private func hasPossibleCounts(_ footer: ParquetStatistics?) -> Bool {
    var (leastNullCount, allNullCount, allNanCount) = (0, 0, 0)
    for page in 0..<pageCount {
      let rowCount = rows(ofPage: page).count
      if let nulls = index.nullCounts?[page] {
        guard index.nullPages[page] ? nulls == rowCount : (0..<rowCount).contains(nulls) else { return false }
        allNullCount += nulls
      }
      if index.nullPages[page] { leastNullCount += rowCount }
      if let nans = index.nanCounts?[page] {
        guard (0...rowCount - (nullCount(ofPage: page) ?? 0)).contains(nans) else { return false }
        allNanCount += nans
      }
    }
    if leaf.maxDefinitionLevel == 0, leastNullCount > 0 || allNullCount > 0 { return false }
    if let all = footer?.nullCount, index.nullCounts == nil ? leastNullCount > all : allNullCount != all { return false }
    if let all = footer?.nanCount, index.nanCounts != nil, allNanCount != all { return false }
    return true
  }

  /// Whether bounds are such, in the order that is said, and together those of the footer.
  private func hasPossibleBounds(_ statistics: ParquetStatistics?, _ footer: ParquetBounds) -> Bool {
    // Texts are often cut, here and there at other lengths: of them it is only known that the ranges must meet.
    let isCut = if case .bytes = footer.minimum ?? footer.maximum { true } else { false }
    var (least, greatest): (ParquetBound?, ParquetBound?)
    var last: ParquetBounds?
    // Pages whose bounds say nothing may reach anywhere.
    var isKnown = true
    for page in 0..<pageCount where !index.nullPages[page] {
      guard leaf.hasPossibleBounds(page: page, in: index) else { return false }
      let bounds = bounds(ofPage: page)
      guard let low = bounds.minimum, let high = bounds.maximum else {
        isKnown = false
        continue
      }
      if let minimum = footer.minimum, (isCut ? high : low).precedes(minimum) { return false }
      if let maximum = footer.maximum, maximum.precedes(isCut ? low : high) { return false }
      if let last, !follows(bounds, last) { return false }
      last = bounds
      least = least.map { low.precedes($0) ? low : $0 } ?? low
      greatest = greatest.map { $0.precedes(high) ? high : $0 } ?? high
    }
    guard isKnown else { return true }
    // A bound that is a value of the column must be in some page.
    let (hasMinimum, hasMaximum) = isCut ? (statistics?.isMinimumExact == true, statistics?.isMaximumExact == true) : (true, true)
    if hasMinimum, let minimum = footer.minimum, least.map({ minimum.precedes($0) }) ?? true { return false }
    if hasMaximum, let maximum = footer.maximum, greatest.map({ $0.precedes(maximum) }) ?? true { return false }
    return true
  }

  private func follows(_ next: ParquetBounds, _ last: ParquetBounds) -> Bool {
    guard let nextLow = next.minimum, let nextHigh = next.maximum, let lastLow = last.minimum, let lastHigh = last.maximum else { return true }
    switch index.boundaryOrder {
    case .none: return true
    case .ascending: return !nextLow.precedes(lastLow) && !nextHigh.precedes(lastHigh)
    case .descending: return !lastLow.precedes(nextLow) && !lastHigh.precedes(nextHigh)
    }
  }
}
