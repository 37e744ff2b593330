// One line about a work, as long as a terminal is wide.

struct ProgressLine {
  let label: String
  /// Of the whole, 0 to 1.
  let share: Double
  /// `12 of 80 shards`.
  let count: String
  /// `34 shards/s`.
  let rate: String
  /// `3 s left`, where that can be told.
  let left: String?

  /// The line with as much as fits: the bar is shortened first, then the rate is left out, the time, the count, and at last the bar.
  func text(columns: Int) -> String {
    let percent = "\(Int(share * 100))%"
    for parts in [[count, rate, left], [count, left], [count], []].map({ $0.compactMap(\.self) }) {
      let words = ([percent] + (parts.isEmpty ? [] : [parts.joined(separator: ", ")])).joined(separator: " ")
      let room = columns - label.count - words.count - " [] ".count
      if let bar = Bar.text(share: share, room: room) { return "\(label) [\(bar)] \(words)" }
    }
    // What is being done is said at last: its end may be missing.
    return "\(label.prefix(max(0, columns - percent.count - 1))) \(percent)"
  }
}

/// A share as a row of signs.
enum Bar {
  private static let widths = 8...24

  /// As wide as there is room for, within reason; nil where there is too little. `share`: 0 to 1.
  static func text(share: Double, room: Int) -> String? {
    guard room >= widths.lowerBound else { return nil }
    let width = min(room, widths.upperBound)
    let filled = Int(share * Double(width))
    return String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
  }
}
