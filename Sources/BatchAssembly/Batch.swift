// A batch that is ready, and why one is not.

public import BatchCache
public import ShardStore

/// The files of one batch, complete and immutable: one buffer a tensor, in the view's order.
public final class Batch: Sendable {
  public let key: BatchKey
  public let files: [BatchBuffer]

  /// For the objects around the files; stays charged with them.
  private let overhead: SharedCharge?

  init(key: BatchKey, files: [BatchBuffer], overhead: SharedCharge?) {
    self.key = key
    self.files = files
    self.overhead = overhead
  }
}

/// Why a batch cannot be had.
public enum BatchError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A shard it needs is damaged, truncated, missing or changed.
  case shard(ShardError)
  /// A row's value does not fit the tensor; the message says which sample, tensor and value.
  case value(ShardError)
  /// The machine has no memory left for it.
  case noMemory(String)
  /// The mount is going away.
  case stopping

  public var description: String {
    switch self {
    case .shard(let error), .value(let error): error.description
    case .noMemory(let message): message
    case .stopping: "the mount is stopping"
    }
  }
}
