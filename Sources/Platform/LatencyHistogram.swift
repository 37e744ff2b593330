// How long something took: durations counted in buckets.

/// Counts durations in buckets that grow by a factor of about three. Any thread may record.
public final class LatencyHistogram: Sendable {
  /// What was counted since the beginning.
  public struct Counts: Sendable {
    /// Durations in each bucket: at most `bounds[i]` seconds and more than the bound before; the last bucket has no bound.
    public fileprivate(set) var buckets = [Int](repeating: 0, count: LatencyHistogram.bounds.count + 1)
    /// The sum of all durations, in seconds.
    public fileprivate(set) var sum = 0.0
  }
  private let state = Lock(Counts())

  /// Upper bounds of the buckets, in seconds, ascending.
  public static let bounds = [0.000_01, 0.000_03, 0.000_1, 0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]

  public init() {}

  public func record(nanoseconds: UInt64) {
    let seconds = Double(nanoseconds) / 1e9
    let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    state.withLock { state in
      state.buckets[bucket] += 1
      state.sum += seconds
    }
  }

  public var counts: Counts { state.withLock { $0 } }
}
