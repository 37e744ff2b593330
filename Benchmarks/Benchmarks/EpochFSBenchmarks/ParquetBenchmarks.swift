// How fast do Parquet's pages become rows, and single encodings values?

import BatchCache
import Benchmark
import Foundation
import NumPyFormat
import ParquetEncodings
import SampleData
import ShardStore

private let sampleCount = 900
private let valueCount = 1 << 20

func parquetBenchmarks() {
  stripeBenchmark()
  encodingBenchmark("Parquet: dictionary of 1000 float32, indexes of 10 bits", ParquetPages.indexes()) { data, output throws(EncodingError) in
    let entries = ParquetPages.entries.span
    // Sound, here and below: bytes of bytes.
    try unsafe DictionaryIndexes.decode(data, count: valueCount, dictionary: entries.bytes, valueByteCount: 4, into: &output)
  }
  encodingBenchmark("Parquet: 10 bits unpacked to 32", ParquetPages.random(valueCount * 10 / 8)) { data, output in
    BitUnpacker.unpack32(data, bitWidth: 10, count: valueCount, into: &output)
  }
  encodingBenchmark("Parquet: BYTE_STREAM_SPLIT of float32", ParquetPages.random(valueCount * 4)) { data, output throws(EncodingError) in
    try ByteStreamSplit.decode(data, values: 0..<valueCount, valueByteCount: 4, into: &output)
  }
}

/// The rows of a FixedSizeList column, where they lie in their pages: what is before they are scattered to batches.
private func stripeBenchmark() {
  var source: (any ShardSource)?
  var workspace: DecodeWorkspace?
  var folder: URL?
  let decode = Benchmark("Parquet: zstd pages of lists from file to rows found", byteCount: sampleCount * SampleShards.sampleByteCount) {
    guard let source, let workspace else { return }
    var rowCount = 0
    for shard in 0..<source.shards.shardCount {
      let request = ShardRequest(shard: shard, columns: [0], rows: 0..<source.shards.count(of: shard), keeping: 0..<0)
      _ = try? source.decode(request, with: workspace) { _, rows in rowCount += rows.count }
    }
    precondition(rowCount == sampleCount, "the file cannot be decoded")
  }
  decode?.configuration.setup = {
    let made = FileManager.default.temporaryDirectory.appending(path: "epochfs-benchmarks-\(UUID().uuidString)")
    _ = try SampleDataSet(shardsPerWorker: 1, samplesPerShard: 1, validationSampleCount: sampleCount, seed: 1).write(to: made.path)
    folder = made
    let path = made.appending(path: "materialized/validation.parquet").path
    let opened = try ParquetSource(name: "benchmark", paths: [path], declarations: [], verification: .never).projected(to: [0])
    source = opened
    workspace = DecodeWorkspace(demand: opened.largestDemand(columns: [0]), budget: MemoryBudget(capByteCount: 1 << 30))
  }
  decode?.configuration.teardown = { if let folder { try FileManager.default.removeItem(at: folder) } }
}

/// `decode` turns `stored` into `valueCount` values of four bytes.
private func encodingBenchmark(_ name: String, _ stored: [UInt8], _ decode: @escaping (RawSpan, inout MutableRawSpan) throws(EncodingError) -> Void) {
  var values = [UInt8](repeating: 0, count: valueCount * 4)
  Benchmark(name, byteCount: values.count) {
    let input = stored.span
    var output = values.mutableSpan
    // Sound: bytes of bytes.
    var bytes = unsafe output.mutableBytes
    precondition((try? decode(unsafe input.bytes, &bytes)) != nil, "the values cannot be decoded")
  }
}

/// Bodies of pages without levels.
private enum ParquetPages {
  /// 1000 values of four bytes.
  static let entries = random(4000)

  static func random(_ byteCount: Int) -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  /// The width, then one run of bit-packed indexes (Encodings.md, "Run Length Encoding / Bit-Packing Hybrid").
  static func indexes() -> [UInt8] {
    var bytes: [UInt8] = [10]
    var header = UInt64(valueCount / 8) << 1 | 1
    while header >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: header) | 0x80)
      header >>= 7
    }
    bytes.append(UInt8(header))
    // Four indexes are five bytes.
    for _ in 0..<valueCount / 4 {
      let four = (0..<4).reduce(UInt64(0)) { $0 | UInt64.random(in: 0..<1000) << (10 * $1) }
      for byte in 0..<5 { bytes.append(UInt8(truncatingIfNeeded: four >> (8 * UInt64(byte)))) }
    }
    return bytes
  }
}
