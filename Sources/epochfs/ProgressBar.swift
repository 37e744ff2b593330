// How far a long work is: a line on standard error.

internal import JSONParsing
internal import Platform

/// Draws the state of a work of known size: a bar, what is done, the rate and the time left; or writes it as lines of JSON.
///
/// A bar is drawn again in place, at most ten times a second, and replaced by a line that says what was done; lines of JSON come at most once a second.
struct ProgressBar {
  enum Unit {
    /// Things of this name, in the singular.
    case items(String)
    case bytes
  }

  private let label: String
  private let total: Int
  private let unit: Unit
  private let style: ProgressStyle
  private let columns: Int?
  private let begin: UInt64
  private var done = 0
  private var lastDrawn: UInt64 = 0

  /// - Parameters:
  ///   - total: in the unit, 0 or more.
  ///   - columns: of the terminal, where standard error leads to it through another process; otherwise it is asked for at every drawing.
  init(_ label: String, total: Int, unit: Unit, style: ProgressStyle, columns: Int? = nil, begin: UInt64 = MonotonicClock.nanoseconds) {
    self.label = label
    self.total = total
    self.unit = unit
    self.style = style.resolved
    self.columns = columns
    self.begin = begin
  }

  /// Tells how much is done since the beginning, `total` at the end.
  mutating func update(_ done: Int) {
    // Threads that tell of their work may be overtaken on the way here.
    self.done = max(done, self.done)
    guard style != .none else { return }
    let now = MonotonicClock.nanoseconds
    guard lastDrawn == 0 || now - lastDrawn >= (style == .json ? Self.lineInterval : Self.interval) else { return }
    lastDrawn = now
    StandardError.write(style == .json ? line(now: now, isFinished: false) : "\r\(text(now: now))\(Self.clearToEnd)")
  }

  /// Says what was done in which time, in the place of the bar.
  func finish() {
    let now = MonotonicClock.nanoseconds
    let seconds = Double(now - begin) / 1e9
    switch style {
    case .none, .auto: break
    case .json: StandardError.write(line(now: now, isFinished: true))
    case .bar:
      StandardError.write("\r\(label): \(unit.text(done)) in \(Self.duration(seconds)), \(unit.text(Self.rate(done, seconds)))/s\(Self.clearToEnd)\n")
    }
  }

  /// Removes the bar, so that an error message begins a line of its own.
  func abandon() {
    if style == .bar, lastDrawn > 0 { StandardError.write("\r\(Self.clearToEnd)") }
  }

  private func line(now: UInt64, isFinished: Bool) -> String {
    var json = JSONWriter()
    json.object { json in
      json.member("progress", label)
      json.member("unit", unit.name)
      json.member("done", done)
      json.member("total", total)
      json.member("seconds", Double((now - begin) / 1_000_000) / 1000)
      json.member("finished", isFinished)
    }
    return json.text + "\n"
  }

  /// Nanoseconds between two drawings.
  private static let interval: UInt64 = 100_000_000
  /// The same between two lines of JSON.
  private static let lineInterval: UInt64 = 1_000_000_000
  /// The control sequence that erases what is right of the cursor.
  private static let clearToEnd = "\u{1B}[K"

  private func text(now: UInt64) -> String {
    let seconds = Double(now - begin) / 1e9
    let share = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 1
    // The first half second says little about the rest.
    let isForeseeable = seconds > 0.5 && done > 0 && done < total
    let line = ProgressLine(
      label: label, share: share, count: unit.text(done, of: total), rate: "\(unit.text(Self.rate(done, seconds)))/s",
      left: isForeseeable ? "\(Self.duration(seconds / share - seconds)) left" : nil)
    // A line that fills the last column makes some terminals go on to the next.
    return line.text(columns: (columns ?? StandardError.columns) - 1)
  }

  private static func rate(_ done: Int, _ seconds: Double) -> Int { Int(min(Double(done) / max(seconds, 1e-3), 1e15)) }

  /// `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds >= 9.95 else { return "\((max(seconds, 0) * 10).rounded() / 10) s" }
    let whole = Int(min(seconds.rounded(), 1e9))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60 < 10 ? "0" : "")\(whole % 60) s" }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}

extension ProgressBar.Unit {
  var name: String {
    switch self {
    case .items(let noun): ItemCount.plural(noun)
    case .bytes: "bytes"
    }
  }

  func text(_ count: Int) -> String {
    switch self {
    case .items(let noun): ItemCount.text(count, noun)
    case .bytes: ByteCount.text(count)
    }
  }

  func text(_ done: Int, of total: Int) -> String {
    switch self {
    case .items(let noun): "\(done) of \(ItemCount.text(total, noun))"
    case .bytes: "\(ByteCount.text(done)) of \(ByteCount.text(total))"
    }
  }
}
