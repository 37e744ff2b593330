// The files of `.epochfs`.

import BatchAssembly
import BatchCache
import Glibc
import JSONParsing
import Platform
import ShardStore
import Synchronization
import Testing

@testable import FileTree

struct ControlContentTests {
  /// `NAME value` and `NAME{le="x"} value`, as a scraper reads them.
  static func metrics(_ text: String) throws -> [String: Double] {
    var values: [String: Double] = [:]
    var typed: Set<String> = []
    for line in text.split(separator: Character("\n")) {
      if line.hasPrefix("# TYPE ") { typed.insert(String(line.split(separator: Character(" "))[2])) }
      if line.hasPrefix("#") { continue }
      let parts = line.split(separator: Character(" "))
      try #require(parts.count == 2, "\(line)")
      let labelled = String(parts[0])
      try #require(labelled.contains("{mount=\""), "\(line)")
      // The mount's own label is the same on every line.
      let name = labelled.replacing(/\{mount="[^"]*",?/, with: "{").replacing("{}", with: "")
      #expect(values[name] == nil, "\(name) twice")
      let value: Double = try #require(Double(String(parts[1])), "\(line)")
      values[name] = value
      let bare = String(name.prefix { $0 != "{" })
      #expect(typed.contains { bare == $0 || bare.hasPrefix($0 + "_") }, "\(name) without a type")
    }
    return values
  }

  @Test func metricsAreThoseOfTheContract() throws {
    let rig = try TreeRig([stubView(source: StubSource([10, 10]))])
    let before = try Self.metrics(try rig.text(".epochfs/metrics"))
    for name in [
      "served_bytes_total", "decoded_bytes_total", "source_read_bytes_total", "shard_decodes_total", "cache_hits_total", "cache_misses_total", "cache_bytes",
      "errors_total", "passthrough",
    ] { #expect(before["epochfs_" + name] != nil, "\(name)") }
    #expect(before["epochfs_served_bytes_total"] == 0 && before["epochfs_shard_decodes_total"] == 0 && before["epochfs_passthrough"] == 0)
    #expect(before["epochfs_read_seconds_count"] == 0)
    let bytes = try rig.bytes("train/epoch-0/batch-0000.npy")
    _ = try rig.bytes("train/epoch-0/batch-0000.npy")
    let after = try Self.metrics(try rig.text(".epochfs/metrics"))
    #expect(after["epochfs_served_bytes_total"] == Double(2 * bytes.count))
    #expect(after["epochfs_cache_misses_total"] == 1 && (after["epochfs_cache_hits_total"] ?? 0) >= 1)
    #expect((after["epochfs_shard_decodes_total"] ?? 0) >= 1)
    #expect(after["epochfs_decoded_bytes_total"] == 160 * (after["epochfs_shard_decodes_total"] ?? 0))
    #expect((after["epochfs_cache_bytes"] ?? 0) > 0)
    // The time of a read is noted after its answer, by the thread that gave it.
    func readCount() throws -> Double { try Self.metrics(try rig.text(".epochfs/metrics"))["epochfs_read_seconds_count"] ?? 0 }
    for _ in 0..<2000 where try readCount() < 2 { usleep(1000) }
    #expect(try readCount() >= 2)
    rig.tree.control.isPassthrough.store(true, ordering: .relaxed)
    #expect(try Self.metrics(try rig.text(".epochfs/metrics"))["epochfs_passthrough"] == 1)
  }

  @Test func statusIsJSON() throws {
    let rig = try TreeRig([stubView(source: StubSource([10, 5, 0], name: "sou\"rce"))])
    let text = try rig.text(".epochfs/status.json")
    let bytes = Array(text.utf8)
    let span = bytes.span
    var reader = JSONReader(unsafe span.bytes)  // Sound: bytes of bytes.
    _ = try reader.skipValue()
    try reader.finish()
    let compact = text.filter { !$0.isWhitespace }
    for part in [
      #""version":"1.2.3""#, #""uptime_seconds":"#, #""memory":{"cap_bytes":\#(rig.assembler.budget.capByteCount),"used_bytes":"#, #""peak_bytes":"#,
      #""sources":{"sou\"rce":{"format":"stub","samples":15,"shards":3,"bytes":240}}"#,
    ] { #expect(compact.contains(part), "\(part) in \(compact)") }
  }

  @Test func configurationAsItWasGiven() throws {
    let rig = try TreeRig([stubView(source: StubSource([4]))])
    #expect(try rig.text(".epochfs/config.yaml") == "name: test\n")
    #expect(try rig.text(".epochfs/errors.jsonl") == "")
  }

  @Test func histogramsCount() throws {
    let histogram = LatencyHistogram()
    for nanoseconds in [0, 10_000, 10_001, 2_000_000, 20_000_000_000] as [UInt64] { histogram.record(nanoseconds: nanoseconds) }
    var text = PrometheusText(mount: "m")
    text.histogram("x_seconds", "h", histogram)
    let values = try Self.metrics(text.text)
    #expect(values["epochfs_x_seconds_bucket{le=\"1e-05\"}"] == 2 && values["epochfs_x_seconds_bucket{le=\"3e-05\"}"] == 3)
    #expect(values["epochfs_x_seconds_bucket{le=\"0.003\"}"] == 4 && values["epochfs_x_seconds_bucket{le=\"10.0\"}"] == 4)
    #expect(values["epochfs_x_seconds_bucket{le=\"+Inf\"}"] == 5 && values["epochfs_x_seconds_count"] == 5)
    #expect(abs((values["epochfs_x_seconds_sum"] ?? 0) - 20.002020001) < 1e-9)
  }

  @Test func labelsAreEscaped() {
    var text = PrometheusText(mount: "a\\")
    text.gauge("x", "h", label: "source", [("a\"b\\c\nd", 7), ("é", 8)])
    let first = "epochfs_x{mount=\"a\\\\\",source=\"a\\\"b\\\\c\\nd\"} 7\n"
    #expect(text.text == "# HELP epochfs_x h\n# TYPE epochfs_x gauge\n" + first + "epochfs_x{mount=\"a\\\\\",source=\"é\"} 8\n")
  }

  @Test func requestsAreCountedWhileTheyWaitAndTimed() throws {
    let accesses = Lock<[FileAccess]>([])
    let rig = try TreeRig([stubView(source: StubSource([10, 10]))]) { access in accesses.withLock { $0.append(access) } }
    _ = try rig.bytes("train/epoch-0/batch-0000.npy")
    func value(_ name: String) throws -> Double { try Self.metrics(try rig.text(".epochfs/metrics"))["epochfs_" + name] ?? -1 }
    for _ in 0..<2000 where try value("requests_in_progress") > 0 { usleep(1000) }
    #expect(try value("requests_in_progress") == 0)
    #expect(try value("open_seconds_count") == 1)
    #expect(try value("decode_seconds_count") == value("shard_decodes_total"))
    let found = accesses.withLock { $0 }
    #expect(found.first?.kind == .open && found.allSatisfy { $0.path == "train/epoch-0/batch-0000.npy" && $0.error == nil })
    #expect(found.count >= 2)
  }
}
