// A small data set of moving vessels: its size, and writing it.

public import MDSFormat

/// A data set in the form of documents/000: windows of vessel tracks in MDS folders, with a configuration that mounts them.
///
///     DIR/epochfs.yaml
///     DIR/mds/manifest.json
///     DIR/mds/worker_00/index.json, shard.00000.mds.zstd, ...
public struct SampleDataSet: Sendable, Equatable {
  public static let workerCount = 4
  /// So many samples fill the 64 MiB that mosaicml-streaming gives a shard.
  public static let allowedSamplesPerShard = 1...3600
  public static let allowedShardsPerWorker = 1...100_000
  public static let configurationName = "epochfs.yaml"

  public let shardsPerWorker: Int
  public let samplesPerShard: Int
  public let seed: UInt64

  /// - Throws: `.invalidCount`.
  public init(shardsPerWorker: Int = 2, samplesPerShard: Int = 120, seed: UInt64 = 42) throws(SampleDataError) {
    guard Self.allowedShardsPerWorker.contains(shardsPerWorker) else {
      throw .invalidCount("shards", found: shardsPerWorker, allowed: Self.allowedShardsPerWorker)
    }
    guard Self.allowedSamplesPerShard.contains(samplesPerShard) else {
      throw .invalidCount("samples per shard", found: samplesPerShard, allowed: Self.allowedSamplesPerShard)
    }
    self.shardsPerWorker = shardsPerWorker
    self.samplesPerShard = samplesPerShard
    self.seed = seed
  }

  public var shardCount: Int { Self.workerCount * shardsPerWorker }
  public var sampleCount: Int { shardCount * samplesPerShard }

  /// What was written.
  public struct Summary: Sendable, Equatable {
    public internal(set) var sampleCount = 0
    public internal(set) var shardCount = 0
    /// The bytes of the samples as they are used.
    public internal(set) var sampleByteCount = 0
    /// The bytes of the shards on disk.
    public internal(set) var storedByteCount = 0
  }

  /// Writes the data set to `folder`, which must not exist or be empty, and appears whole or not at all.
  ///
  /// `progress` is told the samples done after each and answers whether to go on.
  /// - Throws: any `SampleDataError` but `.invalidCount`.
  public func write(to folder: String, progress: (_ samplesDone: Int) -> Bool = { _ in true }) throws(SampleDataError) -> Summary {
    var staged = try StagedFolder(target: folder)
    var summary = Summary()
    try staged.makeFolder("mds")
    for worker in 0..<Self.workerCount {
      let path = "mds/\(Self.workerName(worker))"
      try staged.makeFolder(path)
      do throws(MDSError) {
        var writer = try MDSShardWriter(columns: [MDSColumn(name: "features", encoding: .bytes, fixedByteCount: nil)], compressionLevel: 3)
        for shard in 0..<shardsPerWorker {
          let begin = (worker * shardsPerWorker + shard) * samplesPerShard
          for sample in begin..<begin + samplesPerShard {
            
          }
        }
      } catch { throw .shard(error) }
    }
    return summary
  }
}
