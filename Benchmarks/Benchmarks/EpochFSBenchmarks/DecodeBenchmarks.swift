// How fast does a stored shard become rows? Against zstd alone on the same bytes.

import BatchCache
import Benchmark
import Compression
import Foundation
import NumPyFormat
import SampleData
import ShardStore

private let samplesPerShard = 900

func decodeBenchmarks() {
  let windows = SampleShards.windows(samplesPerShard)
  var source: MDSSource?
  var workspace: DecodeWorkspace?
  var folder: URL?

  let decode = Benchmark("Decode: zstd MDS shard from file to rows found", byteCount: windows.count) {
    guard let source, let workspace else { return }
    var rowCount = 0
    let whole = ShardRequest(shard: 0, columns: [0], rows: 0..<samplesPerShard, keeping: 0..<0)
    let shard = try? source.decode(whole, with: workspace) { _, rows in rowCount += rows.count }
    precondition(shard != nil && rowCount == samplesPerShard, "the shard cannot be decoded")
  }
  decode?.configuration.setup = {
    let written = try SampleShards.write(samplesPerShard: samplesPerShard)
    folder = written
    let features = ColumnDeclaration(name: "features", elementType: .float32, shape: SampleShards.shape, channels: TrackWindow.channels)
    let opened = try MDSSource(name: "benchmark", paths: [written.appending(path: "mds").path], declarations: [features], verification: .never)
    source = opened
    workspace = DecodeWorkspace(demand: opened.largestDemand(columns: [0]), budget: MemoryBudget(capByteCount: 1 << 30))
  }
  decode?.configuration.teardown = { if let folder { try FileManager.default.removeItem(at: folder) } }

  let decompressor = Decompressor()
  var stored: [UInt8] = []
  var raw = [UInt8](repeating: 0, count: windows.count)
  let decompress = Benchmark("Decode: zstd alone, from memory to memory", byteCount: windows.count) {
    let input = stored.span
    var output = raw.mutableSpan
    // Sound: bytes of bytes.
    var bytes = unsafe output.mutableBytes
    precondition((try? decompressor.decompress(unsafe input.bytes, codec: .zstd, filling: &bytes)) != nil, "the frame cannot be decompressed")
  }
  decompress?.configuration.setup = {
    let span = windows.span
    // Sound: bytes of bytes.
    stored = try ZstdCompressor.compress(unsafe span.bytes, level: 3)
  }
}
