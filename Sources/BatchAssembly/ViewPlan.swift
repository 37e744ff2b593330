// What a view is: a source, the tensors of a row, the size of a batch and the order of an epoch. Immutable after the mount.

public import SampleOrder
public import ShardStore

public final class ViewPlan: Sendable {
  /// Its place in the configuration, 0-based.
  public let ordinal: Int
  public let name: String
  public let source: any ShardSource
  /// The columns of the source that its tensors need.
  public let sourceColumns: [Int]
  public let tensors: [TensorPlan]
  public let numbering: BatchNumbering
  public let order: OrderPlan
  /// How many epochs are listed; nil for a view without the epoch level.
  public let listedEpochCount: Int?
  /// The world size whose ranks are listed.
  public let listedRankCount: Int?
  /// The files of a batch of `batchSize` rows.
  private let fullLayout: BatchLayout

  public init(
    ordinal: Int, name: String, source: any ShardSource, sourceColumns: [Int], tensors: [TensorPlan], numbering: BatchNumbering, order: OrderPlan,
    listedEpochCount: Int?, listedRankCount: Int?
  ) {
    self.ordinal = ordinal
    self.name = name
    self.source = source
    self.sourceColumns = sourceColumns
    self.tensors = tensors
    self.numbering = numbering
    self.order = order
    self.listedEpochCount = listedEpochCount
    self.listedRankCount = listedRankCount
    fullLayout = BatchLayout(tensors, rowCount: numbering.batchSize)
  }

  public func epochOrder(_ epoch: Int) -> EpochOrder {
    EpochOrder(algorithm: order.algorithm, table: source.shards, seed: order.seed, epoch: epoch, blockSampleCount: order.blockSampleCount)
  }

  /// The rows of a batch: ranges of positions, in the order of its rows.
  public func runs(of key: BatchKey) -> [Range<Int>] {
    Array(numbering.runs(inGlobalBatch: key.ordinal, wrapping: key.isWrapped))
  }

  /// The files of a batch of `rowCount` rows.
  func layout(rowCount: Int) -> BatchLayout { rowCount == numbering.batchSize ? fullLayout : BatchLayout(tensors, rowCount: rowCount) }

  public func rowCount(of key: BatchKey) -> Int { numbering.runs(inGlobalBatch: key.ordinal, wrapping: key.isWrapped).rowCount }
}

/// The order's part of a view's configuration.
public struct OrderPlan: Sendable, Equatable {
  public let algorithm: OrderAlgorithm
  public let seed: UInt64
  /// Samples a block of the `window` order.
  public let blockSampleCount: Int

  public init(algorithm: OrderAlgorithm, seed: UInt64, blockSampleCount: Int) {
    self.algorithm = algorithm
    self.seed = seed
    self.blockSampleCount = blockSampleCount
  }
}
