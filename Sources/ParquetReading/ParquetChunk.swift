// One column of one row group, as a reader of rows sees it.

internal import Compression
internal import NumPyFormat
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
  var hasNullValue: Bool { if case .fixed(let type, _) = leaf.valueType { type.hasNullValue } else { false } }

  /// The number of elements of each list, outermost first: of the schema, or of a declared shape with as many axes; nil where neither says it.
  var listLengths: [Int?] {
    let declared = shape?.count == leaf.lists.count ? shape : nil
    return leaf.lists.enumerated().map { level, list in list.fixedCount ?? declared?[level] }
  }

  public var leaf: ParquetLeaf { location.leaf }
  public var rowCount: Int { location.rowCount }
  /// All pages before compression, as the footer says.
  public var uncompressedByteCount: Int { location.chunk.totalUncompressedByteCount }
  /// Bounds that can be trusted and the numbers of nulls and NaNs, of all rows; nil where the footer says nothing.
  public var statistics: (bounds: ParquetBounds, nullCount: Int?, nanCount: Int?)? {
    guard let statistics = location.chunk.statistics else { return nil }
    let metadata = location.file.metadata
    let order = metadata.columnOrder(leaf: leaf.ordinal)
    return (leaf.bounds(of: statistics, order: order, writer: metadata.writer), statistics.nullCount, statistics.nanCount)
  }
  public var storedByteCount: Int { location.chunk.byteRange.count }

  /// What the first page headers of a chunk tell.
  public struct FirstPages: Sendable {
    /// The rows of the first data page, and of a later one; nil where headers do not say.
    public var rows: (first: Int, later: Int)?
    /// What reading the largest of them takes: the page as stored and, where it is compressed, unpacked.
    public var largestByteCount = 0
    /// What the codec's library allocates.
    public var stateByteCount = 0
  }

  /// Looks at the first page headers.
  public func firstPages() throws(ParquetReadError) -> FirstPages {
    let file = try location.file.open()
    let codec = try location.codec
    var window = PageHeaderWindow()
    var byteOffset = location.chunk.byteRange.lowerBound
    let end = location.chunk.byteRange.upperBound
    var found = FirstPages(stateByteCount: codec?.stateByteCount ?? 0)
    var rows: [Int?] = []
    while rows.count < 3, byteOffset < end {
      let header = try window.header(at: byteOffset, before: end, in: file)
      switch header.kind {
      case .data(let page): rows.append(valuesPerRow.flatMap { page.valueCount % $0 == 0 ? page.valueCount / $0 : nil })
      case .dataV2(let page): rows.append(page.rowCount)
      case .dictionary, .index, .unknown: break
      }
      let byteCount = header.headerByteCount + header.compressedByteCount
      found.largestByteCount = max(found.largestByteCount, byteCount + (codec == nil ? 0 : header.uncompressedByteCount))
      byteOffset += byteCount
    }
    if let first = rows.first ?? nil, first > 0, !rows.contains(nil) {
      // Of two pages the second is the last, and may be a short one.
      found.rows = (first, rows.count > 2 ? rows[1] ?? first : first)
    }
    return found
  }
}
