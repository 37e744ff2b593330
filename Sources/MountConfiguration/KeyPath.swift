// How the path to a value is written: `views.train.batch_size`, `sources."a.b".path.0`.

enum KeyPath {
  /// A key as part of a path: in quotes where it holds a dot, a quote, a space or what does not print.
  static func segment(_ key: String) -> String {
    let plain = !key.isEmpty && key.unicodeScalars.allSatisfy { $0 != "." && $0 != "\"" && $0 != " " && $0 != "=" && !isControl($0) }
    return plain ? escaped(key) : quoted(key)
  }

  /// The keys of a path; nil where a quote is not closed or a key is empty.
  static func keys(_ path: Substring) -> [String]? {
    var keys: [String] = []
    var rest = path
    while true {
      if rest.first == "\"" {
        rest.removeFirst()
        guard let end = rest.firstIndex(of: "\"") else { return nil }
        keys.append(String(rest[..<end]))
        rest = rest[rest.index(after: end)...]
        guard rest.isEmpty || rest.first == "." else { return nil }
      } else {
        let key = rest.prefix { $0 != "." }
        guard !key.isEmpty else { return nil }
        keys.append(String(key))
        rest = rest[key.endIndex...]
      }
      guard rest.first == "." else { return keys }
      rest.removeFirst()
    }
  }
}
