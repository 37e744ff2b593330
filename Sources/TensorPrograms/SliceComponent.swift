// One component of a NumPy slice, and the parser of its text.

/// What a slice says about one axis (or, for the ellipsis, about those that are not spelled out).
public enum SliceComponent: Sendable, Hashable {
  /// One index, which drops the axis; negative from the end.
  case index(Int)
  /// `start:stop:step`; negative positions count from the end, `step` is not zero.
  case range(start: Int?, stop: Int?, step: Int)
  /// As many whole axes as are left.
  case ellipsis
}

extension SliceComponent: CustomStringConvertible {
  public var description: String {
    switch self {
    case .index(let index): return "\(index)"
    case .range(let start, let stop, let step):
      let bounds = (start.map(String.init) ?? "") + ":" + (stop.map(String.init) ?? "")
      return step == 1 ? bounds : bounds + ":\(step)"
    case .ellipsis: return "..."
    }
  }
}

/// Reads the text of a slice: `:128`, `128:, :2`, `::-1`, `-1`, `..., 0`.
public enum NumPySlice {
  /// More axes than NumPy allows.
  static let componentLimit = 64

  /// - Throws: `.sliceSyntax` for text that is no slice, `.zeroStep`.
  public static func parse(_ text: String) throws(TensorProgramError) -> [SliceComponent] {
    var parts = text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
    // As in Python, one comma may stand at the end.
    if parts.count > 1, parts.last == "" { parts.removeLast() }
    guard parts.count <= componentLimit else { throw .tooManySliceComponents(slice: text, found: parts.count, axes: componentLimit) }
    var components: [SliceComponent] = []
    for part in parts {
      let component = try component(part, in: text)
      if component == .ellipsis, components.contains(.ellipsis) { throw .sliceSyntax(slice: text, component: part) }
      components.append(component)
    }
    return components
  }

  private static func component(_ part: String, in text: String) throws(TensorProgramError) -> SliceComponent {
    if part == "..." || part == "Ellipsis" { return .ellipsis }
    let fields = part.split(separator: ":", omittingEmptySubsequences: false).map(trimmed)
    var numbers: [Int?] = []
    for field in fields {
      if field.isEmpty || field == "None" && fields.count > 1 {
        numbers.append(nil)
      } else if let number = Int(field) {
        numbers.append(number)
      } else {
        throw .sliceSyntax(slice: text, component: part)
      }
    }
    switch numbers.count {
    case 1:
      guard let index = numbers[0] else { throw .sliceSyntax(slice: text, component: part) }
      return .index(index)
    case 2, 3:
      let step = numbers.count == 3 ? numbers[2] ?? 1 : 1
      guard step != 0 else { throw .zeroStep(slice: text) }
      return .range(start: numbers[0], stop: numbers[1], step: step)
    default:
      throw .sliceSyntax(slice: text, component: part)
    }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var rest = Substring(text)
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest)
  }
}
