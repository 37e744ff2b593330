// The columns of MDS shards, one by one: a piece is a shard.

public import BatchCache
internal import MDSFormat
internal import NumPyFormat
internal import Platform
public import SampleOrder

extension MDSSource: ColumnSource {
  /// Fixed where the encoding or a declaration says so; all others are the stored bytes of each value as they are, nothing is unpickled.
  public var storedColumns: [StoredColumn] {
    columns.map { column in
      let values = column.array.map { StoredColumn.Values.fixed($0.elementType, shape: $0.shape) } ?? .ragged(.uint8, depth: 1)
      let isText = column.array == nil && MDSEncoding(name: column.encodingName).isText
      return StoredColumn(name: column.name, encodingName: column.encodingName, values: values, isText: isText, channels: column.channels)
    }
  }

  public func pieces(ofColumn column: Int) -> ShardTable { shards }
  public func pieceDemand(ofColumn column: Int) -> DecodeDemand { largestDemand(columns: [column]) }
  public func path(ofColumn column: Int, piece: Int) -> String { path(ofShard: piece) }
  public var shardChecksCoverColumns: Bool { true }

  /// No column has more bytes than its shard, and eight a row for offsets.
  public func largestPieceByteCount(ofColumn column: Int) -> Int { Page.roundUp(largestDemand(columns: [column]).outputByteCount + 64) }

  public func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    let decoded: DecodedShard
    do throws(ShardError) {
      let request = ShardRequest(
        shard: piece, columns: columns[column].array == nil ? [] : [column], rows: 0..<shards.count(of: piece), keeping: 0..<shards.count(of: piece))
      decoded = try decode(request, with: workspace) { _, _ in }
    } catch { throw .shard(error) }
    guard columns[column].array == nil else { return try fixedPiece(decoded, rowCount: shards.count(of: piece), budget) }
    return try raggedPiece(decoded, column, rowCount: shards.count(of: piece), budget)
  }

  /// The values of a column of fixed shape, brought together.
  private func fixedPiece(_ shard: DecodedShard, rowCount: Int, _ budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    let byteCount = shard.copyByteCount(rowCount: rowCount)
    guard let copy = shard.copy(rows: 0..<rowCount, budget: budget) else { throw .noMemory(byteCount: Page.roundUp(max(1, byteCount))) }
    return ColumnPiece(
      rowCount: rowCount, region: copy.region, values: 0..<byteCount, rowNulls: nil, offsets: [], elementNulls: nil, decodedByteCount: shard.byteCount,
      storedByteCount: shard.storedByteCount)
  }

  /// The stored bytes of each value, one after another, behind the places where they begin.
  private func raggedPiece(_ shard: DecodedShard, _ column: Int, rowCount: Int, _ budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    let mapping = shard.region.region
    let mapped = mapping.bytes
    let bytes = mapped.extracting(first: shard.byteCount)
    let fields: MDSShardLayout
    var total = 0
    do throws(MDSError) {
      fields = try MDSShardLayout(parsing: bytes, sampleCount: rowCount, schema: schema)
      for row in 0..<rowCount { total += try fields.fieldRange(sample: row, column: column, in: bytes).count }
    } catch { throw wrap(error, shard) }
    let valuesBegin = 8 * (rowCount + 1)
    guard let region = budget.region(byteCount: valuesBegin + total) else { throw .noMemory(byteCount: Page.roundUp(valuesBegin + total)) }
    do throws(MDSError) {
      var next = 0
      for row in 0..<rowCount {
        let field = try fields.fieldRange(sample: row, column: column, in: bytes)
        write(next, row, to: region)
        region.region.withMutableBytes(valuesBegin + next..<valuesBegin + next + field.count) { $0.copy(bytes.extracting(field)) }
        next += field.count
      }
      write(next, rowCount, to: region)
      return ColumnPiece(
        rowCount: rowCount, region: region, values: valuesBegin..<valuesBegin + total, rowNulls: nil, offsets: [0..<valuesBegin], elementNulls: nil,
        decodedByteCount: shard.byteCount, storedByteCount: shard.storedByteCount)
    } catch { throw wrap(error, shard) }
  }

  private func wrap(_ error: MDSError, _ shard: DecodedShard) -> ColumnError {
    .shard(ShardError(source: name, path: path(ofShard: shard.shard), message: "\(error)"))
  }

  private func write(_ offset: Int, _ entry: Int, to region: ChargedRegion) {
    region.region.withMutableBytes(8 * entry..<8 * entry + 8) { $0.storeBytes(of: Int64(offset).littleEndian, as: Int64.self) }
  }
}

extension MDSEncoding {
  /// Whether the stored bytes are UTF-8 text.
  fileprivate var isText: Bool {
    switch self {
    case .string, .json, .integerText, .floatText, .decimalText: true
    default: false
    }
  }
}
