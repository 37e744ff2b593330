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
  /// Requests answered at once, and those that had to wait.
  public let hitCount = Atomic<Int>(0)
  public let missCount = Atomic<Int>(0)
  public let errorCount = Atomic<Int>(0)
  /// How long each shard and piece took.
  public let decodeLatency = LatencyHistogram()
  /// Sum of the seconds that decoding threads spent in decoding, in nanoseconds.
  public let decodeNanoseconds = Atomic<UInt64>(0)

  public init() {}
}
