// What the tests of sources share: opening, decoding, collecting rows.

import BatchCache
import NumPyFormat
import Platform
import SampleOrder

@testable import ShardStore

func open(
  _ paths: String..., declaring declarations: [ColumnDeclaration] = [], verification: Verification = .auto
) throws -> MDSSource {
  try MDSSource(name: "source", paths: paths, declarations: declarations, verification: verification)
}

let featuresDeclaration = ColumnDeclaration(name: "features", elementType: .float32, shape: [4, 3], channels: ["a", "b", "c"])

/// Room for one workspace, and one more shard.
func workspace(_ source: MDSSource, columnCount: Int) throws -> DecodeWorkspace {
  let demand = source.largestDemand(columns: Array(0..<columnCount))
  guard let made = DecodeWorkspace(demand: demand, budget: MemoryBudget(capByteCount: 2 * demand.chargedByteCount)) else { throw NoRoom() }
  return made
}

struct NoRoom: Error {}

/// The values of one column of a decoded shard, in the order of rows.
func rows(_ shard: DecodedShard, of source: MDSSource, column: Int = 0) -> [UInt8] {
  let decoded = shard.columns[column]
  return (shard.firstRow..<source.shards.count(of: shard.shard)).flatMap { number in
    let region = shard.region.region
    let bytes = region.bytes
    let offset = decoded.byteOffset(ofRow: number, in: bytes)
    let row = bytes.extracting(offset..<offset + decoded.rowByteCount)
    return unsafe row.withUnsafeBytes { unsafe Array($0) }  // Sound: copied while the region is alive.
  }
}

/// The values of a column of all shards.
func allRows(_ source: MDSSource, _ name: String) throws -> [UInt8] {
  guard let column = source.columns.firstIndex(where: { $0.name == name }) else { throw NoRoom() }
  let workspace = try workspace(source, columnCount: 1)
  return try (0..<source.shards.shardCount).flatMap { rows(try source.decode(shard: $0, columns: [column], with: workspace), of: source) }
}
