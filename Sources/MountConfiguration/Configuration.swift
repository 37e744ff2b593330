// What a configuration file says: the model that everything else is made from.

/// A whole configuration, checked as far as it can be without its sources.
public struct Configuration: Sendable {
  /// Of the format of the file; 1.
  public var version: Int
  public var name: Located<String>
  public var memory: Located<MemorySetting>
  public var threads: Located<ThreadSetting>
  public var serve: ServeMode
  public var verify: VerifyPolicy
  /// The folder of indexes of derived sources: absolute, not made yet.
  public var state: String
  /// Nil for the mounting user's.
  public var uid: UInt32?
  public var gid: UInt32?
  public var allowOther: Bool
  /// At least one, in the order of the file; names are unique.
  public var sources: [SourceConfiguration]
  /// At least one, in the order of the file; names are unique.
  public var views: [ViewConfiguration]

  /// The file as the user named it.
  public var file: String
  /// What works but is probably not meant. Not part of equality.
  public var warnings: [ConfigurationProblem]

  public func source(named name: String) -> SourceConfiguration? { sources.first { $0.name.value == name } }
  public func view(named name: String) -> ViewConfiguration? { views.first { $0.name.value == name } }
}

extension Configuration: Equatable {
  /// Equal in what they mean, wherever and however they were written.
  public static func == (a: Self, b: Self) -> Bool {
    a.version == b.version && a.name == b.name && a.memory == b.memory && a.threads == b.threads && a.serve == b.serve && a.verify == b.verify
      && a.state == b.state && a.uid == b.uid && a.gid == b.gid && a.allowOther == b.allowOther && a.sources == b.sources && a.views == b.views
  }
}

/// The cap of everything decoded or in flight.
public enum MemorySetting: Sendable, Equatable {
  /// A quarter of RAM, or of the cgroup's limit, whichever is less.
  case automatic
  /// At least 1.
  case bytes(Int)
}

/// The number of decoding threads.
public enum ThreadSetting: Sendable, Equatable {
  /// As many as cores.
  case automatic
  /// 1 to 1024.
  case count(Int)
}

/// How bytes reach the kernel.
public enum ServeMode: String, Sendable, CaseIterable {
  /// Passthrough where kernel and privileges allow it.
  case automatic = "auto"
  case passthrough, replies
}

/// When hashes and checksums are checked.
public enum VerifyPolicy: String, Sendable, CaseIterable {
  /// Fast ones while reading; slow ones in `check --deep`.
  case automatic = "auto"
  case always, never
}
