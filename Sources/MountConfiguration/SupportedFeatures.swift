// What the contract knows and this version does not do yet. To support a feature, delete its line.

enum SupportedFeatures {
  /// Keys that are refused wherever they stand in these sections.
  private static let laterKeys: [Section: Set<String>] = [
    .top: ["s3", "cache"],
    .source: ["s3", "from", "steps"],
  ]

  /// Values that are refused, by section and key.
  private static let laterValues: [Section: [String: Set<String>]] = [
    .source: ["format": ["dbn", "json", "jsonl", "csv"]]
  ]

  /// Ways of writing a value that are refused.
  enum Form: String {
    case remotePath = "a remote path"
  }
  private static let laterForms: Set<Form> = [.remotePath]

  static func supports(_ key: String, in section: Section) -> Bool { laterKeys[section]?.contains(key) != true }
  static func supports(_ value: String, for key: String, in section: Section) -> Bool { laterValues[section]?[key]?.contains(value) != true }
  static func supports(_ form: Form) -> Bool { !laterForms.contains(form) }

  static let message = "not supported by this version"
}
