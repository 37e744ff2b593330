// What of a shard can be told without making its entry.

extension MDSIndex {
  /// Whether the shard's file on disk is compressed.
  public func isCompressed(shard ordinal: Int) -> Bool { records[ordinal].storedNameByteCount > 0 }
}
