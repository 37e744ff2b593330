// Which names may stand in file names and messages.

/// Each answers what is wrong with a name, as the end of a sentence, or nil.
enum NameRules {
  /// A name is part of a path: NAME_MAX of Linux.
  private static let byteLimit = 255
  /// A tensor's name stands between `batch-<up to 19 digits>.` and `.offsets.npy`.
  private static let tensorByteLimit = 200

  /// Names of sources, columns, channels, mounts.
  static func plain(_ name: String) -> String? {
    if name.isEmpty { return "is empty" }
    if name.utf8.count > byteLimit { return "is longer than \(byteLimit) bytes" }
    if name.unicodeScalars.contains(where: isControl) { return "holds a control character" }
    return nil
  }

  /// One folder at the top of the mount.
  static func view(_ name: String) -> String? {
    if let complaint = plain(name) { return complaint }
    if name.contains("/") { return "holds a slash; a view is one folder at the top of the mount" }
    if name == "." { return nil }
    if name.hasPrefix(".") { return "begins with a dot" }
    return nil
  }

  /// The NAME of `batch-0000.NAME.npy`.
  static func tensor(_ name: String) -> String? {
    if let complaint = plain(name) { return complaint }
    if name.utf8.count > tensorByteLimit { return "is longer than \(tensorByteLimit) bytes" }
    if name.contains("/") { return "holds a slash; it is part of a file name" }
    if name.hasPrefix(".") { return "begins with a dot" }
    for part in ["offsets", "values"] where name == part || name.hasSuffix("." + part) {
      return "ends as the files of ragged columns do (.\(part).npy)"
    }
    return nil
  }

  static func channel(_ name: String) -> String? { name == "*" ? "means every channel and can name none" : plain(name) }

  /// A channel, or `*` for every one.
  static func transformKey(_ name: String) -> String? { name == "*" ? nil : channel(name) }
}
