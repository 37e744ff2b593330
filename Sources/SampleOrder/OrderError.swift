// Why the counts of an index cannot be made into an order.

public enum OrderError: Error, Sendable, Equatable {
  /// The index states fewer than no samples for the shard `shard` (its stored ordinal).
  case negativeSampleCount(shard: Int, found: Int)
  /// The samples up to and with the shard `shard` are more than 2^63 - 1.
  case tooManySamples(shard: Int)
}

extension OrderError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .negativeSampleCount(let shard, let found):
      "shard \(shard): \(found) samples, expected 0 or more"
    case .tooManySamples(let shard):
      "shard \(shard): the samples of the shards up to this one are more than \(Int.max)"
    }
  }
}
