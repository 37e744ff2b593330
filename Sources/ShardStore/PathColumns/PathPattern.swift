// Paths with `*`, `?`, `[...]` and `{name}`: one segment between slashes at a time.

/// A pattern for one name in a folder.
struct SegmentPattern: Sendable {
  enum Part: Sendable, Equatable {
    case character(Unicode.Scalar)
    /// `?`
    case any
    /// `[a-z]`, `[!a-z]`; `[*]`, `[?]`, `[[]` and `[{]` are that character.
    case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    /// `*`
    case run
    /// `{name}`: one character or more.
    case capture(String)
  }

  let parts: [Part]
  /// Names that begin with `_` or `.` match only a pattern that begins so too.
  private let mayBeHidden: Bool

  var captures: [String] { parts.compactMap { if case .capture(let name) = $0 { name } else { nil } } }

  /// The one name that it matches; nil for a real pattern.
  var literal: String? {
    var view = String.UnicodeScalarView()
    for part in parts {
      guard case .character(let scalar) = part else { return nil }
      view.append(scalar)
    }
    return String(view)
  }

  init(_ text: some StringProtocol) {
    let scalars = Array(text.unicodeScalars)
    var parts: [Part] = []
    var next = 0
    while next < scalars.count {
      switch scalars[next] {
      case "*": parts.append(.run)
      case "?": parts.append(.any)
      case "[":
        if let (set, end) = Self.set(scalars, from: next) {
          parts.append(Self.quoted(set) ?? set)
          next = end
        } else {
          parts.append(.character("["))
        }
      case "{":
        if let (name, end) = Self.capture(scalars, from: next) {
          parts.append(.capture(name))
          next = end
        } else {
          parts.append(.character("{"))
        }
      default: parts.append(.character(scalars[next]))
      }
      next += 1
    }
    self.parts = parts
    mayBeHidden = parts.first == .character("_") || parts.first == .character(".")
  }

  /// What the captures match, in their order; nil where the name does not match. Of several ways the one whose first capture is shortest, then whose second is, ...
  func match(_ name: String) -> [String]? {
    let scalars = Array(name.unicodeScalars)
    if !mayBeHidden, scalars.first == "_" || scalars.first == "." { return nil }
    var matcher = SegmentMatcher(parts: parts, name: scalars)
    return matcher.match() ? matcher.captured : nil
  }

  private static func set(_ scalars: [Unicode.Scalar], from begin: Int) -> (Part, end: Int)? {
    var next = begin + 1
    let isNegated = next < scalars.count && (scalars[next] == "!" || scalars[next] == "^")
    if isNegated { next += 1 }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    let first = next
    while next < scalars.count, scalars[next] != "]" || next == first {
      if next + 2 < scalars.count, scalars[next + 1] == "-", scalars[next + 2] != "]" {
        if scalars[next] <= scalars[next + 2] { ranges.append(scalars[next]...scalars[next + 2]) }
        next += 3
      } else {
        ranges.append(scalars[next]...scalars[next])
        next += 1
      }
    }
    return next < scalars.count ? (.set(ranges, isNegated: isNegated), next) : nil
  }

  /// The character of a set that only keeps it from being a pattern.
  private static func quoted(_ set: Part) -> Part? {
    guard case .set(let ranges, isNegated: false) = set, ranges.count == 1, let only = ranges.first, only.lowerBound == only.upperBound,
      "*?[{".unicodeScalars.contains(only.lowerBound)
    else { return nil }
    return .character(only.lowerBound)
  }

  private static func capture(_ scalars: [Unicode.Scalar], from begin: Int) -> (String, end: Int)? {
    guard let end = scalars[begin...].firstIndex(of: "}"), end > begin + 1 else { return nil }
    let name = scalars[begin + 1..<end]
    guard name.allSatisfy({ $0.isASCII && ($0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil) }) else { return nil }
    return (String(String.UnicodeScalarView(name)), end)
  }
}

/// One attempt, with a memory of where it failed: patterns with many `*` take time in proportion to name times pattern.
private struct SegmentMatcher {
  let parts: [SegmentPattern.Part]
  let name: [Unicode.Scalar]
  private(set) var captured: [String] = []
  private var failed: Set<Int> = []

  init(parts: [SegmentPattern.Part], name: [Unicode.Scalar]) {
    self.parts = parts
    self.name = name
  }

  mutating func match() -> Bool { match(0, 0) }

  private mutating func match(_ part: Int, _ place: Int) -> Bool {
    guard part < parts.count else { return place == name.count }
    let attempt = part * (name.count + 1) + place
    if failed.contains(attempt) { return false }
    switch parts[part] {
    case .character(let scalar): if place < name.count, name[place] == scalar, match(part + 1, place + 1) { return true }
    case .any: if place < name.count, match(part + 1, place + 1) { return true }
    case .set(let ranges, let isNegated):
      if place < name.count, ranges.contains(where: { $0.contains(name[place]) }) != isNegated, match(part + 1, place + 1) { return true }
    case .run:
      if match(part + 1, place) || (place < name.count && match(part, place + 1)) { return true }
    case .capture:
      let count = captured.count
      var end = place + 1
      while end <= name.count {
        captured.append(String(String.UnicodeScalarView(name[place..<end])))
        if match(part + 1, end) { return true }
        captured.removeLast(captured.count - count)
        end += 1
      }
    }
    failed.insert(attempt)
    return false
  }
}
