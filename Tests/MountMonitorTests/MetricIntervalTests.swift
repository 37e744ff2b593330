// Rates and quantiles between two readings of a mount's metrics.

import Testing

@testable import MountMonitor

struct MetricIntervalTests {
  /// Cumulative counts of the buckets up to 0.1 s, 1 s and beyond.
  static func text(uptime: Double, served: Int, hits: Int, misses: Int, reads: (Int, Int, Int), decode: Int = 0) -> String {
    """
    # HELP epochfs_served_bytes_total Bytes.
    # TYPE epochfs_served_bytes_total counter
    epochfs_served_bytes_total{mount="a\\"b"} \(served)
    epochfs_cache_hits_total \(hits)
    epochfs_cache_misses_total \(misses)
    epochfs_uptime_seconds \(uptime)
    epochfs_decode_seconds_sum{mount="a\\"b"} \(decode)
    epochfs_read_seconds_bucket{mount="a\\"b",le="0.1"} \(reads.0)
    epochfs_read_seconds_bucket{mount="a\\"b",le="1.0"} \(reads.1)
    epochfs_read_seconds_bucket{mount="a\\"b",le="+Inf"} \(reads.2)
    epochfs_source_samples{mount="a\\"b",source="a \\"b\\" 9"} 12
    other_metric 7
    """
  }

  @Test func valuesAreReadWithTheirLabels() {
    let snapshot = MetricSnapshot(parsing: Self.text(uptime: 1.5, served: 10, hits: 0, misses: 0, reads: (0, 0, 0)), at: 3)
    #expect(snapshot["served_bytes_total"] == 10 && snapshot["uptime_seconds"] == 1.5)
    #expect(snapshot["source_samples{source=\"a \\\"b\\\" 9\"}"] == 12)
    #expect(snapshot["other_metric"] == 0 && snapshot["nothing"] == 0 && !snapshot.isEmpty)
    #expect(MetricSnapshot(parsing: "# nothing\nepochfs_x y\n", at: 0).isEmpty)
    #expect(snapshot.buckets("read_seconds").map(\.bound) == [0.1, 1, .infinity])
  }

  @Test func ratesAreOfTheInterval() {
    let interval = MetricInterval(
      from: MetricSnapshot(parsing: Self.text(uptime: 10, served: 1000, hits: 5, misses: 5, reads: (0, 0, 0)), at: 100),
      to: MetricSnapshot(parsing: Self.text(uptime: 14, served: 9000, hits: 8, misses: 6, reads: (0, 0, 0), decode: 6), at: 104))
    #expect(interval.rate("served_bytes_total") == 2000)
    #expect(interval.hitShare == 0.75)
    #expect(interval.busyThreads == 1.5)
    #expect(interval.quantile(0.5, of: "read_seconds") == nil)
  }

  @Test func aNewMountBeginsTheIntervalAnew() {
    let interval = MetricInterval(
      from: MetricSnapshot(parsing: Self.text(uptime: 1000, served: 1_000_000, hits: 5, misses: 5, reads: (9, 9, 9)), at: 100),
      to: MetricSnapshot(parsing: Self.text(uptime: 2, served: 500, hits: 1, misses: 0, reads: (1, 1, 1)), at: 104))
    #expect(interval.seconds == 2 && interval.rate("served_bytes_total") == 250 && interval.hitShare == 1)
  }

  @Test func quantilesLieStraightBetweenBounds() {
    let interval = MetricInterval(
      from: MetricSnapshot(parsing: Self.text(uptime: 1, served: 0, hits: 0, misses: 0, reads: (2, 4, 4)), at: 1),
      to: MetricSnapshot(parsing: Self.text(uptime: 2, served: 0, hits: 0, misses: 0, reads: (6, 12, 14)), at: 2))
    // Of ten reads 4 took up to 0.1 s, 4 up to 1 s, 2 longer.
    #expect(interval.quantile(0.2, of: "read_seconds") == 0.05)
    #expect(abs((interval.quantile(0.6, of: "read_seconds") ?? 0) - 0.55) < 1e-12)
    #expect(interval.quantile(0.99, of: "read_seconds") == .infinity)
  }
}
