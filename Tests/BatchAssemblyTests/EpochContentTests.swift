// Every batch holds the rows that the order names, however the data is cut.

import BatchCache
import NumPyFormat
import Platform
import SampleOrder
import ShardStore
import TensorPrograms
import Testing

@testable import BatchAssembly

struct EpochContentTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    let name: String
    var counts: [Int]
    var batchSize = 8
    var block = 16
    var dropLast = false
    var testDescription: String { name }
  }

  static let shapes = [
    Shape(name: "batches straddle shards and blocks", counts: [7, 13, 1, 20, 5, 9], batchSize: 8, block: 17),
    Shape(name: "all of one size", counts: [8, 8, 8, 8], batchSize: 8, block: 16),
    Shape(name: "blocks smaller than a batch", counts: [10, 11, 12], batchSize: 16, block: 5),
    Shape(name: "blocks of one sample", counts: [4, 3, 6], batchSize: 4, block: 1),
    Shape(name: "blocks smaller than a shard", counts: [30, 31, 1], batchSize: 3, block: 7),
    Shape(name: "one block", counts: [9, 9, 9], batchSize: 4, block: 1000),
    Shape(name: "shards of one sample", counts: Array(repeating: 1, count: 40), batchSize: 6, block: 11),
    Shape(name: "empty shards", counts: [0, 3, 0, 0, 5, 0, 1, 0], batchSize: 4, block: 3),
    Shape(name: "batches of one sample", counts: [5, 2, 6], batchSize: 1, block: 4),
    Shape(name: "fewer samples than a batch", counts: [2, 3], batchSize: 64, block: 4),
    Shape(name: "the tail dropped", counts: [10, 11, 12], batchSize: 8, block: 10, dropLast: true),
    Shape(name: "one sample", counts: [1], batchSize: 1, block: 1),
  ]

  @Test(arguments: shapes, OrderAlgorithm.allCases)
  func batchesAreTheRowsThatTheOrderNames(shape: Shape, algorithm: OrderAlgorithm) throws {
    let test = TestView(
      counts: shape.counts, tensors: try TestTensor.all(), batchSize: shape.batchSize, dropLast: shape.dropLast, algorithm: algorithm, block: shape.block)
    let rig = try Rig(test)
    for epoch in [0, 2] { try rig.readEpoch(epoch) }
    #expect(rig.failures.withLock { $0 }.isEmpty)
    // All ranks' batches of worlds that divide the epoch and that do not, as wrapped batches where they reach past its end.
    let numbering = rig.views[0].numbering
    for world in [1, 2, 3, 5, 64] {
      for batch in 0..<numbering.rankBatchCount(worldSize: world) {
        for rank in 0..<min(world, 6) {
          let ordinal = numbering.globalBatch(batch: batch, rank: rank, worldSize: world)
          try rig.read(rig.key(ordinal, isWrapped: ordinal >= numbering.sampleCount / numbering.batchSize))
        }
      }
    }
  }

  @Test(arguments: OrderAlgorithm.allCases)
  func memoryFilesHoldTheSame(algorithm: OrderAlgorithm) throws {
    let rig = try Rig(TestView(counts: [7, 13, 1, 20, 5, 9], tensors: try TestTensor.all(), algorithm: algorithm, block: 17), inMemoryFiles: true)
    try rig.readEpoch()
    let batch = try rig.ask(rig.key(3)).wait().get()
    for file in batch.files { try file.get().seal() }
    #expect(batch.buffers.allSatisfy { $0?.fileDescriptor != nil })
  }

  @Test(arguments: [1, 2, 4])
  func theOrderOfReadingChangesNothing(threads: Int) throws {
    let seed: UInt64 = 7
    var random = SplitMix(seed: seed)
    let test = TestView(counts: [7, 13, 1, 20, 5, 9, 30, 2], tensors: try TestTensor.all(), batchSize: 5, block: 21)
    let rig = try Rig(test, threads: threads)
    let keys = (0..<rig.batchCount).flatMap { ordinal in [0, 1].map { rig.key(ordinal, epoch: $0) } }.shuffled(using: &random)
    for key in keys { try rig.read(key) }
  }

  /// As one reader asks for all, before any is answered.
  @Test func allAtOnce() throws {
    let rig = try Rig(TestView(counts: [7, 13, 1, 20, 5, 9, 30, 2], tensors: try TestTensor.all(), batchSize: 5, block: 21))
    rig.source.hold()
    let keys = (0..<rig.batchCount).map { rig.key($0) }
    let answers = keys.map { rig.ask($0) }
    rig.source.release()
    for (key, answer) in zip(keys, answers) { rig.check(try answer.wait().get(), key) }
    #expect(rig.source.decodeCounts.allSatisfy { $0 == 1 })
  }

  @Test func viewsAndEpochsDoNotMix() throws {
    let tensors = try [TestTensor.id(), TestTensor.pair()]
    let rig = try Rig([
      TestView(counts: [20, 9], tensors: tensors, batchSize: 4, block: 10), TestView(counts: [5, 30], tensors: tensors, batchSize: 7, seed: 1, block: 13),
    ])
    for epoch in 0..<3 { for view in [1, 0] { try rig.readEpoch(epoch, view: view) } }
  }

  @Test func aValueThatDoesNotFitFailsItsTensorOfItsBatchOnly() throws {
    let rig = try Rig(TestView(counts: [60, 60, 60], tensors: [try TestTensor.id(), try TestTensor.narrow()], batchSize: 10, algorithm: .sequential))
    for ordinal in 0..<18 {
      let key = rig.key(ordinal)
      let result = try rig.ask(key).wait()
      if ordinal < 12 {
        rig.check(try result.get(), key)
      } else {
        let files = try result.get().files
        #expect(try files[0].get().allBytes == rig.expectedFiles(key)[0])
        guard case .failure(.value(let error)) = files[1] else {
          Issue.record("batch \(ordinal) has values that do not fit: \(result)")
          continue
        }
        #expect(error.source == "fake" && error.path == "/fake/shard-2", "\(error)")
        #expect(error.message.hasPrefix("sample ") && error.message.contains("tensor narrow") && error.message.contains("int8"), "\(error)")
      }
    }
    // 120 to 127 of batch 12 fit; its row of sample 128 does not.
    #expect(rig.samples(rig.key(12)).contains(127))
  }
}
