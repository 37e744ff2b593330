// `epochfs sample DIR`: something to try everything on.

internal import ArgumentParser
internal import Platform
internal import SampleData

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Writes a small AIS-like data set and a configuration that mounts it.",
    discussion: """
      Makes tracks of moving vessels, cut into windows of 928 positions x (lat, lon, sog, cog, dt_seconds), float32: DIR/mds holds them as MDS shards \
      in four worker folders, DIR/materialized/validation.parquet holds others to validate with, DIR/epochfs.yaml mounts them. The same seed gives the same samples on every machine. DIR appears when it is complete.
      """)

  @Argument(help: "The folder to make; it must not exist, or be empty.", completion: .directory)
  var directory: String

  @Option(name: .customLong("shards"), help: "Shards in each of the \(SampleDataSet.workerCount) worker folders.")
  var shardsPerWorker = 2

  @Option(help: "Samples in each shard, \(SampleDataSet.allowedSamplesPerShard.upperBound) at most; 18,560 bytes each.")
  var samplesPerShard = 120

  @Option(name: .customLong("validation"), help: "Samples in validation.parquet, \(SampleDataSet.allowedValidationSamples.upperBound) at most.")
  var validationSampleCount = 200

  @Option(help: "What the vessels are drawn from.")
  var seed: UInt64 = 42

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    guard !directory.isEmpty else { throw ValidationError("the folder has no name") }
    _ = try dataSet()
  }

  func run() throws {
    let dataSet = try dataSet()
    var bar = ProgressBar("Sampling", total: dataSet.totalSampleCount, unit: .items("window"), style: progress.progress)
    do throws(SampleDataError) {
      let summary = try write(dataSet, &bar)
      bar.finish()
      print(report(summary))
    } catch {
      bar.abandon()
      StandardError.write("epochfs sample: \(error)\n")
      throw ExitCode.failure
    }
  }

  private func write(_ dataSet: SampleDataSet, _ bar: inout ProgressBar) throws(SampleDataError) -> SampleDataSet.Summary {
    let signals = PendingSignals()
    return try dataSet.write(to: directory) { samplesDone in
      bar.update(samplesDone)
      return !signals.isAskedToStop
    }
  }

  private func dataSet() throws -> SampleDataSet {
    do throws(SampleDataError) {
      return try SampleDataSet(shardsPerWorker: shardsPerWorker, samplesPerShard: samplesPerShard, validationSampleCount: validationSampleCount, seed: seed)
    } catch { throw ValidationError("\(error)") }
  }

  private func report(_ summary: SampleDataSet.Summary) -> String {
    let configuration = ShellWord.quoted(
      directory.hasSuffix("/") ? directory + SampleDataSet.configurationName : "\(directory)/\(SampleDataSet.configurationName)")
    return """
      \(ItemCount.text(summary.sampleCount, "window")) in \(ItemCount.text(summary.shardCount, "shard")), \(summary.validationSampleCount) in validation.parquet: \(ByteCount.text(summary.sampleByteCount)), \(ByteCount.text(summary.storedByteCount)) on disk.

      Try next:
        epochfs tree \(configuration) --depth 2
        mkdir -p /tmp/ais
        epochfs mount \(configuration) /tmp/ais
        ls /tmp/ais/train/epoch-0
        python3 -c "import numpy; print(numpy.load('/tmp/ais/train/epoch-0/batch-0000.input.npy').shape)"
        epochfs unmount /tmp/ais
      """
  }
}

/// Words for a POSIX shell.
enum ShellWord {
  /// `text` as it is where a shell takes it as it is, else in quotation marks.
  static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: "/._-+,:@%=".utf8.contains(byte)
      }
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
