// Why a shard cannot be served, and why a source cannot be opened.

/// A shard's data is damaged, truncated, missing or changed since the mount.
public struct ShardError: Error, Sendable, Equatable, CustomStringConvertible {
  public let source: String
  /// The shard's file.
  public let path: String
  /// What was found, where, and what was expected.
  public let message: String
  /// The rows of the shard that cannot be had; nil where that may be all. Empty where what cannot be had lies between two rows, before the bound.
  public let rows: Range<Int>?
  /// Nothing is wrong with the data: the cap had no room to read it.
  public let lacksMemory: Bool

  public init(source: String, path: String, message: String, rows: Range<Int>? = nil, lacksMemory: Bool = false) {
    self.lacksMemory = lacksMemory
    self.source = source
    self.path = path
    self.message = message
    self.rows = rows
  }

  /// The same about other rows: those of a source that is made from this one.
  func about(_ rows: Range<Int>?) -> ShardError { ShardError(source: source, path: path, message: message, rows: rows, lacksMemory: lacksMemory) }

  public var description: String { "source \(source): \(path): \(message)" }
}

/// A source that cannot be mounted: a path that is not there, an index that cannot be read, a declaration that the data contradicts.
public struct SourceError: Error, Sendable, CustomStringConvertible {
  /// Which part of the source's configuration is to blame.
  public enum Subject: Sendable, Equatable {
    case path
    /// One of several paths, by its place in the list.
    case listedPath(Int)
    case column(String)
  }
  public let subject: Subject
  public let message: String

  public init(_ subject: Subject, _ message: String) {
    self.subject = subject
    self.message = message
  }

  public var description: String { message }
}
