// Numbers as Prometheus reads them: the text format, version 0.0.4.

internal import Platform

/// A growing text of metrics. Names are given without `epochfs_`.
struct PrometheusText {
  private(set) var text = ""

  mutating func counter(_ name: String, _ help: String, _ value: Int) { family(name, "counter", help, [("", "\(value)")]) }
  mutating func gauge(_ name: String, _ help: String, _ value: Int) { family(name, "gauge", help, [("", "\(value)")]) }
  mutating func gauge(_ name: String, _ help: String, _ value: Double) { family(name, "gauge", help, [("", "\(value)")]) }

  /// One line a value of `label`.
  mutating func gauge(_ name: String, _ help: String, label: String, _ values: [(String, Int)]) {
    family(name, "gauge", help, values.map { ("{\(label)=\"\(Self.escaped($0.0))\"}", "\($0.1)") })
  }

  mutating func histogram(_ name: String, _ help: String, _ histogram: LatencyHistogram) {
    let counts = histogram.counts
    var lines: [(String, String)] = []
    var total = 0
    for (bound, count) in zip(LatencyHistogram.bounds.map { "\($0)" } + ["+Inf"], counts.buckets) {
      total += count
      lines.append(("_bucket{le=\"\(bound)\"}", "\(total)"))
    }
    family(name, "histogram", help, lines + [("_sum", "\(counts.sum)"), ("_count", "\(total)")])
  }

  private mutating func family(_ name: String, _ type: String, _ help: String, _ lines: [(suffix: String, value: String)]) {
    text += "# HELP epochfs_\(name) \(help)\n# TYPE epochfs_\(name) \(type)\n"
    for line in lines { text += "epochfs_\(name)\(line.suffix) \(line.value)\n" }
  }

  /// The value of a label: backslash, quotation mark and newline are written with a backslash.
  private static func escaped(_ value: String) -> String {
    var text = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\", "\"": text += "\\\(character)"
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}
