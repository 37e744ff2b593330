// The rows of a selected shard that somebody wants to have when it is decoded, one after another.

internal import BatchCache
internal import Platform

final class KeptRows {
  private let keeping: Range<Int>
  private let workspace: DecodeWorkspace
  private var region: ChargedRegion?
  private var columns: [DecodedColumn] = []

  init(_ request: ShardRequest, _ workspace: DecodeWorkspace) {
    keeping = request.keeping
    self.workspace = workspace
  }

  /// Copies what is to be kept of `rows`.
  func take(_ rows: Range<Int>, of shard: DecodedShard) {
    let wanted = rows.clamped(to: keeping)
    guard !wanted.isEmpty, prepare(shard), let region else { return }
    let mapping = shard.region.region
    let bytes = mapping.bytes
    for (column, source) in zip(columns, shard.columns) {
      for row in wanted {
        let offset = source.byteOffset(ofRow: row, in: bytes)
        let place = column.beginByteOffset + (row - keeping.lowerBound) * column.rowByteCount
        region.region.withMutableBytes(place..<place + column.rowByteCount) { $0.copy(bytes.extracting(offset..<offset + column.rowByteCount)) }
        guard let nulls = column.nullsByteOffset else { continue }
        let null = source.null(row: row, in: bytes)
        region.region.withMutableBytes(nulls + row - keeping.lowerBound..<nulls + row - keeping.lowerBound + 1) { $0.storeBytes(of: null, as: UInt8.self) }
      }
    }
  }

  /// The rows that were kept, as a shard; one that holds nothing where there was no memory for them.
  func finish(_ decoded: DecodedShard, shard: Int) -> DecodedShard {
    DecodedShard(
      shard: shard, region: region ?? decoded.region, columns: region == nil ? [] : columns, byteCount: decoded.byteCount,
      storedByteCount: decoded.storedByteCount)
  }

  /// Takes memory for all rows, at the first of them.
  private func prepare(_ shard: DecodedShard) -> Bool {
    if !columns.isEmpty { return region != nil }
    var next = 0
    for column in shard.columns {
      let values = next
      next += keeping.count * column.rowByteCount
      columns.append(DecodedColumn(valuesByteOffset: values, rowByteCount: column.rowByteCount, firstRow: keeping.lowerBound, nullsByteOffset: next))
      next += keeping.count
    }
    region = workspace.temporary(byteCount: next)
    return region != nil
  }
}
