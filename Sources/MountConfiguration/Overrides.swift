// Values from the command line: `--set views.train.batch_size=32`.

/// Puts values of `--set` into the tree of a file, before it is read.
struct Overrides {
  /// As messages name the value: `--set views.train.batch_size=32`.
  private let label: String
  private let keys: [String]
  private let value: ConfigurationNode

  /// - Throws: where `text` is no KEY=VALUE, or VALUE is no YAML.
  init(_ text: String) throws(ConfigurationError) {
    label = "--set " + escaped(text)
    let place = SourcePlace(file: label, line: nil, key: "")
    guard let equals = Self.firstEquals(text), let keys = KeyPath.keys(text[..<equals]) else {
      throw ConfigurationError(place, "expected KEY=VALUE with a key such as views.train.batch_size")
    }
    self.keys = keys
    let written = String(text[text.index(after: equals)...])
    let nothing = ConfigurationNode(content: .scalar(text: "", isPlain: true), origin: .init(file: label, line: nil))
    let path = keys.map(KeyPath.segment).joined(separator: ".")
    var repeated: [ConfigurationProblem] = []
    value = try YAMLReading.tree(of: written, file: label, hasLines: false, path: path) { repeated.append($0) } ?? nothing
    if !repeated.isEmpty { throw ConfigurationError(problems: repeated) }
  }

  /// The first `=` outside quotes.
  private static func firstEquals(_ text: String) -> String.Index? {
    var isQuoted = false
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      if text[index] == "=", !isQuoted { return index }
    }
    return nil
  }

  /// What the mapping at some depth of the path is.
  private enum Kind {
    case section(Section)
    case names(KnownKey.Content)
    /// Below what the table of keys describes.
    case free
  }

  func apply(to root: inout ConfigurationNode) throws(ConfigurationError) {
    try put(into: &root, at: 0, .section(.top))
  }

  private func problem(_ depth: Int, _ message: String) -> ConfigurationError {
    let path = keys[...min(depth, keys.count - 1)].map(KeyPath.segment).joined(separator: ".")
    return ConfigurationError(SourcePlace(file: label, line: nil, key: path), message)
  }

  private func put(into node: inout ConfigurationNode, at depth: Int, _ kind: Kind) throws(ConfigurationError) {
    guard depth < keys.count else {
      node = value
      return
    }
    let key = keys[depth]
    switch node.content {
    case .mapping(var entries):
      // The storage is let go of, so that entries are changed in place.
      node.content = .mapping([])
      try put(intoEntry: key, of: &entries, at: depth, kind)
      node.content = .mapping(entries)
    case .list(var items):
      guard let position = Int(key), (0...items.count).contains(position) else {
        throw problem(depth, "this is a list of \(items.count); expected a position from 0 to \(items.count)")
      }
      if position == items.count { items.append(empty) }
      try put(into: &items[position], at: depth + 1, .free)
      node.content = .list(items)
    case .scalar:
      throw problem(depth, "\(keys[..<depth].map(KeyPath.segment).joined(separator: ".")) is \(node.summary) and holds no keys")
    }
  }

  private func put(intoEntry key: String, of entries: inout [ConfigurationNode.Entry], at depth: Int, _ kind: Kind) throws(ConfigurationError) {
    let below = try kindBelow(kind, key, at: depth)
    if let position = entries.firstIndex(where: { $0.key == key }) {
      if depth == keys.count - 1 { entries[position].keyOrigin = .init(file: label, line: nil) }
      try put(into: &entries[position].value, at: depth + 1, below)
      return
    }
    if case .names = kind, depth < keys.count - 1 {
      throw problem(depth, unknownNameMessage("there is no \(quoted(key))", found: key, allowed: entries.map(\.key)))
    }
    var added = empty
    try put(into: &added, at: depth + 1, below)
    entries.append(.init(key: key, keyOrigin: .init(file: label, line: nil), value: added))
  }

  private func kindBelow(_ kind: Kind, _ key: String, at depth: Int) throws(ConfigurationError) -> Kind {
    switch kind {
    case .section(let section):
      guard let known = section.key(key) else {
        throw problem(
          depth, unknownNameMessage("unknown key", found: key, allowed: section.keys.map(\.name).filter { SupportedFeatures.supports($0, in: section) }))
      }
      return switch known.content {
      case .value: .free
      case .section(let section): .section(section)
      case .names, .namedValues: .names(known.content)
      }
    case .names(.names(let section)): return .section(section)
    case .names, .free: return .free
    }
  }

  private var empty: ConfigurationNode { ConfigurationNode(content: .mapping([]), origin: .init(file: label, line: nil)) }
}
