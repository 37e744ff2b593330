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
    // A null list takes a slot. Where an inner one has no more slots than that, counting values does not tell it from a list.
    let counts = Self.elementCounts(leaf: location.leaf, shape: shape)
    let hidesNulls = (1..<max(1, location.leaf.lists.count)).contains { [leaf = location.leaf] in counts?[$0] == 1 && leaf.isNullable(level: $0) }
    valuesPerRow = hidesNulls ? nil : location.valuesPerRow(shape: shape)
  }

  /// The bytes of the element that stands for null; empty for texts and bytes.
  var nullPattern: [UInt8] { if case .fixed(let type, _) = leaf.valueType { NullPattern.bytes(type) } else { [] } }
  var hasNullValue: Bool { if case .fixed(let type, _) = leaf.valueType { type.hasNullValue } else { false } }

  /// The number of elements of each list, outermost first: of the schema, or of a declared shape with as many axes; nil where neither says it.
  var listLengths: [Int?] { Self.listLengths(leaf: leaf, shape: shape) }

  private static func listLengths(leaf: ParquetLeaf, shape: [Int]?) -> [Int?] {
    let declared = shape?.count == leaf.lists.count ? shape : nil
    return leaf.lists.enumerated().map { level, list in list.fixedCount ?? declared?[level] }
  }

  /// The elements of a slot of each level: of a row, of an entry of each level of lists; the last is 1. Nil where the length of an inner list is not known.
  private static func elementCounts(leaf: ParquetLeaf, shape: [Int]?) -> [Int]? {
    guard let shape, let all = ArrayShape.elementCount(shape), all > 0 else { return nil }
    var counts = [1]
    for length in listLengths(leaf: leaf, shape: shape).dropFirst().reversed() {
      guard let length, length > 0 else { return nil }
      let (count, overflow) = counts[0].multipliedReportingOverflow(by: length)
      if overflow { return nil }
      counts.insert(count, at: 0)
    }
    if leaf.lists.isEmpty { return all == 1 ? counts : nil }
    return all.isMultiple(of: counts[0]) ? [all] + counts : nil
  }

  /// The same of a column of fixed shape.
  /// - Throws: where the shape says nothing of the inner lists, so that rows cannot be checked.
  var promisedElementCounts: [Int] {
    get throws(ParquetReadError) {
      if let counts = Self.elementCounts(leaf: leaf, shape: shape) { return counts }
      throw .otherShape(
        "column \(leaf.name) is said to be of shape \(shape ?? []), which does not say how long its lists in lists are; declare a length for each level",
        byteOffset: location.chunk.byteRange.lowerBound)
    }
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
