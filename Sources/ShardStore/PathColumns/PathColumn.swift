// Columns made from the paths of files: hive folders and `{name}` patterns.

/// One column whose value is the same in all rows of a file.
public struct PathColumn: Sendable, Equatable {
  public let name: String
  /// Of each file, in order; nil is null (`__HIVE_DEFAULT_PARTITION__`, or a file whose path does not say).
  public let texts: [String?]
  /// Whether `{name}` in the configuration made it, not a hive folder.
  public let isCaptured: Bool

  public init(name: String, texts: [String?], isCaptured: Bool) {
    self.name = name
    self.texts = texts
    self.isCaptured = isCaptured
  }
}
