// From the text of a file to its tree, with limits that hold for every input.

internal import Yams

/// Reads YAML (and so JSON) with Yams. Tags and merge keys are refused; anchors are allowed.
struct YAMLReading {
  /// The parser itself stops at 1000 levels.
  static let depthLimit = 64
  /// Of the tree with every alias written out, which can grow exponentially in the text.
  static let nodeLimit = 200_000

  /// As messages name it.
  let file: String
  /// False for values of `--set`.
  let hasLines: Bool
  private var nodeCount = 0
  private var repeatedKeys = RepeatedKeys("")
  /// Gets what does not end the reading.
  private let note: (ConfigurationProblem) -> Void

  /// The tree of the only document of `text`; nil where there is none.
  ///
  /// - Parameters:
  ///   - path: of the whole value, where it is a part of a configuration.
  ///   - note: told of keys that are written more than once; the tree has the first of them.
  static func tree(
    of text: String, file: String, hasLines: Bool = true, path: String = "", note: @escaping (ConfigurationProblem) -> Void
  ) throws(ConfigurationError) -> ConfigurationNode? {
    var reading = YAMLReading(file: file, hasLines: hasLines, note: note)
    // A byte order mark stands where libyaml, told that this is UTF-8, expects the document.
    let text = joiningSurrogateEscapes(text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text)
    // A key that is an alias is compared as a whole tree by Yams, with every alias written out: found first, in a tree without aliases.
    if text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) {
      var marked = String.UnicodeScalarView()
      marked.append(contentsOf: text.unicodeScalars.map { $0 == "*" ? aliasStandIn : $0 })
      if let node = try reading.compose(String(marked)) { try reading.checkKeys(node, depth: 1) }
    }
    guard let node = try reading.compose(text) else { return nil }
    return try reading.convert(node, depth: 1, path: path)
  }

  private init(file: String, hasLines: Bool, note: @escaping (ConfigurationProblem) -> Void) {
    self.file = file
    self.hasLines = hasLines
    self.note = note
  }

  // MARK: - Yams

  /// The document's node; keys that are repeated have a mark, which `repeatedKeys` knows.
  private mutating func compose(_ text: String) throws(ConfigurationError) -> Node? {
    repeatedKeys = RepeatedKeys(text)
    var text = text
    while true {
      do {
        // `.basic` has no rules: what a scalar means is decided by ScalarMeaning.
        return try Yams.compose(yaml: text, .basic, .default, .utf8)
      } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
        let (line, column) = (context.mark.line, context.mark.column)
        guard let key = duplicates.first, let marked = repeatedKeys.marking(text, key: key, line: line, column: column) else {
          let name = repeatedKeys.name(ofKey: duplicates.first ?? "")
          throw problem("written more than once in the same mapping", line: line, key: escaped(name))
        }
        text = marked
      } catch let error as YamlError {
        throw problem(error)
      } catch {
        throw problem("not valid YAML: \(escaped(String(describing: error)))", line: 1)
      }
    }
  }

  private func problem(_ message: String, line: Int?, key: String = "") -> ConfigurationError {
    ConfigurationError(SourcePlace(file: file, line: hasLines ? line : nil, key: key), message)
  }

  private func problem(_ error: YamlError) -> ConfigurationError {
    switch error {
    case .scanner(let context, let text, let mark, let yaml), .parser(let context, let text, let mark, let yaml),
      .composer(let context, let text, let mark, let yaml):
      let sentence = [context?.text, text].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
      return problem("not valid YAML: \(escaped(sentence)), column \(mark.column)\(Self.tabHint(text: yaml, line: mark.line))", line: mark.line)
    case .reader(let text, let offset, _, let yaml):
      let line = offset.map { yaml.prefix($0).count(where: \.isNewline) + 1 }
      return problem("not valid YAML: \(escaped(text))", line: line ?? 1)
    default:
      return problem("not valid YAML", line: 1)
    }
  }

  /// libyaml says of a tab that it is a character, but not which: nobody sees it in an editor. `line` is counted from 1.
  private static func tabHint(text: String, line: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(line - 1), lines[line - 1].prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") else { return "" }
    return "; the line begins with a tab, and YAML is indented with spaces only"
  }

  // MARK: - The tree

  private mutating func convert(_ node: Node, depth: Int, path: String) throws(ConfigurationError) -> ConfigurationNode {
    let (tag, mark) = Self.tagAndMark(node)
    let line = hasLines ? mark?.line : nil
    nodeCount += 1
    guard nodeCount <= Self.nodeLimit else { throw problem("more than \(Self.nodeLimit) values, counting aliases written out", line: mark?.line) }
    guard depth <= Self.depthLimit else { throw problem("nested more than \(Self.depthLimit) deep", line: mark?.line) }
    let isText = tag == "tag:yaml.org,2002:str"
    guard isText || Self.impliedTags.contains(tag) else { throw problem("the tag \(quoted(tag)) is not allowed; tags are not used here", line: mark?.line) }
    let origin = ConfigurationNode.Origin(file: file, line: line)
    switch node {
    case .scalar(let scalar):
      return ConfigurationNode(content: .scalar(text: scalar.string, isPlain: scalar.style == .plain && !isText), origin: origin)
    case .sequence(let items):
      var list: [ConfigurationNode] = []
      for (position, item) in items.enumerated() { list.append(try convert(item, depth: depth + 1, path: "\(path).\(position)")) }
      return ConfigurationNode(content: .list(list), origin: origin)
    case .mapping(let pairs):
      var entries: [ConfigurationNode.Entry] = []
      var positions: [String: Int] = [:]
      for (key, value) in pairs {
        guard case .scalar(let scalar) = key else { throw problem("a key must be a text", line: Self.tagAndMark(key).mark?.line ?? mark?.line) }
        let keyLine = scalar.mark?.line ?? mark?.line
        let name = repeatedKeys.name(ofKey: scalar.string)
        guard name != "<<" else {
          throw problem("merge keys are not allowed; write the keys out, or use an alias for a whole value", line: keyLine, key: "<<")
        }
        let keyOrigin = ConfigurationNode.Origin(file: file, line: hasLines ? keyLine : nil)
        let keyPath = path.isEmpty ? KeyPath.segment(name) : path + "." + KeyPath.segment(name)
        let entry = ConfigurationNode.Entry(key: name, keyOrigin: keyOrigin, value: try convert(value, depth: depth + 1, path: keyPath))
        if let first = positions[name] {
          noteRepeated(entry, path: keyPath, first: entries[first])
        } else {
          positions[name] = entries.count
          entries.append(entry)
        }
      }
      return ConfigurationNode(content: .mapping(entries), origin: origin)
    case .alias(let alias):
      throw problem("an alias that leads nowhere", line: alias.mark?.line)
    }
  }

  private func noteRepeated(_ entry: ConfigurationNode.Entry, path: String, first: ConfigurationNode.Entry) {
    let place = first.keyOrigin.line.map { "on line \($0)" } ?? "before"
    let message = "written more than once in the same mapping: \(entry.value.summary) here, \(first.value.summary) \(place); leave one of them out"
    note(ConfigurationProblem(SourcePlace(file: file, line: entry.keyOrigin.line, key: path), message))
  }

  /// Yams' names for what has no tag of its own, before and after it looked at a key.
  private static let impliedTags: Set<String> = ["", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"]

  private static func tagAndMark(_ node: Node) -> (tag: String, mark: Mark?) {
    switch node {
    case .scalar(let scalar): (scalar.tag.rawValue, scalar.mark)
    case .sequence(let items): (items.tag.rawValue, items.mark)
    case .mapping(let pairs): (pairs.tag.rawValue, pairs.mark)
    case .alias(let alias): (alias.tag.rawValue, alias.mark)
    }
  }

  // MARK: - Aliases as keys

  /// A private-use character that stands for `*` while keys are looked at.
  private static let aliasStandIn: Unicode.Scalar = "\u{F8FF}"

  private func checkKeys(_ node: Node, depth: Int) throws(ConfigurationError) {
    guard depth <= Self.depthLimit else { throw problem("nested more than \(Self.depthLimit) deep", line: Self.tagAndMark(node).mark?.line) }
    switch node {
    case .sequence(let items):
      for item in items { try checkKeys(item, depth: depth + 1) }
    case .mapping(let pairs):
      for (key, value) in pairs {
        guard case .scalar(let name) = key, name.style != .plain || repeatedKeys.name(ofKey: name.string).unicodeScalars.first != Self.aliasStandIn else {
          throw problem("a key must be a text, not an alias, a list or a mapping", line: Self.tagAndMark(key).mark?.line)
        }
        try checkKeys(value, depth: depth + 1)
      }
    case .scalar, .alias: break
    }
  }
}
