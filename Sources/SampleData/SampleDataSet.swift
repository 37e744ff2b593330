// A small data set of moving vessels: its size, and writing it.

internal import Compression
internal import MDSFormat

/// A data set in the form of documents/000: windows of vessel tracks in MDS folders, others to validate with in a Parquet file, and a configuration that mounts them.
///
///     DIR/epochfs.yaml
///     DIR/mds/manifest.json
///     DIR/mds/worker_00/index.json, shard.00000.mds.zstd, ...
///     DIR/materialized/validation.parquet
public struct SampleDataSet: Sendable, Equatable {
  public static let workerCount = 4
  /// So many samples fill the 64 MiB that mosaicml-streaming gives a shard.
  public static let allowedSamplesPerShard = 1...3600
  public static let allowedShardsPerWorker = 1...100_000
  /// Of the Parquet file, which is made in memory: 186 MB at most.
  public static let allowedValidationSamples = 1...10_000
  public static let configurationName = "epochfs.yaml"

  public let shardsPerWorker: Int
  public let samplesPerShard: Int
  /// Windows that follow those of the shards: no model that was trained on them has seen these.
  public let validationSampleCount: Int
  public let seed: UInt64

  /// - Throws: `.invalidCount`.
  public init(shardsPerWorker: Int = 2, samplesPerShard: Int = 120, validationSampleCount: Int = 200, seed: UInt64 = 42) throws(SampleDataError) {
    guard Self.allowedShardsPerWorker.contains(shardsPerWorker) else {
      throw .invalidCount("shards", found: shardsPerWorker, allowed: Self.allowedShardsPerWorker)
    }
    guard Self.allowedSamplesPerShard.contains(samplesPerShard) else {
      throw .invalidCount("samples per shard", found: samplesPerShard, allowed: Self.allowedSamplesPerShard)
    }
    guard Self.allowedValidationSamples.contains(validationSampleCount) else {
      throw .invalidCount("validation samples", found: validationSampleCount, allowed: Self.allowedValidationSamples)
    }
    self.shardsPerWorker = shardsPerWorker
    self.validationSampleCount = validationSampleCount
    self.samplesPerShard = samplesPerShard
    self.seed = seed
  }

  public var shardCount: Int { Self.workerCount * shardsPerWorker }
  /// Of the shards.
  public var sampleCount: Int { shardCount * samplesPerShard }
  /// Of the shards and of the Parquet file.
  public var totalSampleCount: Int { sampleCount + validationSampleCount }

  /// What was written.
  public struct Summary: Sendable, Equatable {
    /// Samples in shards, and in the Parquet file.
    public internal(set) var sampleCount = 0
    public internal(set) var validationSampleCount = 0
    public internal(set) var shardCount = 0
    /// The bytes of all samples as they are used.
    public internal(set) var sampleByteCount = 0
    /// The bytes of shards and Parquet file on disk.
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
      try write(worker: worker, to: &staged, &summary) { samplesDone throws(SampleDataError) in
        guard progress(samplesDone) else { throw .interrupted(folder) }
      }
    }
    try staged.write(Array(manifest.utf8), to: "mds/manifest.json")
    try staged.makeFolder("materialized")
    try writeValidation(to: &staged, &summary) { samplesDone throws(SampleDataError) in
      guard progress(samplesDone) else { throw .interrupted(folder) }
    }
    try staged.write(Array(ConfigurationText.text(of: self).utf8), to: Self.configurationName)
    try staged.publish(["mds", "materialized", Self.configurationName])
    return summary
  }

  private func write(
    worker: Int, to staged: inout StagedFolder, _ summary: inout Summary, progress: (Int) throws(SampleDataError) -> Void
  ) throws(SampleDataError) {
    let folder = "mds/\(Self.workerName(worker))"
    try staged.makeFolder(folder)
    var writer = try Self.packing { () throws(MDSError) in
      try MDSShardWriter(columns: [MDSColumn(name: "features", encoding: .bytes, fixedByteCount: nil)], compressionLevel: Self.compressionLevel)
    }
    for shard in 0..<shardsPerWorker {
      let begin = (worker * shardsPerWorker + shard) * samplesPerShard
      for sample in begin..<begin + samplesPerShard {
        let window = TrackWindow.bytes(sample: sample, seed: seed)
        try save(try Self.packing { () throws(MDSError) in try writer.append([window]) }, in: folder, of: &staged, &summary)
        summary.sampleCount += 1
        summary.sampleByteCount += window.count
        try progress(summary.sampleCount)
      }
      try save(try Self.packing { () throws(MDSError) in try writer.finishShard() }, in: folder, of: &staged, &summary)
    }
    try staged.write(writer.indexBytes(), to: "\(folder)/index.json")
  }

  private func writeValidation(
    to staged: inout StagedFolder, _ summary: inout Summary, progress: (Int) throws(SampleDataError) -> Void
  ) throws(SampleDataError) {
    var writer = ParquetFileWriter(column: "features", length: TrackWindow.positionCount * TrackWindow.channels.count)
    for sample in sampleCount..<totalSampleCount {
      let window = TrackWindow.bytes(sample: sample, seed: seed)
      try Self.compressing { () throws(CompressionError) in try writer.append(window) }
      summary.validationSampleCount += 1
      summary.sampleByteCount += window.count
      try progress(summary.sampleCount + summary.validationSampleCount)
    }
    let bytes = try Self.compressing { () throws(CompressionError) in try writer.finish() }
    try staged.write(bytes, to: "materialized/validation.parquet")
    summary.storedByteCount += bytes.count
  }

  /// zstd's own default.
  private static let compressionLevel = 3

  private func save(_ shard: MDSWrittenShard?, in folder: String, of staged: inout StagedFolder, _ summary: inout Summary) throws(SampleDataError) {
    guard let shard else { return }
    try staged.write(shard.bytes, to: "\(folder)/\(shard.basename)")
    summary.shardCount += 1
    summary.storedByteCount += shard.bytes.count
  }

  private static func packing<Value>(_ body: () throws(MDSError) -> Value) throws(SampleDataError) -> Value {
    do throws(MDSError) { return try body() } catch { throw .shard(error) }
  }

  private static func compressing<Value>(_ body: () throws(CompressionError) -> Value) throws(SampleDataError) -> Value {
    do throws(CompressionError) { return try body() } catch { throw .shard(.compressionFailed(error)) }
  }

  private static func workerName(_ worker: Int) -> String { worker < 10 ? "worker_0\(worker)" : "worker_\(worker)" }

  /// What documents/000 puts beside the folders.
  private var manifest: String {
    let workers = (0..<Self.workerCount).map { "\"\(Self.workerName($0))\"" }.joined(separator: ", ")
    let channels = TrackWindow.channels.map { "\"\($0)\"" }.joined(separator: ", ")
    return """
      {
        "num_workers": \(Self.workerCount),
        "total_samples": \(sampleCount),
        "worker_dirs": [\(workers)],
        "window_size": \(TrackWindow.positionCount),
        "num_features": \(TrackWindow.channels.count),
        "feature_names": [\(channels)]
      }

      """
  }
}
