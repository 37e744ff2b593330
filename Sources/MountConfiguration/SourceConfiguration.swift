// What a configuration says about a source of samples.

public struct SourceConfiguration: Sendable, Equatable {
  public var name: Located<String>
  public var format: SourceFormat
  /// Directories, files or globs; at least one, in the order of the file.
  public var paths: [Located<SourcePath>]
  /// What the bytes of columns mean; in the order of the file, names are unique.
  public var columns: [ColumnDeclaration]
  public var filter: Located<String>?
  /// The source's own, or the top's.
  public var verify: VerifyPolicy
}

public enum SourceFormat: String, Sendable, CaseIterable {
  case mds, parquet, dbn, json, jsonl, csv
}

/// Where a source's files are. Two are equal when they lead to the same place, however they were written.
public struct SourcePath: Sendable, Equatable {
  /// As in the file, before variables were put in.
  public var written: String
  /// Absolute, with variables put in; globs and `..` as they were written. What would be a glob in the configuration's own folder stands in brackets.
  public var expanded: String

  public init(written: String, expanded: String) {
    self.written = written
    self.expanded = expanded
  }

  public static func == (a: Self, b: Self) -> Bool { a.expanded == b.expanded }
}

/// What the raw bytes of one column mean.
public struct ColumnDeclaration: Sendable, Equatable {
  public var name: Located<String>
  public var dtype: Located<ElementTypeName>?
  /// Of one sample, without the batch axis: at most 32 axes of at least 1; empty for a scalar.
  public var shape: Located<[Int]>?
  /// The names of the last axis: unique, as many as its length where `shape` is given.
  public var channels: Located<[String]>?
}

/// The element types of NumPy that can be named; of those that begin like a word that was written, the first is offered.
public enum ElementTypeName: String, Sendable, CaseIterable {
  case float32, float64, float16, int64, int32, int16, int8, uint8, uint16, uint32, uint64, bool

  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }
}
