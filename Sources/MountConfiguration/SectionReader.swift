// Reads a mapping whose keys are known.

/// A mapping of the file: unknown keys are noted when it is made, values are asked for by key.
struct SectionReader {
  let value: ValueReader
  let section: Section
  private var entries: [String: ConfigurationNode.Entry] = [:]
  /// True when a key of a later version was refused: then a missing key is no news.
  private(set) var hasLaterKeys = false

  var place: SourcePlace { value.place }
  var context: ReadingContext { value.context }

  init?(_ value: ValueReader, _ section: Section) {
    self.value = value
    self.section = section
    let allowed = section.keys.map(\.name)
    guard case .mapping(let list) = value.node.content else {
      _ = value.mismatch("a mapping with keys among " + allowed.joined(separator: ", ")) as Never?
      return nil
    }
    for entry in list {
      if section.key(entry.key) == nil {
        let usable = allowed.filter { SupportedFeatures.supports($0, in: section) }
        context.note(placeOfKey(entry), unknownNameMessage("unknown key", found: entry.key, allowed: usable))
      } else if !SupportedFeatures.supports(entry.key, in: section) {
        hasLaterKeys = true
        context.note(placeOfKey(entry), SupportedFeatures.message)
      } else {
        entries[entry.key] = entry
      }
    }
  }

  private func path(_ key: String) -> String { value.path.isEmpty ? KeyPath.segment(key) : value.path + "." + KeyPath.segment(key) }

  private func placeOfKey(_ entry: ConfigurationNode.Entry) -> SourcePlace {
    SourcePlace(file: entry.keyOrigin.file, line: entry.keyOrigin.line, key: path(entry.key))
  }

  /// The place of a key that is given, or of this mapping under that key's name.
  func place(of key: String) -> SourcePlace {
    if let entry = entries[key] { return placeOfKey(entry) }
    return SourcePlace(file: place.file, line: place.line, key: path(key))
  }

  func has(_ key: String) -> Bool { entries[key] != nil }

  /// The value of `key`; nil where it is absent, and, noted, where it is empty.
  subscript(key: String) -> ValueReader? {
    guard let entry = entries[key] else { return nil }
    if case .scalar(let text, true) = entry.value.content, ScalarMeaning(text) == .nothing {
      context.note(placeOfKey(entry), "has no value; leave the key out to get its default")
      return nil
    }
    return ValueReader(node: entry.value, path: path(key), context: context)
  }

  /// The same; absence is noted too.
  func required(_ key: String) -> ValueReader? {
    if !has(key), !hasLaterKeys { context.note(place, "the key \(key) is missing") }
    return self[key]
  }

  // MARK: - Values with defaults

  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, default value: Choice) -> Choice {
    self[key]?.choice(Choice.self, for: key, in: section) ?? value
  }

  func boolean(_ key: String, default value: Bool) -> Bool { self[key]?.boolean() ?? value }

  func integer(_ key: String, _ range: ClosedRange<Int>, default value: Int) -> Int { self[key]?.integer(range) ?? value }

  func located<Value>(_ key: String, _ value: Value) -> Located<Value> { Located(value, at: place(of: key)) }
}
