// Paths as users write them: environment variables, relative to the configuration's folder.

enum PathExpansion {
  /// PATH_MAX of Linux.
  private static let byteLimit = 4096
  private static let depthLimit = 8

  /// Why a path cannot be used.
  struct Failure: Error { var message: String }

  /// `${NAME}`, `${NAME:-default}` and `$$` are replaced, then the path is made absolute with `folder`; `.` and doubled slashes are dropped, `..` is kept.
  ///
  /// A variable that is set but empty counts as unset, as in a shell's `:-`.
  /// - Parameter isPattern: the result is read as a pattern, in which `folder` stands for itself whatever its name.
  static func expand(_ text: String, folder: String, environment: [String: String], isPattern: Bool = false) throws(Failure) -> String {
    let path = try substitute(Substring(text), environment, depth: 0)
    guard !path.isEmpty else { throw Failure(message: "the path \(quoted(text)) is empty") }
    guard path.first != "~" else { throw Failure(message: "~ is not expanded; write ${HOME} in \(quoted(text)), or ./~ for a folder of that name") }
    guard !path.utf8.contains(0) else { throw Failure(message: "the path \(quoted(text)) holds a NUL") }
    if let scheme = scheme(path) {
      guard scheme == "s3" else { throw Failure(message: "\(quoted(path)): the scheme \(scheme):// is not known; allowed: a path of this machine, s3://") }
      return path
    }
    let absolute = cleaned(path.hasPrefix("/") ? path : (isPattern ? literally(folder) : folder) + "/" + path)
    guard absolute.utf8.count < byteLimit else { throw Failure(message: "the path \(quoted(text)) is longer than \(byteLimit - 1) bytes") }
    return absolute
  }

  /// The opposite of substitution, for a path that is written back.
  static func protecting(_ path: String) -> String { path.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$") }

  /// The pattern that only `path` matches: what patterns are made of stands in brackets, `[*]`.
  private static func literally(_ path: String) -> String { path.map { "*?[{".contains($0) ? "[\($0)]" : String($0) }.joined() }

  static func isRemote(_ path: String) -> Bool { scheme(path) != nil }

  private static func scheme(_ path: String) -> String? {
    guard let colon = path.firstIndex(of: ":"), path[colon...].hasPrefix("://"), colon > path.startIndex else { return nil }
    let scheme = path[..<colon]
    return scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) ? scheme.lowercased() : nil
  }

  static func cleaned(_ path: String) -> String {
    "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "_")
  }

  private static func substitute(_ text: Substring, _ environment: [String: String], depth: Int) throws(Failure) -> String {
    guard depth < depthLimit else { throw Failure(message: "defaults are nested more than \(depthLimit) deep") }
    var result = ""
    var rest = text
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[rest.index(after: dollar)...]
      if rest.first == "$" {
        result += "$"
        rest.removeFirst()
        continue
      }
      guard rest.first == "{", let end = closingBrace(rest) else {
        throw Failure(message: "found $ in \(quoted(String(text))); write ${NAME} or ${NAME:-default} for a variable, $$ for a dollar sign")
      }
      let inner = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      result += try value(inner, environment, depth: depth)
    }
    return result + rest
  }

  /// The value of what stands between the braces.
  private static func value(_ inner: Substring, _ environment: [String: String], depth: Int) throws(Failure) -> String {
    let name = inner.prefix(while: isNameCharacter)
    let after = inner[name.endIndex...]
    guard !name.isEmpty, name.first?.isNumber == false, after.isEmpty || after.hasPrefix(":-") else {
      throw Failure(message: "found ${\(escaped(String(inner)))}; expected ${NAME} or ${NAME:-default}")
    }
    let value = environment[String(name)] ?? ""
    if !value.isEmpty { return value }
    guard !after.isEmpty else {
      let state = environment[String(name)] == nil ? "not set" : "empty"
      throw Failure(message: "the environment variable \(name) is \(state); set it, or write ${\(name):-default}")
    }
    return try substitute(after.dropFirst(2), environment, depth: depth + 1)
  }

  /// Where the brace that `text` begins with is closed, over nested ones.
  private static func closingBrace(_ text: Substring) -> Substring.Index? {
    var depth = 0
    for index in text.indices {
      if text[index] == "{" { depth += 1 }
      if text[index] == "}" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }
}
