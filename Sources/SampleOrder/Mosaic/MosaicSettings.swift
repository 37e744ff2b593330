// What decides about an order of mosaicml-streaming 0.13, whose streams and batches this folder makes again to the bit.
// The words are that project's: https://docs.mosaicml.com/projects/streaming, "Shuffling", "Mixing data sources", "Elastic determinism".

/// The names are `StreamingDataset(shuffle_algo=...)`'s.
public enum MosaicAlgorithm: String, Sendable, CaseIterable {
  /// All samples among each other.
  case naive
  /// Inside each shard part.
  case py1s
  /// Inside each shard, and again inside each shard part.
  case py2s
  /// Inside blocks of random length.
  case py1br
  /// Inside each shard part; then every sample moves by a random distance.
  case py1e
}

/// `batching_method`: how streams share the batches.
public enum MosaicBatching: String, Sendable, CaseIterable {
  case random, stratified
  case perStream = "per_stream"
  case devicePerStream = "device_per_stream"
}

/// `sampling_method`: whether the samples that are used change with the epoch where not all are.
public enum MosaicSampling: String, Sendable, CaseIterable {
  case balanced, fixed
}

public struct MosaicSettings: Sendable, Equatable {
  public var algorithm: MosaicAlgorithm
  /// `shuffle_seed`
  public var seed: UInt64
  /// `shuffle_block_size`, in samples; 1 or more.
  public var blockSampleCount: Int
  /// `num_canonical_nodes`; 1 or more.
  public var canonicalNodeCount: Int
  /// Physical nodes; 1 or more. A world whose ranks do not divide over them has no batches, but for the world of one.
  public var nodeCount = 1
  public var batching = MosaicBatching.random
  public var sampling = MosaicSampling.balanced
  /// `sampling_granularity`, in samples; 1 or more.
  public var granularity = 1
  /// `epoch_size`, in samples, 1 or more; nil for what the weights say.
  public var epochSampleCount: Int?
  /// Samples of a batch of one rank; 1 or more.
  public var batchSize: Int
  /// Whether a rank's short last batch is left out.
  public var dropLast = false

  public init(algorithm: MosaicAlgorithm, seed: UInt64, blockSampleCount: Int, canonicalNodeCount: Int, batchSize: Int) {
    self.algorithm = algorithm
    self.seed = seed
    self.blockSampleCount = blockSampleCount
    self.canonicalNodeCount = canonicalNodeCount
    self.batchSize = batchSize
  }
}
