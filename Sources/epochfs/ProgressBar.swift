// A line on stderr that shows how far a long work is.

internal import Platform

/// Draws the state of a work of known size: a bar, what is done, the rate and the time left.
///
/// On a terminal the line is drawn again in place, at most ten times a second. Elsewhere nothing is written but one line at the end.
struct ProgressBar {
  enum Unit {
    /// Things of this name, in the plural.
    case items(String)
    case bytes
  }

  private let label: String
  private let total: Int
  private let unit: Unit
  private let begin = MonotonicClock.nanoseconds
  private var done = 0
  private var lastDrawn: UInt64 = 0

  /// `total` is in the unit, 0 or more.
  init(_ label: String, total: Int, unit: Unit) {
    self.label = label
    self.total = total
    self.unit = unit
  }

  /// Tells how much is done since the beginning, `total` at the end.
  mutating func update(_ done: Int) {
    self.done = done
    guard StandardError.isTerminal else { return }
    let now = MonotonicClock.nanoseconds
    guard lastDrawn == 0 || now - lastDrawn >= Self.interval else { return }
    lastDrawn = now
    StandardError.write("\r\(text(now: now))\(Self.clearToEnd)")
  }

  /// Replaces the bar by a line that says what was done in which time.
  func finish() {
    let seconds = Double(MonotonicClock.nanoseconds - begin) / 1e9
    let line = "\(label): \(unit.text(done)) in \(Self.duration(seconds)), \(unit.text(Self.rate(done, seconds)))/s\n"
    StandardError.write(StandardError.isTerminal ? "\r\(line.dropLast())\(Self.clearToEnd)\n" : line)
  }

  /// Removes the bar, so that an error message begins a line of its own.
  func abandon() {
    if StandardError.isTerminal, lastDrawn > 0 { StandardError.write("\r\(Self.clearToEnd)") }
  }

  /// Nanoseconds between two drawings.
  private static let interval: UInt64 = 100_000_000
  private static let width = 24
  /// The control sequence that erases what is right of the cursor.
  private static let clearToEnd = "\u{1B}[K"

  private func text(now: UInt64) -> String {
    let seconds = Double(now - begin) / 1e9
    let share = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 1
    let filled = Int(share * Double(Self.width))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    var text = "\(label) [\(bar)] \(Int(share * 100))% \(unit.text(done, of: total)), \(unit.text(Self.rate(done, seconds)))/s"
    // The first half second says little about the rest.
    if seconds > 0.5, done > 0, done < total { text += ", \(Self.duration(seconds / share - seconds)) left" }
    return text
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
  func text(_ count: Int) -> String {
    switch self {
    case .items(let name): "\(count) \(name)"
    case .bytes: ByteCount.text(count)
    }
  }

  func text(_ done: Int, of total: Int) -> String {
    switch self {
    case .items(let name): "\(done) of \(total) \(name)"
    case .bytes: "\(ByteCount.text(done)) of \(ByteCount.text(total))"
    }
  }
}
