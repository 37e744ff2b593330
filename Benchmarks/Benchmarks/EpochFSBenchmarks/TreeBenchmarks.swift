// What does it cost to answer for a name, a number or a listing in an epoch of 1.7 million batches?

import BatchAssembly
import Benchmark
import FileTree
import NumPyFormat
import SampleOrder
import ShardStore
import TensorPrograms

func treeBenchmarks() {
  guard let tree = largeTree() else { preconditionFailure("a tree") }
  let epoch = Node.epoch(FolderKey(view: 0, epoch: 2))
  let names = (0..<1000).map { tree.entry($0 * 1009, of: epoch).name }
  let inodes = (0..<1000).map { tree.scheme.inode(of: tree.entry($0 * 1009, of: epoch).node) }
  let nodes = inodes.compactMap(tree.scheme.node)

  Benchmark("Tree: look a batch up by name", each: .kilo) { blackHole(try? tree.child(names[$0], of: epoch)) }
  Benchmark("Tree: pack an inode number", each: .kilo) { blackHole(tree.scheme.inode(of: nodes[$0])) }
  Benchmark("Tree: unpack an inode number", each: .kilo) { blackHole(tree.scheme.node(of: inodes[$0])) }
  Benchmark("Tree: list 100,000 entries", each: .one) { _ in
    for ordinal in 0..<100_000 {
      let (name, node) = tree.entry(ordinal, of: epoch)
      blackHole(name)
      blackHole(tree.scheme.inode(of: node))
    }
  }
}

/// The tree over 30,085 shards, 108.7 million samples.
private func largeTree() -> FileTree? {
  guard let shards = try? ShardTable([Int](repeating: 3614, count: 30_085)),
    let program = try? TensorProgram(TensorSpecification(elementType: .float32, sampleShape: SampleShards.shape))
  else { return nil }
  let view = ViewPlan(
    ordinal: 0, name: "train", source: UnreadSource(shards: shards), sourceColumns: [0], tensors: [TensorPlan(name: "features", inputs: [0], program: program)],
    numbering: BatchNumbering(sampleCount: shards.sampleCount, batchSize: 64, dropLast: false),
    order: OrderPlan(algorithm: .window, seed: 1, blockSampleCount: 28_928), listedEpochCount: 10, listedRankCount: nil)
  return FileTree(views: [view])
}

/// A source that has an index and no data, which the tree never asks for.
private struct UnreadSource: ShardSource {
  let shards: ShardTable
  let name = "unread"
  let formatName = "mds"
  let columns = [SourceColumn(name: "features", encodingName: "bytes", array: (.float32, SampleShards.shape), channels: nil)]
  var rawByteCount: Int { shards.sampleCount * SampleShards.sampleByteCount }
  var modified: FileTimestamp { FileTimestamp(seconds: 0, nanoseconds: 0) }

  func largestDemand(columns: [Int]) -> DecodeDemand { DecodeDemand(inputByteCount: 0, outputByteCount: 0) }
  func path(ofShard shard: Int) -> String { "\(shard)" }
  func willNeed(shard: Int) {}
  func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) { throw ShardError(source: name, path: path(ofShard: shard), message: "no data") }
  func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard { throw ShardError(source: name, path: path(ofShard: request.shard), message: "no data") }
}
