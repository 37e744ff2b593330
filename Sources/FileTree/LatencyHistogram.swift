// How long something took, as Prometheus counts it.

internal import Platform

/// Counts durations in buckets that grow by a factor of about three.
public final class LatencyHistogram: Sendable {
  private struct State: Sendable {
    var counts = [Int](repeating: 0, count: LatencyHistogram.bounds.count + 1)
    var sum = 0.0
  }
  private let state = Lock(State())

  /// Upper bounds of the buckets, in seconds.
  static let bounds = [0.000_01, 0.000_03, 0.000_1, 0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]

  public init() {}

  public func record(nanoseconds: UInt64) {
    let seconds = Double(nanoseconds) / 1e9
    let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    state.withLock { state in
      state.counts[bucket] += 1
      state.sum += seconds
    }
  }

  /// The lines of the metric `name` in Prometheus' text format.
  func text(name: String, help: String) -> String {
    let state = state.withLock { $0 }
    var text = "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
    var total = 0
    for (bound, count) in zip(Self.bounds, state.counts) {
      total += count
      text += "\(name)_bucket{le=\"\(bound)\"} \(total)\n"
    }
    total += state.counts[Self.bounds.count]
    return text + "\(name)_bucket{le=\"+Inf\"} \(total)\n\(name)_sum \(state.sum)\n\(name)_count \(total)\n"
  }
}
