// A batch that is ready, and why one is not.

public import BatchCache
public import ShardStore

/// The files of one batch, complete and immutable, in the view's order; of those that cannot show its rows the reason.
public final class Batch: Sendable {
  public typealias File = Result<BatchBuffer, BatchError>

  public let key: BatchKey
  public let files: [File]

  /// For the objects around the files; stays charged with them.
  let overhead: SharedCharge?

  init(key: BatchKey, files: [File], overhead: SharedCharge?) {
    self.key = key
    self.files = files
    self.overhead = overhead
  }

  /// The memory of each file; nil for those that failed.
  var buffers: [BatchBuffer?] { files.map { try? $0.get() } }
}

/// Why a batch, or a file of it, cannot be had.
public enum BatchError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A shard it needs is damaged, truncated, missing or changed.
  case shard(ShardError)
  /// A row's value cannot be shown in the file; the message says which sample, tensor and value.
  case value(ShardError)
  /// The machine has no memory left for it.
  case noMemory(String)
  /// The mount is going away.
  case stopping

  /// Whether the same would be found a moment later.
  var isLasting: Bool {
    switch self {
    case .shard, .value: true
    case .noMemory, .stopping: false
    }
  }

  public var description: String {
    switch self {
    case .shard(let error), .value(let error): error.description
    case .noMemory(let message): message
    case .stopping: "the mount is stopping"
    }
  }
}
