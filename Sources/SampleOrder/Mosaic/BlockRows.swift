// Which rows of which shards some batches are made of.

/// The rows of batches, grouped by shard: for every shard its rows in ascending order, each with the slot it goes to. A row may go to several slots.
public struct BlockRows: Sendable {
  /// The shards that have rows, ascending.
  public let shards: [Int]
  /// Where each shard's rows begin in `rows` and `slots`; one more for the end.
  public let starts: [Int]
  /// The samples' ordinals in their shards.
  public let rows: [UInt32]
  /// Row i of the batch with ordinal o has the slot (o - first ordinal) * batch size + i.
  public let slots: [UInt32]

  /// - Parameter places: numbers that are the shard times 2^32, plus the row; sorted.
  init(_ places: TaggedNumbers) {
    var shards: [Int] = []
    var starts: [Int] = []
    var rows: [UInt32] = []
    rows.reserveCapacity(places.count)
    for (index, number) in places.numbers.enumerated() {
      let shard = Int(number >> 32)
      if shards.last != shard {
        shards.append(shard)
        starts.append(index)
      }
      rows.append(UInt32(truncatingIfNeeded: number))
    }
    starts.append(places.count)
    self.shards = shards
    self.starts = starts
    self.rows = rows
    slots = places.slots
  }

  /// Where the rows of the `index`th of `shards` stand.
  public func range(ofShardAt index: Int) -> Range<Int> { starts[index]..<starts[index + 1] }

  /// The first of a shard's entries whose row is not below `row`; the end of `range` where there is none.
  public func firstIndex(ofRow row: Int, in range: Range<Int>) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = low + (high - low) / 2
      if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
