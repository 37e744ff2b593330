// The data that is measured with: vessels' tracks, in memory or as shards in a temporary folder that goes with the process.

import Foundation
import SampleData

enum SampleShards {
  static let shape = [TrackWindow.positionCount, TrackWindow.channels.count]
  static let sampleByteCount = TrackWindow.byteCount

  /// Some windows, one behind another.
  static func windows(_ count: Int) -> [UInt8] { (0..<count).flatMap { TrackWindow.bytes(sample: $0, seed: 1) } }

  /// The folder of a written data set: four worker folders of one zstd shard each.
  static func write(samplesPerShard: Int) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "epochfs-benchmarks-\(UUID().uuidString)")
    _ = try SampleDataSet(shardsPerWorker: 1, samplesPerShard: samplesPerShard, seed: 1).write(to: folder.path)
    return folder
  }
}
