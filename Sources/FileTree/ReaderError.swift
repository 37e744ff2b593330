// A data error that a reader has met, for the log.

/// What `errors.jsonl` has as a line.
public struct ReaderError: Sendable, CustomStringConvertible {
  /// The file below the mount.
  public let path: String
  public let source: String
  /// The stored file's path; nil where none is to blame.
  public let shard: String?
  public let errno: Int32
  let message: String

  public var description: String { "\(path): \(message)" }
}
