// What the files of `.epochfs` say at this moment.

public import BatchAssembly
internal import BatchCache
internal import JSONParsing
public import Platform
internal import SampleOrder
public import ShardStore
public import Synchronization

/// The mount's own state, written as the files of `.epochfs`.
public final class ControlContent: Sendable {
  /// The effective configuration, secrets left out.
  private let configuration: [UInt8]
  /// The mount's name in the configuration.
  private let name: String
  let version: String
  /// True once batches are handed to the kernel.
  public let isPassthrough = Atomic<Bool>(false)
  public let servedByteCount = Atomic<Int>(0)
  /// Opens and reads of batches and arrays that are not answered yet.
  let requestsInProgress = Atomic<Int>(0)
  /// Opens and reads that were answered with EIO, and with ENOMEM.
  let failedCount = Atomic<Int>(0)
  let outOfMemoryCount = Atomic<Int>(0)
  public let openLatency = LatencyHistogram()
  public let readLatency = LatencyHistogram()
  public let errors = ErrorLog()
  private let assembler: BatchAssembler
  private let sources: [any ShardSource]
  private let begin = MonotonicClock.nanoseconds

  public init(name: String, configurationYAML: String, version: String, assembler: BatchAssembler, sources: [any ShardSource]) {
    self.name = name
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

  /// To the millisecond.
  private var uptimeSeconds: Double { Double((MonotonicClock.nanoseconds - begin) / 1_000_000) / 1000 }

  private func status() -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.member("version", version)
      json.member("uptime_seconds", uptimeSeconds)
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
    let budget = assembler.budget
    var text = PrometheusText(mount: name)
    text.counter(
      "served_bytes_total", "Bytes handed to readers; a batch passed through counts at its open.", servedByteCount.load(ordering: .relaxed))
    text.counter(
      "decoded_bytes_total", "Uncompressed bytes of the shards and pieces that were decoded.", made.decodedByteCount.load(ordering: .relaxed))
    text.counter("source_read_bytes_total", "Bytes read from the stored shards.", made.sourceReadByteCount.load(ordering: .relaxed))
    text.counter("shard_decodes_total", "Shards decoded.", made.shardDecodeCount.load(ordering: .relaxed))
    text.counter("piece_decodes_total", "Pieces of whole columns decoded, for `layout: arrays`.", made.pieceDecodeCount.load(ordering: .relaxed))
    text.counter("cache_hits_total", "Requests for a batch or a piece of a column that was ready.", made.hitCount.load(ordering: .relaxed))
    text.counter("cache_misses_total", "Requests for a batch or a piece that had to be made.", made.missCount.load(ordering: .relaxed))
    text.gauge("cache_bytes", "Memory charged against the cap now.", budget.usedByteCount)
    text.gauge("cache_peak_bytes", "The most memory that was charged against the cap at once.", budget.peakByteCount)
    text.gauge("memory_cap_bytes", "The cap: `memory` of the configuration.", budget.capByteCount)
    text.counter("errors_total", "Data errors that readers met: the lines that errors.jsonl got.", errors.lineCount)
    text.counter(
      "failed_requests_total", "Opens and reads of batches and arrays that were answered with an error.", label: "errno",
      [("EIO", failedCount.load(ordering: .relaxed)), ("ENOMEM", outOfMemoryCount.load(ordering: .relaxed))])
    text.gauge(
      "passthrough", "1 where batches are handed to the kernel, 0 where they are sent by replies.", isPassthrough.load(ordering: .relaxed) ? 1 : 0)
    text.gauge("requests_in_progress", "Opens and reads that wait for their answer now.", requestsInProgress.load(ordering: .relaxed))
    text.gauge("decoding_threads", "Threads that decode.", assembler.workerCount)
    text.histogram("open_seconds", "From an open of a batch or array to its answer.", openLatency)
    text.histogram("read_seconds", "From a read of a batch or array to its answer.", readLatency)
    text.histogram("decode_seconds", "From the beginning of a shard's or a piece's decoding to its end.", made.decodeLatency)
    text.gauge("source_samples", "Samples of a source.", label: "source", sources.map { ($0.name, $0.shards.sampleCount) })
    text.gauge("source_shards", "Shards of a source.", label: "source", sources.map { ($0.name, $0.shards.shardCount) })
    text.gauge("source_bytes", "Uncompressed bytes of a source.", label: "source", sources.map { ($0.name, $0.rawByteCount) })
    text.gauge("build_info", "1; the label says which version runs.", label: "version", [(version, 1)])
    text.gauge("uptime_seconds", "Seconds since the mount.", uptimeSeconds)
    return text.text
  }
}
