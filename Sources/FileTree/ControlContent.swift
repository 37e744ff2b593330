// What the files of `.epochfs` say at this moment.

public import BatchAssembly
internal import BatchCache
internal import JSONParsing
internal import Platform
internal import SampleOrder
public import ShardStore
public import Synchronization

/// The mount's own state, written as the files of `.epochfs`.
public final class ControlContent: Sendable {
  /// The effective configuration, secrets left out.
  private let configuration: [UInt8]
  let version: String
  /// True once batches are handed to the kernel.
  public let isPassthrough = Atomic<Bool>(false)
  public let servedByteCount = Atomic<Int>(0)
  public let openLatency = LatencyHistogram()
  public let readLatency = LatencyHistogram()
  public let errors = ErrorLog()
  private let assembler: BatchAssembler
  private let sources: [any ShardSource]
  private let begin = MonotonicClock.nanoseconds

  public init(configurationYAML: String, version: String, assembler: BatchAssembler, sources: [any ShardSource]) {
    configuration = Array(configurationYAML.utf8)
    self.version = version
    self.assembler = assembler
    self.sources = sources
  }

  func bytes(of file: ControlFile) -> [UInt8] {
    switch file {
    case .configuration: configuration
    case .status: status()
    case .metrics: Array(metrics().utf8)
    case .errors: errors.bytes
    }
  }

  private func status() -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.member("version", version)
      json.member("uptime_seconds", Double((MonotonicClock.nanoseconds - begin) / 1_000_000) / 1000)
      json.member("passthrough", isPassthrough.load(ordering: .relaxed))
      json.object("memory") { json in
        json.member("cap_bytes", assembler.budget.capByteCount)
        json.member("used_bytes", assembler.budget.usedByteCount)
        json.member("peak_bytes", assembler.budget.peakByteCount)
      }
      json.object("sources") { json in
        for source in sources {
          json.object(source.name) { json in
            json.member("format", source.formatName)
            json.member("samples", source.shards.sampleCount)
            json.member("shards", source.shards.shardCount)
            json.member("bytes", source.rawByteCount)
          }
        }
      }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private func metrics() -> String {
    let made = assembler.metrics
    func metric(_ name: String, _ type: String, _ help: String, _ value: Int) -> String {
      "# HELP epochfs_\(name) \(help)\n# TYPE epochfs_\(name) \(type)\nepochfs_\(name) \(value)\n"
    }
    return metric(
      "served_bytes_total", "counter", "Bytes handed to readers; a batch passed through counts at its open.", servedByteCount.load(ordering: .relaxed))
      + metric(
        "decoded_bytes_total", "counter", "Uncompressed bytes of the shards and pieces that were decoded.", made.decodedByteCount.load(ordering: .relaxed))
      + metric("source_read_bytes_total", "counter", "Bytes read from the stored shards.", made.sourceReadByteCount.load(ordering: .relaxed))
      + metric("shard_decodes_total", "counter", "Shards decoded.", made.shardDecodeCount.load(ordering: .relaxed))
      + metric(
        "piece_decodes_total", "counter", "Pieces of whole columns decoded, for `layout: arrays`.", made.pieceDecodeCount.load(ordering: .relaxed))
      + metric("cache_hits_total", "counter", "Requests for a batch or a piece of a column that was ready.", made.hitCount.load(ordering: .relaxed))
      + metric("cache_misses_total", "counter", "Requests for a batch or a piece that had to be made.", made.missCount.load(ordering: .relaxed))
      + metric("cache_bytes", "gauge", "Memory charged against the cap now.", assembler.budget.usedByteCount)
      + metric("errors_total", "counter", "Shards that could not be served, each time it was tried.", made.errorCount.load(ordering: .relaxed))
      + metric(
        "passthrough", "gauge", "1 where batches are handed to the kernel, 0 where they are sent by replies.", isPassthrough.load(ordering: .relaxed) ? 1 : 0)
      + metric(
        "decode_nanoseconds_total", "counter", "Time the decoding threads spent in reading, decoding and scattering shards.",
        Int(made.decodeNanoseconds.load(ordering: .relaxed)))
      + openLatency.text(name: "epochfs_open_seconds", help: "From an open to its answer.")
      + readLatency.text(name: "epochfs_read_seconds", help: "From a read to its answer.")
  }
}
