// Which batch: the name under which it is cached and shared by all paths that show the same rows.

/// One batch of one epoch of one view. The files of its tensors are made together.
///
/// Batch t of rank r of W holds the same rows as batch t*W + r of the epoch, so both paths are the same batch; only batches that wrap past the epoch's end differ.
public struct BatchKey: Hashable, Sendable {
  public let folder: FolderKey
  /// 0-based, counted over the whole epoch.
  public let ordinal: Int
  /// True where rows past the epoch's last are taken from its start, so that the batch is full.
  public let isWrapped: Bool

  public init(folder: FolderKey, ordinal: Int, isWrapped: Bool) {
    self.folder = folder
    self.ordinal = ordinal
    self.isWrapped = isWrapped
  }
}

/// One epoch of one view: batches of the same order. The orders of mosaicml-streaming deal out samples otherwise for every number of ranks: theirs have
/// a folder for each, and batch t of rank r of W is its batch t*W + r.
public struct FolderKey: Hashable, Sendable {
  /// The view's place in the configuration, 0-based.
  public let view: Int
  /// 0 for views without epochs.
  public let epoch: Int
  /// The ranks that share the epoch where its batches depend on them; else 1.
  public let worldSize: Int

  public init(view: Int, epoch: Int, worldSize: Int = 1) {
    self.view = view
    self.epoch = epoch
    self.worldSize = worldSize
  }
}

/// A shard of a source, for what is known about decoded shards.
struct ShardKey: Hashable {
  let view: Int
  let shard: Int
}
