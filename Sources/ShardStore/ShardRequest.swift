// Which rows of a shard are to be decoded, and what of them is to stay.

/// One decoding of one shard.
public struct ShardRequest: Sendable {
  public let shard: Int
  /// Ordinals of the source's columns, each of fixed shape.
  public let columns: [Int]
  /// The rows that somebody wants. A source that can reach rows alone decodes no others; one whose shards are compressed whole decodes all.
  public let rows: Range<Int>
  /// Those rows that the result must hold when the call returns; the others may be gone once `onRows` was told of them.
  public let keeping: Range<Int>

  public init(shard: Int, columns: [Int], rows: Range<Int>, keeping: Range<Int>) {
    self.shard = shard
    self.columns = columns
    self.rows = rows
    self.keeping = keeping
  }
}
