// The columns of an MDS data set one by one: those of fixed shape as arrays, all others as the bytes that are stored.

public import BatchCache
internal import MDSFormat
internal import NumPyFormat
internal import Platform
public import SampleOrder

extension MDSSource {
  static func stored(_ columns: [SourceColumn], _ schema: MDSSchema) -> [StoredColumn] {
    zip(columns, schema).map { column, stored in
      let values: StoredColumn.Values = column.array.map { .fixed($0.elementType, shape: $0.shape) } ?? .ragged(.uint8, depth: 1)
      return StoredColumn(
        name: column.name, encodingName: column.encodingName, values: values, isText: column.array == nil && stored.encoding.isText,
        isBytes: column.array == nil && !stored.encoding.isText, channels: column.channels)
    }
  }

  /// A piece is a shard, of which nothing can be decoded alone.
  public func pieces(ofColumn column: Int) -> ShardTable { shards }

  public func pieceDemand(ofColumn column: Int) -> DecodeDemand { largestDemand(columns: []) }

  public func path(ofColumn column: Int, piece: Int) -> String { path(ofShard: piece) }

  public var shardChecksCoverColumns: Bool { true }

  /// No column has more bytes than its shard, and eight a row for offsets.
  public func largestPieceByteCount(ofColumn column: Int) -> Int { Page.roundUp(largestDemand(columns: [column]).outputByteCount + 64) }

  public func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    try decode(columns: [column], shard: piece, with: workspace, budget: budget)[0]
  }

  public func decode(columns: [Int], shard: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> [ColumnPiece] {
    let entry = dataSet.entry(ofShard: shard)
    do throws(MDSReadError) {
      let reader = MDSShardReader(path: path(ofShard: shard), entry: entry.data, seen: dataSet.identities[shard], verification: verification)
      try reader.read(with: workspace) { (_) throws(MDSReadError) in }
      let region = workspace.output.region
      let mapped = region.bytes
      let raw = mapped.extracting(first: entry.raw.byteCount)
      let layout = try MDSReadError.wrap { () throws(MDSError) in try MDSShardLayout(parsing: raw, sampleCount: entry.sampleCount, schema: dataSet.schema) }
      var pieces: [ColumnPiece] = []
      for column in columns {
        let builder = MDSPieceBuilder(layout: layout, column: column, array: self.columns[column].array, rowCount: entry.sampleCount)
        let byteCounts = (decoded: pieces.isEmpty ? entry.raw.byteCount : 0, stored: pieces.isEmpty ? entry.file.byteCount : 0)
        pieces.append(try builder.piece(of: raw, byteCounts, budget: budget))
      }
      return pieces
    } catch {
      throw error.columnError(source: name, path: path(ofShard: shard))
    }
  }
}

extension MDSEncoding {
  /// UTF-8, or ASCII.
  fileprivate var isText: Bool {
    switch self {
    case .string, .integerText, .floatText, .decimalText, .json: true
    default: false
    }
  }
}

/// Copies the values of one column of a shard.
private struct MDSPieceBuilder {
  let layout: MDSShardLayout
  let column: Int
  let array: (elementType: ElementType, shape: [Int])?
  let rowCount: Int

  func piece(of raw: RawSpan, _ byteCounts: (decoded: Int, stored: Int), budget: MemoryBudget) throws(MDSReadError) -> ColumnPiece {
    guard let array, let rowByteCount = ArrayShape.byteCount(array.shape, elementType: array.elementType) else {
      return try ragged(of: raw, byteCounts, budget: budget)
    }
    let (byteCount, overflow) = rowByteCount.multipliedReportingOverflow(by: rowCount)
    guard !overflow else { throw .noMemory(.max) }
    let region = try MDSReadError.region(byteCount, budget)
    // The places of some rows at a time, so that they need no memory to speak of.
    for first in stride(from: 0, to: rowCount, by: 4096) {
      let samples = first..<min(rowCount, first + 4096)
      let offsets = try MDSReadError.wrap { () throws(MDSError) in
        try layout.arrayOffsets(column: column, elementType: array.elementType, shape: array.shape, samples: samples, in: raw)
      }
      for (index, offset) in offsets.enumerated() {
        let target = (first + index) * rowByteCount
        let source = raw.extracting(Int(offset)..<Int(offset) + rowByteCount)
        region.region.withMutableBytes(target..<target + rowByteCount) { $0.copy(source) }
      }
    }
    return ColumnPiece(
      rowCount: rowCount, region: region, values: 0..<byteCount, decodedByteCount: byteCounts.decoded,
      storedByteCount: byteCounts.stored)
  }

  private func ragged(of raw: RawSpan, _ byteCounts: (decoded: Int, stored: Int), budget: MemoryBudget) throws(MDSReadError) -> ColumnPiece {
    var total = 0
    for sample in 0..<rowCount {
      total += try MDSReadError.wrap { () throws(MDSError) in try layout.fieldRange(sample: sample, column: column, in: raw).count }
    }
    let offsets = (rowCount + 1) * 8
    let region = try MDSReadError.region(offsets + total, budget)
    var next = 0
    for sample in 0..<rowCount {
      region.region.store(UInt64(next), at: 8 * sample)
      let range = try MDSReadError.wrap { () throws(MDSError) in try layout.fieldRange(sample: sample, column: column, in: raw) }
      region.region.withMutableBytes(offsets + next..<offsets + next + range.count) { $0.copy(raw.extracting(range)) }
      next += range.count
    }
    region.region.store(UInt64(next), at: 8 * rowCount)
    return ColumnPiece(
      rowCount: rowCount, region: region, values: offsets..<offsets + total, offsets: [0..<offsets],
      decodedByteCount: byteCounts.decoded, storedByteCount: byteCounts.stored)
  }
}

extension MDSReadError {
  static func wrap<Value>(_ body: () throws(MDSError) -> Value) throws(MDSReadError) -> Value {
    do throws(MDSError) { return try body() } catch { throw .format(error) }
  }

  /// Charged memory for a piece; a piece may be empty.
  static func region(_ byteCount: Int, _ budget: MemoryBudget) throws(MDSReadError) -> ChargedRegion {
    guard let region = budget.region(byteCount: byteCount) else { throw .noMemory(byteCount) }
    return region
  }

  func columnError(source: String, path: String) -> ColumnError {
    if case .noMemory(let byteCount) = self { return .noMemory(byteCount: byteCount) }
    return .shard(ShardError(source: source, path: path, message: description))
  }
}
