// One column of one row group, as a reader of rows sees it.

public import ParquetFormat
internal import Platform

public struct ParquetChunk: Sendable {
  let location: ChunkLocation
  /// The file's number in its data set.
  let fileNumber: Int
  /// The slots of a row, where every row has the same number.
  let valuesPerRow: Int?
  /// What a row is to have, where that is fixed.
  public let shape: [Int]?

  /// - Parameter shape: of one row: of the schema, or as declared; nil where rows differ.
  public init(file: ParquetFile, fileNumber: Int, leaf: Int, rowGroup: Int, shape: [Int]?) throws(ParquetReadError) {
    location = try ChunkLocation(file, leaf: leaf, rowGroup: rowGroup)
    self.fileNumber = fileNumber
    self.shape = shape
    valuesPerRow = location.valuesPerRow(shape: shape)
  }

  /// The bytes of the element that stands for null; empty for texts and bytes.
  var nullPattern: [UInt8] { if case .fixed(let type, _) = leaf.valueType { NullPattern.bytes(type) } else { [] } }
  var hasNullValue: Bool { if case .fixed(let type, _) = leaf.valueType { NullPattern.exists(for: type) } else { false } }

  /// The number of elements of each list, outermost first: of the schema, or of a declared shape with as many axes; nil where neither says it.
  var listLengths: [Int?] {
    let declared = shape?.count == leaf.lists.count ? shape : nil
    return leaf.lists.enumerated().map { level, list in list.fixedCount ?? declared?[level] }
  }

  public var leaf: ParquetLeaf { location.leaf }
  public var rowCount: Int { location.rowCount }
  /// All pages before compression, as the footer says.
  public var uncompressedByteCount: Int { location.chunk.totalUncompressedByteCount }
  /// Bounds that can be trusted and the number of nulls, of all rows; nil where the footer says nothing.
  public var statistics: (bounds: ParquetBounds, nullCount: Int?)? {
    guard let statistics = location.chunk.statistics else { return nil }
    let metadata = location.file.metadata
    let order = metadata.columnOrder(leaf: leaf.ordinal)
    return (leaf.bounds(of: statistics, order: order, writer: metadata.writer), statistics.nullCount)
  }
  public var storedByteCount: Int { location.chunk.byteRange.count }

  /// The rows before the second data page, and those of a later one, from the first page headers alone; nil where they do not say, or there is one page only.
  public func firstPages() throws(ParquetReadError) -> (first: Int, later: Int)? {
    let file = try location.file.open()
    var window = PageHeaderWindow()
    var byteOffset = location.chunk.byteRange.lowerBound
    let end = location.chunk.byteRange.upperBound
    var rows: [Int] = []
    while rows.count < 3, byteOffset < end {
      let header = try window.header(at: byteOffset, before: end, in: file)
      switch header.kind {
      case .data(let page):
        guard let valuesPerRow, page.valueCount % valuesPerRow == 0 else { return nil }
        rows.append(page.valueCount / valuesPerRow)
      case .dataV2(let page): rows.append(page.rowCount)
      case .dictionary, .index, .unknown: break
      }
      byteOffset += header.headerByteCount + header.compressedByteCount
    }
    guard let first = rows.first, first > 0 else { return nil }
    // The last page may be a short one.
    if rows.count == 2 { return (first, first) }
    return (first, rows.count > 2 ? rows[1] : first)
  }
}
