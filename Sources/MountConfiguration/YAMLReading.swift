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

  /// The tree of the only document of `text`; nil where there is none.
  static func tree(of text: String, file: String, hasLines: Bool = true) throws(ConfigurationError) -> ConfigurationNode? {
    var reading = YAMLReading(file: file, hasLines: hasLines)
    // A byte order mark stands where libyaml, told that this is UTF-8, expects the document.
    let text = joiningSurrogateEscapes(text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text)
    // A key that is an alias is compared as a whole tree by Yams, with every alias written out: found first, in a tree without aliases.
    if text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) {
      var marked = String.UnicodeScalarView()
      marked.append(contentsOf: text.unicodeScalars.map { $0 == "*" ? aliasStandIn : $0 })
      if let node = try reading.compose(String(marked)) { try reading.checkKeys(node, depth: 1) }
    }
    guard let node = try reading.compose(text) else { return nil }
    return try reading.convert(node, depth: 1)
  }

  private init(file: String, hasLines: Bool) {
    self.file = file
    self.hasLines = hasLines
  }

  // MARK: - Yams

  private func compose(_ text: String) throws(ConfigurationError) -> Node? {
    do {
      // `.basic` has no rules: what a scalar means is decided by ScalarMeaning.
      return try Yams.compose(yaml: text, .basic, .default, .utf8)
    } catch let error as YamlError {
      throw problem(error)
    } catch {
      throw problem("not valid YAML: \(escaped(String(describing: error)))", line: 1)
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
    case .duplicatedKeysInMapping(let duplicates, let context):
      return problem("written more than once in the same mapping", line: context.mark.line, key: duplicates.first.map(escaped) ?? "")
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

  private mutating func convert(_ node: Node, depth: Int) throws(ConfigurationError) -> ConfigurationNode {
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
      for item in items { list.append(try convert(item, depth: depth + 1)) }
      return ConfigurationNode(content: .list(list), origin: origin)
    case .mapping(let pairs):
      var entries: [ConfigurationNode.Entry] = []
      var seen: Set<String> = []
      for (key, value) in pairs {
        guard case .scalar(let name) = key else { throw problem("a key must be a text", line: Self.tagAndMark(key).mark?.line ?? mark?.line) }
        let keyLine = name.mark?.line ?? mark?.line
        guard seen.insert(name.string).inserted else { throw problem("written more than once in the same mapping", line: keyLine, key: escaped(name.string)) }
        guard name.string != "<<" else {
          throw problem("merge keys are not allowed; write the keys out, or use an alias for a whole value", line: keyLine, key: "<<")
        }
        let keyOrigin = ConfigurationNode.Origin(file: file, line: hasLines ? keyLine : nil)
        entries.append(.init(key: name.string, keyOrigin: keyOrigin, value: try convert(value, depth: depth + 1)))
      }
      return ConfigurationNode(content: .mapping(entries), origin: origin)
    case .alias(let alias):
      throw problem("an alias that leads nowhere", line: alias.mark?.line)
    }
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
        guard case .scalar(let name) = key, name.style != .plain || name.string.unicodeScalars.first != Self.aliasStandIn else {
          throw problem("a key must be a text, not an alias, a list or a mapping", line: Self.tagAndMark(key).mark?.line)
        }
        try checkKeys(value, depth: depth + 1)
      }
    case .scalar, .alias: break
    }
  }
}
