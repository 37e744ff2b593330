// What the assembler has done, for `.epochfs/metrics`.

public import Platform
public import Synchronization

/// Counters since the mount; relaxed atomics, read at any time.
public final class AssemblyMetrics: Sendable {
  /// Uncompressed bytes of the shards and pieces of columns that were decoded.
  public let decodedByteCount = Atomic<Int>(0)
  /// Bytes read from storage.
  public let sourceReadByteCount = Atomic<Int>(0)
  public let shardDecodeCount = Atomic<Int>(0)
  public let pieceDecodeCount = Atomic<Int>(0)
  /// Requests whose data were there, and those that had to wait. What is known to fail is neither.
  public let hitCount = Atomic<Int>(0)
  public let missCount = Atomic<Int>(0)
  /// How long each shard and piece took; the sum is the time that the threads spent in decoding.
  public let decodeLatency = LatencyHistogram()

  public init() {}
}
