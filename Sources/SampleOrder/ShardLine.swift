// The shards of one epoch laid end to end: the line that blocks are cut from.

/// The line of one epoch. Made once an epoch in O(shards), never changed, eight bytes a shard (none for `sequential`, whose line is the table itself).
final class ShardLine: Sendable {
  let table: ShardTable
  /// `starts[q]` is the first place of the shard that is the `q`th on the line; the last entry is the number of places.
  let starts: [Int]
  /// Sends an ordinal on the line to the stored ordinal; nil where both are the same.
  let permutation: KeyedBijection?

  /// More than the cache misses a processor has in flight at once.
  private static let groupCount = 64

  /// The shards in stored order.
  init(stored table: ShardTable) {
    self.table = table
    starts = table.starts
    permutation = nil
  }

  /// The shards permuted by `key`.
  init(permuting table: ShardTable, key: OrderKey) {
    self.table = table
    guard table.shardCount > 0 else {
      starts = table.starts
      permutation = nil
      return
    }
    let permutation = KeyedBijection(count: table.shardCount, key: key)
    var starts: [Int] = []
    starts.reserveCapacity(table.shardCount + 1)
    starts.append(0)
    var total = 0
    // The counts lie all over the table, so a group's ordinals are found first: then the processor can wait for all their cache lines at once.
    var group = [Int](repeating: 0, count: Self.groupCount)
    var ordinal = 0
    while ordinal < table.shardCount {
      let groupCount = min(group.count, table.shardCount - ordinal)
      for index in 0..<groupCount { group[index] = permutation.image(of: ordinal + index) }
      for index in 0..<groupCount {
        // No overflow: the same counts in another order, whose total the table has checked.
        total &+= table.count(of: group[index])
        starts.append(total)
      }
      ordinal += groupCount
    }
    self.starts = starts
    self.permutation = permutation
  }

  /// The stored ordinal of the `ordinal`th shard on the line.
  func shard(at ordinal: Int) -> Int { permutation?.image(of: ordinal) ?? ordinal }
}
