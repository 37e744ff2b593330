// What a bad shard, and the end of the mount, do to readers.

import BatchCache
import Platform
import SampleOrder
import ShardStore
import Synchronization
import Testing

@testable import BatchAssembly

struct FailureTests {
  @Test(arguments: OrderAlgorithm.allCases)
  func onlyBatchesWithRowsOfTheShardFail(algorithm: OrderAlgorithm) throws {
    let test = TestView(counts: [20, 33, 7, 41, 25, 10], tensors: try TestTensor.all(), batchSize: 8, algorithm: algorithm, block: 50)
    let rig = try Rig(test)
    rig.source.fail([2, 4])
    var failed = 0
    for ordinal in 0..<rig.batchCount {
      let key = rig.key(ordinal)
      let bad = rig.shards(key).intersection([2, 4])
      switch try rig.ask(key).wait() {
      case .success(let batch):
        #expect(bad.isEmpty, "batch \(ordinal) has rows of \(bad)")
        rig.check(batch, key)
      case .failure(let error):
        guard case .shard(let found) = error else {
          Issue.record("batch \(ordinal): \(error)")
          continue
        }
        #expect(bad.contains { found.path == "/fake/shard-\($0)" }, "batch \(ordinal): \(error)")
        failed += 1
      }
    }
    #expect(failed > 0 && failed < rig.batchCount)
    #expect(Set(rig.failures.withLock { $0 }) == ["source fake: /fake/shard-2: is made to fail", "source fake: /fake/shard-4: is made to fail"])
  }

  @Test func whoTriesAgainAtOnceGetsTheErrorWithoutAnotherDecode() throws {
    let rig = try Rig(TestView(counts: [20, 20], tensors: [try .id()], batchSize: 40, block: 40))
    rig.source.fail([1])
    guard case .failure(let first) = try rig.ask(rig.key(0)).wait() else { throw TimedOut() }
    let count = rig.source.decodeCounts[1]
    for _ in 0..<5 {
      guard case .failure(let again) = try rig.ask(rig.key(0)).wait() else { throw TimedOut() }
      #expect(again == first)
    }
    #expect(rig.source.decodeCounts[1] == count)
    // Once the error is forgotten, the batch is made: the file was copied again.
    rig.source.fail([])
    rig.assembler.state.withLock { state in for key in state.failures.keys { state.failures[key]?.untilNanoseconds = 0 } }
    try rig.read(rig.key(0))
  }

  @Test func nothingIsChargedForBatchesThatFailed() throws {
    let rig = try Rig(TestView(counts: [20, 20], tensors: try TestTensor.all(), batchSize: 40, block: 40))
    rig.source.fail([0, 1])
    _ = try rig.ask(rig.key(0)).wait()
    let working = BatchAssembler.workingByteCount(views: rig.views, threadCount: 2, capByteCount: rig.budget.capByteCount)
    #expect(eventually { rig.budget.usedByteCount <= working + 4 * 4096 })
  }

  @Test func aBatchOfTwoBlocksFailsOnceAndHoldsNobodyUp() throws {
    let rig = try Rig(TestView(counts: [10, 10, 10, 10], tensors: [try .id()], batchSize: 40, algorithm: .sequential))
    rig.source.fail([0, 1, 2, 3])
    let answer = rig.ask(rig.key(0))
    guard case .failure(.shard) = try answer.wait() else { throw TimedOut() }
    #expect(eventually { rig.assembler.state.withLock { $0.passes.isEmpty && $0.entries.isEmpty } })
    #expect(answer.count == 1)
  }

  /// A batch none of whose files can show a row: nothing is kept of it, and it is not decoded again at once.
  @Test(arguments: [false, true]) func aBatchWithoutAnyFileIsRememberedForAWhile(inMemoryFiles: Bool) throws {
    let test = TestView(counts: [60, 60, 60, 60], tensors: [try TestTensor.narrow(), try .narrow("too")], batchSize: 120, algorithm: .sequential)
    let rig = try Rig(test, inMemoryFiles: inMemoryFiles)
    let key = rig.key(1)
    for attempt in 0..<3 {
      let files = try rig.ask(key).wait().get().files
      #expect(files.map(\.allBytes) == [[], []], "\(attempt)")
      for (name, file) in zip(["narrow", "too"], files) {
        guard case .failure(.value(let error)) = file else { throw TimedOut() }
        #expect(error.message.contains("tensor \(name):"))
      }
    }
    #expect(rig.source.decodeCounts[2] == 1)
    #expect(eventually { rig.assembler.state.withLock { $0.passes.isEmpty && $0.entries[key] == nil } })
    // The samples of the first batch are below 128.
    try rig.read(rig.key(0))
  }

  /// The memory of a file that cannot be shown comes back, and the batch counts as read when its other files were.
  @Test func aBatchWithoutOneFileIsChargedForTheOthers() throws {
    let rig = try Rig(TestView(counts: [200, 200], tensors: [try .id(), try .narrow(), try .track()], batchSize: 400, block: 400))
    let batch = try rig.ask(rig.key(0)).wait().get()
    #expect(batch.files[1].allBytes.isEmpty && batch.files[0].allBytes == rig.expectedFiles(rig.key(0))[0])
    let charged = rig.assembler.state.withLock { $0.entries[rig.key(0)]?.chargedByteCount }
    let others = batch.buffers.compactMap { $0.map { BatchBuffer.chargedByteCount($0.byteCount, inMemoryFile: false) } }
    #expect(charged == others.reduce(BatchLayout.overheadByteCount, +) && others.count == 2)
    for tensor in [0, 2] { rig.assembler.markRead(rig.key(0), tensor: tensor) }
    #expect(rig.assembler.state.withLock { $0.entries[rig.key(0)]?.isConsumed == true })
  }

  @Test func stopFailsWhoWaitsAndReturns() throws {
    let rig = try Rig(TestView(counts: Array(repeating: 10, count: 50), tensors: [try .id()], batchSize: 10, block: 100))
    try rig.read(rig.key(0))
    let held = try rig.ask(rig.key(0)).wait().get()
    rig.source.delay(nanoseconds: 20_000_000)
    let answers = (20..<45).map { rig.ask(rig.key($0)) }
    pause(milliseconds: 5)
    let begin = MonotonicClock.nanoseconds
    rig.assembler.stop()
    let seconds = Double(MonotonicClock.nanoseconds - begin) / 1e9
    #expect(seconds < 5)
    for answer in answers {
      guard case .failure(.stopping) = try answer.wait(seconds: 1) else {
        Issue.record("a waiter was not told that the mount is stopping")
        continue
      }
      #expect(answer.count == 1)
    }
    guard case .failure(.stopping) = try rig.ask(rig.key(0)).wait(seconds: 1) else { throw TimedOut() }
    rig.check(held, rig.key(0))
    rig.assembler.stop()
  }

  @Test func theSentencesNameWhatAndWhere() {
    let shard = ShardError(source: "s", path: "/p/q", message: "m")
    #expect(BatchError.shard(shard).description == "source s: /p/q: m")
    #expect(BatchError.value(shard).description == "source s: /p/q: m" && BatchError.noMemory("n").description == "n")
    #expect(BatchError.stopping.description == "the mount is stopping")
  }
}
