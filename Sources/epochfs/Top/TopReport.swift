// One look at a mount, as lines and as JSON.

internal import JSONParsing
internal import MountMonitor
internal import Platform

struct TopReport {
  let mountpoint: String
  let interval: MetricInterval
  /// The latest lines of `errors.jsonl`, the newest last.
  let errors: [LatestError]

  private var now: MetricSnapshot { interval.last }

  /// As long as they are.
  var lines: [String] { lines(width: .max) }

  /// What fits a terminal: empty lines are left out first, then the last ones.
  func lines(within size: TerminalSize) -> [String] {
    let all = lines(width: size.columns - 1)
    return Array((all.count > size.rows ? all.filter { !$0.isEmpty } : all).prefix(size.rows))
  }

  /// At most `width` characters each.
  private func lines(width: Int) -> [String] {
    func row(_ label: String, _ value: String, _ note: String) -> String { self.row(label, value, note, width: width) }
    var lines = [
      title(width: width),
      "",
      row("served", perSecond("served_bytes_total"), "total \(bytes("served_bytes_total"))"),
      row("decoded", perSecond("decoded_bytes_total"), "total \(bytes("decoded_bytes_total"))"),
      row("source read", perSecond("source_read_bytes_total"), "total \(bytes("source_read_bytes_total"))"),
      row("decodings", "\(number(interval.rate("shard_decodes_total") + interval.rate("piece_decodes_total")))/s", busy),
      row(
        "hits", share(interval.hitShare),
        "\(number(interval.rate("cache_hits_total") + interval.rate("cache_misses_total"))) requests/s, \(Int(now["requests_in_progress"])) waiting"),
      "",
      row("", "median", "99 of 100 within"),
    ]
    for (label, name) in [("open", "open_seconds"), ("read", "read_seconds"), ("decode", "decode_seconds")] {
      lines.append(row(label, duration(interval.quantile(0.5, of: name)), duration(interval.quantile(0.99, of: name))))
    }
    lines += ["", memory(width: width), ""]
    lines.append(row("errors", "\(number(interval.growth("errors_total")))", "total \(Int(now["errors_total"]))"))
    lines += errors.reversed().map { "  \($0.time.prefix(19).suffix(8)) \($0.path): \($0.message)" }
    // What comes from files must not draw on the terminal.
    return lines.map { line in
      String(String.UnicodeScalarView(line.unicodeScalars.map { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) ? "?" : $0 }).prefix(width))
    }
  }

  var json: String {
    var json = JSONWriter()
    json.object { json in
      json.member("mountpoint", mountpoint)
      json.member("uptime_seconds", now["uptime_seconds"])
      json.member("interval_seconds", interval.seconds)
      json.member("passthrough", now["passthrough"] == 1)
      for name in ["served_bytes", "decoded_bytes", "source_read_bytes", "shard_decodes", "piece_decodes", "errors"] {
        json.member("\(name)_per_second", interval.rate(name + "_total"))
      }
      json.key("hit_share")
      if let share = interval.hitShare { json.double(share) } else { json.null() }
      json.member("requests_in_progress", Int(now["requests_in_progress"]))
      json.member("busy_threads", interval.busyThreads)
      json.member("decoding_threads", Int(now["decoding_threads"]))
      json.member("memory_used_bytes", Int(now["cache_bytes"]))
      json.member("memory_peak_bytes", Int(now["cache_peak_bytes"]))
      json.member("memory_cap_bytes", Int(now["memory_cap_bytes"]))
      json.member("errors_total", Int(now["errors_total"]))
      for name in ["open", "read", "decode"] {
        for (label, quantile) in [("median", 0.5), ("p99", 0.99)] {
          json.key("\(name)_\(label)_seconds")
          // JSON has no infinity: beyond the last bound and nothing at all are both null.
          if let value = interval.quantile(quantile, of: name + "_seconds"), value.isFinite { json.double(value) } else { json.null() }
        }
      }
    }
    return json.text
  }

  // MARK: - Words

  /// `note`: of its parts, which commas separate, as many as fit: half a number is a wrong one.
  private func row(_ label: String, _ value: String, _ note: String, width: Int) -> String {
    let begin = Self.padded(label, 12) + Self.padded(value, width < 60 ? 11 : 16)
    var parts = note.split(separator: ", ")
    while !parts.isEmpty, begin.count + parts.joined(separator: ", ").count > width { parts.removeLast() }
    return begin + parts.joined(separator: ", ")
  }

  /// With the end of the mountpoint, and as many facts as leave room for it.
  private func title(width: Int) -> String {
    var facts = [
      "up \(ProgressBar.duration(now["uptime_seconds"]))", now["passthrough"] == 1 ? "passthrough" : "replies",
      "last \(ProgressBar.duration(interval.seconds))",
    ]
    let leastRoom = min(mountpoint.count, 16)
    func room() -> Int { width - "EpochFS ".count - facts.reduce(0) { $0 + $1.count + 3 } }
    while !facts.isEmpty, room() < leastRoom { facts.removeLast() }
    let shown = mountpoint.count > room() ? "..." + mountpoint.suffix(max(0, room() - 3)) : mountpoint
    return (["EpochFS \(shown)"] + facts).joined(separator: "   ")
  }

  private static func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }

  private func bytes(_ name: String) -> String { ByteCount.text(Int(now[name])) }

  private func perSecond(_ name: String) -> String { "\(ByteCount.text(Int(interval.rate(name))))/s" }

  private func number(_ value: Double) -> String { value >= 100 || value == value.rounded() ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)" }

  private func share(_ value: Double?) -> String { value.map { "\(number($0 * 100))%" } ?? "-" }

  private var busy: String {
    let threads = Int(now["decoding_threads"])
    return "\(number(min(interval.busyThreads, Double(threads)))) of \(ItemCount.text(threads, "thread")) busy"
  }

  /// `-`, `730 us`, `1.5 ms`, `0.2 s`.
  private func duration(_ seconds: Double?) -> String {
    guard let seconds else { return "-" }
    if seconds.isInfinite { return "over 10 s" }
    if seconds < 0.001 { return "\(Int((seconds * 1e6).rounded())) us" }
    return seconds < 0.1 ? "\(number(seconds * 1e3)) ms" : "\(number(seconds)) s"
  }

  private func memory(width: Int) -> String {
    let (used, cap) = (now["cache_bytes"], max(now["memory_cap_bytes"], 1))
    let label = Self.padded("memory", 12)
    let amounts = "\(ByteCount.text(Int(used))) of \(ByteCount.text(Int(cap)))"
    for words in ["\(amounts), at most \(bytes("cache_peak_bytes"))", amounts] {
      if let bar = Bar.text(share: min(used / cap, 1), room: width - label.count - words.count - 3) { return "\(label)[\(bar)] \(words)" }
    }
    return label + amounts
  }
}
