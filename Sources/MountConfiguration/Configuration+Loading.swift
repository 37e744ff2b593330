// From a file, the command line and the environment to a configuration.

extension Configuration {
  /// Reads a configuration file.
  ///
  /// - Parameters:
  ///   - path: of a YAML or JSON file of at most 1 MiB; messages name it so.
  ///   - overrides: the values of `--set`, each `KEY=VALUE` with the path of a key and YAML; applied in turn.
  ///   - environment: for `${NAME}` in paths.
  /// - Throws: all problems that were found.
  public static func load(path: String, overrides: [String] = [], environment: [String: String]) throws(ConfigurationError) -> Configuration {
    let text: String
    do {
      text = try ConfigurationFile.text(path)
    } catch {
      let message: String
      var line: Int?
      switch error {
      case .cannotRead(let reason): message = "the configuration cannot be read: \(reason)"
      case .tooLarge: message = "the configuration is larger than \(ByteSize.text(ConfigurationFile.byteLimit))"
      case .notUTF8(let found): (message, line) = ("the configuration is not UTF-8", found)
      }
      throw ConfigurationError(SourcePlace(file: path, line: line, key: ""), message)
    }
    return try parse(text, file: path, folder: ConfigurationFile.folder(of: path), overrides: overrides, environment: environment)
  }

  /// Reads the text of a configuration; `folder` (absolute) is where relative paths begin.
  public static func parse(
    _ text: String, file: String, folder: String, overrides: [String] = [], environment: [String: String] = [:]
  ) throws(ConfigurationError) -> Configuration {
    guard text.utf8.count <= ConfigurationFile.byteLimit else {
      throw ConfigurationError(SourcePlace(file: file, line: nil, key: ""), "the configuration is larger than \(ByteSize.text(ConfigurationFile.byteLimit))")
    }
    let context = ReadingContext(folder: folder, environment: environment)
    guard var root = try YAMLReading.tree(of: text, file: file, note: { context.note($0.place, $0.message) }) else {
      throw ConfigurationError(SourcePlace(file: file, line: 1, key: ""), "the configuration is empty")
    }
    for override in overrides { try Overrides(override).apply(to: &root) }
    let configuration = ConfigurationReader(context: context).configuration(ValueReader(node: root, path: "", context: context))
    if !context.problems.isEmpty { throw ConfigurationError(problems: context.problems, omittedProblemCount: context.omittedProblemCount) }
    guard var configuration else { throw ConfigurationError(SourcePlace(file: file, line: 1, key: ""), "the configuration is empty") }
    configuration.file = file
    configuration.warnings = context.warnings
    return configuration
  }

  /// The environment that this process was started with.
  public static var processEnvironment: [String: String] {
    let byteLimit = 16 << 20
    guard let bytes = try? ConfigurationFile.bytes("/proc/self/environ", limit: byteLimit) else { return [:] }
    var environment: [String: String] = [:]
    for variable in bytes.split(separator: 0) {
      guard let equals = variable.firstIndex(of: UInt8(ascii: "=")) else { continue }
      environment[String(decoding: variable[..<equals], as: UTF8.self)] = String(decoding: variable[(equals + 1)...], as: UTF8.self)
    }
    return environment
  }
}
