// A value of the configuration together with the place it was written at.

/// A place in a configuration: `FILE:LINE: key`.
public struct SourcePlace: Sendable, Equatable {
  /// The file as the user named it, or `--set KEY=VALUE` for a value from the command line.
  public var file: String
  /// 1-based; nil where there is no line (a value of `--set`, a file that cannot be opened).
  public var line: Int?
  /// The path of keys, as `views.tasks.tensors.input.column`; positions in lists are numbers. Empty for the whole file.
  public var key: String

  public init(file: String, line: Int?, key: String) {
    self.file = file
    self.line = line
    self.key = key
  }
}

extension SourcePlace: CustomStringConvertible {
  public var description: String {
    let position = line.map { ":\($0)" } ?? ""
    return escaped(file) + position + (key.isEmpty ? "" : ": " + key)
  }
}

/// A value that may turn out wrong only when the sources are open, with the place to name then.
///
/// Two are equal when their values are: a place is not part of what a configuration means.
public struct Located<Value: Sendable & Equatable>: Sendable, Equatable {
  public var value: Value
  public var place: SourcePlace

  public init(_ value: Value, at place: SourcePlace) {
    self.value = value
    self.place = place
  }

  public static func == (a: Self, b: Self) -> Bool { a.value == b.value }

  /// The error that says `message` about this value.
  public func failure(_ message: String) -> ConfigurationError { ConfigurationError(place, message) }
}

extension Located<String> {
  /// The error for a name that is not one of `allowed`: `there is no column "featurs"; did you mean "features"? allowed: features, label`.
  public func unknown(_ what: String, allowed: [String]) -> ConfigurationError {
    failure(unknownNameMessage("there is no \(what) \(quoted(value))", found: value, allowed: allowed))
  }
}
