// A chunk's page index, read and checked.

internal import BatchCache
public import ParquetFormat
internal import Platform

/// What is known of the rows of a chunk, page by page. Holds the memory that it was charged with.
public struct ChunkPageStatistics: Sendable {
  private let statistics: ParquetPageStatistics
  private let charge: ChargedRegion

  init(_ statistics: ParquetPageStatistics, charge: ChargedRegion) {
    self.statistics = statistics
    self.charge = charge
  }

  /// What the file says of some rows: whole pages, from the one with the first row on.
  public struct Pages: Sendable {
    /// In the row group.
    public var rows: Range<Int>
    /// Nil where some page says nothing of them.
    public var bounds: ParquetBounds
    public var nullCount: Int?
    public var nanCount: Int?
  }

  /// The pages from that with `row` on, so many that they have `leastRowCount` rows, or all that are left.
  public func pages(from row: Int, leastRowCount: Int) -> Pages {
    var page = statistics.page(ofRow: row)
    var found = pages(page)
    while found.rows.count < leastRowCount, page + 1 < statistics.pageCount {
      page += 1
      found = Self.union(found, pages(page))
    }
    return found
  }

  private func pages(_ page: Int) -> Pages {
    Pages(
      rows: statistics.rows(ofPage: page), bounds: statistics.bounds(ofPage: page), nullCount: statistics.nullCount(ofPage: page),
      nanCount: statistics.nanCount(ofPage: page))
  }

  private static func union(_ a: Pages, _ b: Pages) -> Pages {
    // Pages of nulls have no values for bounds to say something of.
    let bounds = a.nullCount == a.rows.count ? b.bounds : b.nullCount == b.rows.count ? a.bounds : a.bounds.union(b.bounds)
    return Pages(
      rows: a.rows.lowerBound..<b.rows.upperBound, bounds: bounds, nullCount: sum(a.nullCount, b.nullCount), nanCount: sum(a.nanCount, b.nanCount))
  }

  private static func sum(_ a: Int?, _ b: Int?) -> Int? { if let a, let b { a + b } else { nil } }
}

extension ParquetReader {
  /// Nil where the file has no index of the chunk's pages, or one that cannot be true: then nothing is known of them.
  public func pageStatistics(of chunk: ParquetChunk) throws(ParquetReadError) -> ChunkPageStatistics? {
    let stored = chunk.location.chunk
    guard chunk.leaf.lists.isEmpty, chunk.rowCount > 0, let places = stored.offsetIndexRange, let values = stored.columnIndexRange,
      places.count <= Self.indexByteLimit, values.count <= Self.indexByteLimit
    else { return nil }
    // The bytes of both at its beginning; the rest stands for what is made of them: of a page's seven bytes at least in the one index, five numbers.
    let byteCount = 16 * places.count + 4 * values.count
    guard let region = memory.take(byteCount) else { throw .noMemory(byteCount: byteCount) }
    let file = try chunk.location.file.open()
    try region.region.withMutableBytes(0..<places.count) { (target) throws(ParquetReadError) in try file.fill(&target, from: places.lowerBound) }
    try region.region.withMutableBytes(places.count..<places.count + values.count) { (target) throws(ParquetReadError) in
      try file.fill(&target, from: values.lowerBound)
    }
    let mapped = region.region
    let bytes = mapped.bytes
    let metadata = chunk.location.file.metadata
    do throws(ParquetError) {
      let offsets = try ParquetOffsetIndex(
        parsing: bytes.extracting(first: places.count), fileByteOffset: places.lowerBound, chunk: stored, rowCount: chunk.rowCount)
      let index = try ParquetColumnIndex(
        parsing: bytes.extracting(places.count..<places.count + values.count), fileByteOffset: values.lowerBound, pageCount: offsets.pageCount)
      let statistics = ParquetPageStatistics(
        leaf: chunk.leaf, chunk: stored, offsets: offsets, index: index, rowCount: chunk.rowCount, order: metadata.columnOrder(leaf: chunk.leaf.ordinal),
        writer: metadata.writer)
      return statistics.map { ChunkPageStatistics($0, charge: region) }
    } catch {
      return nil
    }
  }

  private static var indexByteLimit: Int { 16 << 20 }
}
