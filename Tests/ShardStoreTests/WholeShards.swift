// Shards as these tests look at them: whole.

import SampleOrder
import ShardStore

extension ShardSource {
  /// Decodes a shard without looking at its rows as they come.
  func decode(shard: Int, columns: [Int], with workspace: DecodeWorkspace) throws(ShardError) -> DecodedShard {
    let rows = 0..<shards.count(of: shard)
    return try decode(ShardRequest(shard: shard, columns: columns, rows: rows, keeping: rows), with: workspace) { _, _ in }
  }
}
