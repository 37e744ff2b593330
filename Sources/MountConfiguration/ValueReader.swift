// Reads one value of the tree as the type it must have, and notes what is wrong.

/// Collects problems while a configuration is read; readers go on after one, so that all are told at once.
final class ReadingContext {
  let environment: [String: String]
  /// Of the configuration file; absolute.
  let folder: String
  private(set) var problems: [ConfigurationProblem] = []
  /// How many more there are: a hostile file has a hundred thousand, and looking for the nearest name takes time.
  private(set) var omittedProblemCount = 0
  private(set) var warnings: [ConfigurationProblem] = []
  private let problemLimit = 100

  init(folder: String, environment: [String: String]) {
    self.folder = folder
    self.environment = environment
  }

  func note(_ place: SourcePlace, _ message: @autoclosure () -> String) {
    if problems.count < problemLimit { problems.append(ConfigurationProblem(place, message())) } else { omittedProblemCount += 1 }
  }

  func warn(_ place: SourcePlace, _ message: String) {
    if warnings.count < problemLimit { warnings.append(ConfigurationProblem(place, message)) }
  }
}

/// A value with its path of keys. Every method answers nil after it noted why.
struct ValueReader {
  let node: ConfigurationNode
  let path: String
  let context: ReadingContext

  var place: SourcePlace { SourcePlace(file: node.origin.file, line: node.origin.line, key: path) }

  func fail(_ message: @autoclosure () -> String) { context.note(place, message()) }

  func mismatch<Value>(_ expectation: @autoclosure () -> String) -> Value? {
    fail("found \(node.summary); expected \(expectation())")
    return nil
  }

  // MARK: - Scalars

  /// Text that is not a number, a boolean or nothing, unless it is quoted. Not empty.
  func text(_ expectation: String = "a text") -> String? {
    guard case .scalar(let text, let isPlain) = node.content else { return mismatch(expectation) }
    if isPlain {
      switch ScalarMeaning(text) {
      case .text: break
      case .nothing: return mismatch(expectation)
      default:
        fail("found \(escaped(text)), which is no text; expected \(expectation): put it in quotes")
        return nil
      }
    }
    guard !text.isEmpty else { return mismatch(expectation) }
    return text
  }

  func locatedText(_ expectation: String = "a text") -> Located<String>? { text(expectation).map { Located($0, at: place) } }

  func integer(_ range: ClosedRange<Int>) -> Int? {
    let expectation = range.upperBound == .max ? "an integer of at least \(range.lowerBound)" : "an integer from \(range.lowerBound) to \(range.upperBound)"
    guard case .scalar(let text, true) = node.content, ScalarMeaning(text) == .integer, let value = Int(text), range.contains(value) else {
      return mismatch(expectation)
    }
    return value
  }

  func unsigned(_ range: ClosedRange<UInt64>) -> UInt64? {
    guard case .scalar(let text, true) = node.content, ScalarMeaning(text) == .integer, let value = UInt64(text), range.contains(value) else {
      return mismatch("an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A number that is not NaN; infinite only where it is allowed.
  func number(_ expectation: String = "a finite number", infinite: Bool = false) -> Double? {
    guard case .scalar(let text, true) = node.content else { return mismatch(expectation) }
    let value: Double? =
      switch ScalarMeaning(text) {
      case .integer: Double(text)
      case .number(let number): number
      default: nil
      }
    guard let value, !value.isNaN, infinite || value.isFinite else { return mismatch(expectation) }
    return value
  }

  func boolean() -> Bool? {
    guard case .scalar(let text, true) = node.content, case .boolean(let value) = ScalarMeaning(text) else { return mismatch("true or false") }
    return value
  }

  /// The word `auto`, unquoted or quoted.
  var isAutomatic: Bool {
    if case .scalar("auto", _) = node.content { true } else { false }
  }

  /// One of the raw values of an enumeration; those of a later version are refused.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type, for key: String, in section: Section) -> Choice? {
    // What waits for a later version is known, and not offered.
    let allowed = Choice.allCases.map(\.rawValue).filter { SupportedFeatures.supports($0, for: key, in: section) }
    guard case .scalar(let text, _) = node.content, let value = Choice(rawValue: text) else {
      guard case .scalar(let text, _) = node.content, !text.isEmpty else { return mismatch("one of " + allowed.joined(separator: ", ")) }
      fail(unknownNameMessage("found \(node.summary)", found: text, allowed: allowed))
      return nil
    }
    guard SupportedFeatures.supports(text, for: key, in: section) else {
      fail("\(quoted(text)) is \(SupportedFeatures.message); allowed: \(allowed.joined(separator: ", "))")
      return nil
    }
    return value
  }

  // MARK: - Lists and mappings

  var isEmptyMapping: Bool {
    if case .mapping(let entries) = node.content { entries.isEmpty } else { false }
  }

  func items(_ expectation: String) -> [ValueReader]? {
    guard case .list(let items) = node.content else { return mismatch(expectation) }
    return items.enumerated().map { ValueReader(node: $1, path: "\(path).\($0)", context: context) }
  }

  /// The entries of a mapping whose keys are names; bad names are noted and left out.
  func names(_ what: String, _ check: (String) -> String?) -> [(name: Located<String>, value: ValueReader)]? {
    guard case .mapping(let entries) = node.content else { return mismatch("a mapping from names of \(what) to what they are") }
    var result: [(name: Located<String>, value: ValueReader)] = []
    for entry in entries {
      let entryPath = path + "." + KeyPath.segment(entry.key)
      let place = SourcePlace(file: entry.keyOrigin.file, line: entry.keyOrigin.line, key: entryPath)
      if let complaint = check(entry.key) {
        context.note(place, "the name \(quoted(entry.key)) \(complaint)")
      } else {
        result.append((Located(entry.key, at: place), ValueReader(node: entry.value, path: entryPath, context: context)))
      }
    }
    return result
  }
}
