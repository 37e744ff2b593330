// Shards as these tests look at them: whole.

import ShardStore

extension ShardSource {
  /// Decodes a shard without looking at its rows as they come.
  func decode(shard: Int, columns: [Int], with workspace: DecodeWorkspace) throws(ShardError) -> DecodedShard {
    try decode(shard: shard, columns: columns, with: workspace) { _, _ in }
  }
}
