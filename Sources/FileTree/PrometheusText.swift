// Numbers as Prometheus reads them: the text format, version 0.0.4.

internal import Platform

/// A growing text of metrics of one mount. Names are given without `epochfs_`; every line has the label `mount`, so that the metrics of several mounts of a
/// machine can be put together.
struct PrometheusText {
  private(set) var text = ""
  private let mountLabel: String

  init(mount: String) { mountLabel = Self.label("mount", mount) }

  mutating func counter(_ name: String, _ help: String, _ value: Int) { family(name, "counter", help, [("", nil, "\(value)")]) }
  mutating func gauge(_ name: String, _ help: String, _ value: Int) { family(name, "gauge", help, [("", nil, "\(value)")]) }
  mutating func gauge(_ name: String, _ help: String, _ value: Double) { family(name, "gauge", help, [("", nil, "\(value)")]) }

  /// One line a value of `label`.
  mutating func gauge(_ name: String, _ help: String, label: String, _ values: [(String, Int)]) { family(name, "gauge", help, label, values) }
  mutating func counter(_ name: String, _ help: String, label: String, _ values: [(String, Int)]) { family(name, "counter", help, label, values) }

  mutating func histogram(_ name: String, _ help: String, _ histogram: LatencyHistogram) {
    let counts = histogram.counts
    var lines: [Line] = []
    var total = 0
    for (bound, count) in zip(LatencyHistogram.bounds.map { "\($0)" } + ["+Inf"], counts.buckets) {
      total += count
      lines.append(("_bucket", Self.label("le", bound), "\(total)"))
    }
    family(name, "histogram", help, lines + [("_sum", nil, "\(counts.sum)"), ("_count", nil, "\(total)")])
  }

  private mutating func family(_ name: String, _ type: String, _ help: String, _ label: String, _ values: [(String, Int)]) {
    family(name, type, help, values.map { ("", Self.label(label, $0.0), "\($0.1)") })
  }

  private typealias Line = (suffix: String, label: String?, value: String)

  private mutating func family(_ name: String, _ type: String, _ help: String, _ lines: [Line]) {
    text += "# HELP epochfs_\(name) \(help)\n# TYPE epochfs_\(name) \(type)\n"
    for line in lines {
      text += "epochfs_\(name)\(line.suffix){\(mountLabel)\(line.label.map { "," + $0 } ?? "")} \(line.value)\n"
    }
  }

  private static func label(_ name: String, _ value: String) -> String { "\(name)=\"\(escaped(value))\"" }

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
