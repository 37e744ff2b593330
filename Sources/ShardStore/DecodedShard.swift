// A shard whose bytes are in memory, with the place of every row of the columns that were asked for.

public import BatchCache

/// The rows of one decoded shard. Immutable; its memory goes back to the budget with the last reference.
public final class DecodedShard: Sendable {
  public let shard: Int
  public let region: ChargedRegion
  public let columns: [DecodedColumn]
  /// Uncompressed and stored bytes of the shard.
  public let byteCount: Int
  public let storedByteCount: Int

  public init(shard: Int, region: ChargedRegion, columns: [DecodedColumn], byteCount: Int, storedByteCount: Int) {
    self.shard = shard
    self.region = region
    self.columns = columns
    self.byteCount = byteCount
    self.storedByteCount = storedByteCount
  }
}

/// Where the values of one column lie in the decoded bytes: row r at `byteOffsets[r]`, `rowByteCount` bytes each, all inside the region (verified when it was made).
public struct DecodedColumn: Sendable {
  public let byteOffsets: [UInt64]
  public let rowByteCount: Int

  public init(byteOffsets: [UInt64], rowByteCount: Int) {
    self.byteOffsets = byteOffsets
    self.rowByteCount = rowByteCount
  }
}
