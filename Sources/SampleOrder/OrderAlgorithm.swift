// The orders a view can be read in.

/// How an epoch is ordered; the raw values are the names of the configuration's `order.algorithm`.
public enum OrderAlgorithm: String, Sendable, CaseIterable {
  /// Shards and samples as they are stored, the same in every epoch.
  case sequential
  /// Shards permuted, then samples permuted inside blocks of a fixed number of them.
  case window
}

/// The block of the `window` order, in samples, for a block that is given in bytes of raw data: `floor(bytes * allSamples / allRawBytes)`, at least 1.
///
/// Where samples weigh nothing, one block holds them all. Numbers below zero count as zero; a result past `Int.max` is `Int.max`.
public func blockSampleCount(fromBytes byteCount: Int, allSamples sampleCount: Int, allRawBytes rawByteCount: Int) -> Int {
  guard rawByteCount > 0 else { return max(1, sampleCount) }
  // No overflow: two factors below 2^63 have a product below 2^126.
  let quotient = UInt128(max(0, byteCount)) * UInt128(max(0, sampleCount)) / UInt128(rawByteCount)
  return max(1, Int(clamping: quotient))
}
