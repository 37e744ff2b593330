// The metrics of a mount at one moment, read back from their text.

/// What `.epochfs/metrics` said. Names are given without `epochfs_`.
public struct MetricSnapshot: Sendable, Equatable {
  /// By name; of histograms and of metrics with labels by name and labels, as `read_seconds_bucket{le="0.1"}`.
  private var values: [String: Double] = [:]
  /// When it was read, in seconds of a clock that only goes forward.
  public let seconds: Double

  /// Lines that are no metrics of EpochFS are passed over.
  public init(parsing text: String, at seconds: Double) {
    self.seconds = seconds
    for line in text.split(separator: "\n") where line.hasPrefix(Self.prefix) {
      // The value is what follows the last space: a label's text may hold others.
      guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else { continue }
      values[Self.withoutMount(line[line.index(line.startIndex, offsetBy: Self.prefix.count)..<space])] = value
    }
  }

  private static let prefix = "epochfs_"

  /// `read_seconds_bucket{mount="ais",le="0.1"}` without its first label, which all lines have.
  private static func withoutMount(_ name: Substring) -> String {
    guard let begin = name.firstRange(of: "{mount=\"") else { return String(name) }
    var end = begin.upperBound
    while end < name.endIndex, name[end] != "\"" {
      // A backslash takes the next character with it.
      end = name.index(end, offsetBy: name[end] == "\\" ? 2 : 1, limitedBy: name.endIndex) ?? name.endIndex
    }
    let rest = name[end...].dropFirst()
    return String(name[..<begin.lowerBound]) + (rest.first == "," ? "{" + rest.dropFirst() : rest.dropFirst())
  }

  public var isEmpty: Bool { values.isEmpty }

  /// 0 for what is not there.
  public subscript(name: String) -> Double { values[name] ?? 0 }

  /// The cumulative buckets of a histogram, by ascending upper bounds, the last of them infinite.
  func buckets(_ name: String) -> [(bound: Double, count: Double)] {
    let head = "\(name)_bucket{le=\""
    return values.compactMap { key, count in
      guard key.hasPrefix(head), let bound = Double(key.dropFirst(head.count).prefix { $0 != "\"" }.replacing("+Inf", with: "inf")) else { return nil }
      return (bound, count)
    }.sorted { $0.bound < $1.bound }
  }
}

/// What happened between two snapshots of the same mount.
public struct MetricInterval: Sendable {
  public let first: MetricSnapshot
  public let last: MetricSnapshot

  /// Where the mount was made anew between the two, the interval begins with it.
  public init(from first: MetricSnapshot, to last: MetricSnapshot) {
    let isSame = last["uptime_seconds"] >= first["uptime_seconds"]
    self.first = isSame ? first : MetricSnapshot(parsing: "", at: last.seconds - last["uptime_seconds"])
    self.last = last
  }

  /// More than 0.
  public var seconds: Double { max(last.seconds - first.seconds, 1e-9) }

  /// How much a counter grew.
  public func growth(_ counter: String) -> Double { max(0, last[counter] - first[counter]) }

  /// The same in a second.
  public func rate(_ counter: String) -> Double { growth(counter) / seconds }

  /// The share of requests that were answered at once; nil where there were none.
  public var hitShare: Double? {
    let (hits, misses) = (growth("cache_hits_total"), growth("cache_misses_total"))
    return hits + misses > 0 ? hits / (hits + misses) : nil
  }

  /// Decoding threads at work, on average.
  public var busyThreads: Double { rate("decode_seconds_sum") }

  /// The duration, in seconds, that `share` (0 to 1) of a histogram's entries in the interval did not exceed, as exactly as its buckets tell: straight
  /// between their bounds, as Prometheus' `histogram_quantile` has it. Nil where there were none; infinite where it lies beyond the last bound.
  public func quantile(_ share: Double, of histogram: String) -> Double? {
    let before = Dictionary(first.buckets(histogram).map { ($0.bound, $0.count) }, uniquingKeysWith: { $1 })
    let buckets = last.buckets(histogram).map { (bound: $0.bound, count: $0.count - (before[$0.bound] ?? 0)) }
    guard let total = buckets.last?.count, total > 0 else { return nil }
    var (lower, below) = (0.0, 0.0)
    for bucket in buckets {
      if bucket.count >= share * total, bucket.count > below {
        return bucket.bound.isInfinite ? .infinity : lower + (bucket.bound - lower) * (share * total - below) / (bucket.count - below)
      }
      (lower, below) = (bucket.bound, bucket.count)
    }
    return .infinity
  }
}
