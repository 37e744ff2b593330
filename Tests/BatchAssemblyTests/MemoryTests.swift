// The cap holds, and the smallest cap still serves everybody.

import BatchCache
import Platform
import SampleOrder
import ShardStore
import Synchronization
import Testing

@testable import BatchAssembly

struct MemoryTests {
  static let counts = [20, 33, 7, 41, 25, 10, 0, 1, 30]

  @Test(arguments: [1, 2, 3, 8], [false, true])
  func theCapHoldsUnderRandomRequests(factor: Int, inMemoryFiles: Bool) throws {
    var random = SplitMix(seed: UInt64(factor))
    let test = TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, block: 50)
    let rig = try Rig(test, inMemoryFiles: inMemoryFiles) { BatchAssembler.leastByteCount(views: $0) * factor }
    // Several at once. The answers are not kept: each batch goes when it was looked at.
    // Here, not on the thread of the last answer.
    defer { rig.assembler.stop() }
    let requests = Requests(rig)
    for number in 0..<180 {
      requests.ask(rig.key(Int.random(in: 0..<rig.batchCount, using: &random), epoch: Int.random(in: 0..<2, using: &random)))
      if number % 3 == 0 { requests.waitForAll() }
    }
    requests.waitForAll()
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
    #expect(rig.budget.peakByteCount > 0)
  }

  /// The least cap that a mount accepts: one shard, one batch. Readers that let go of what they read all get theirs.
  @Test(arguments: OrderAlgorithm.allCases, [false, true])
  func theLeastCapServesEverybody(algorithm: OrderAlgorithm, inMemoryFiles: Bool) throws {
    let test = TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, algorithm: algorithm, block: 50, inputByteCount: 5000)
    let rig = try Rig(test, inMemoryFiles: inMemoryFiles) { BatchAssembler.leastByteCount(views: $0) }
    try readOnThreads(rig, threads: 4, each: 20, epochs: 2)
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
  }

  /// Small files are not rounded up to pages; what stands beside their bytes counts too.
  @Test(arguments: [false, true])
  func theLeastCapServesManySmallTensors(inMemoryFiles: Bool) throws {
    // 128 + 8 * 496 bytes: exactly a page.
    let tensors = try (0..<40).map { try TestTensor.id("id\($0)") }
    let test = TestView(counts: [500, 500], tensors: tensors, batchSize: 496, block: 300)
    let rig = try Rig(test, inMemoryFiles: inMemoryFiles) { BatchAssembler.leastByteCount(views: $0) }
    for ordinal in 0..<rig.batchCount { rig.check(try rig.ask(rig.key(ordinal)).wait(seconds: 5).get(), rig.key(ordinal)) }
  }

  fileprivate func readOnThreads(_ rig: Rig, threads: Int, each: Int, epochs: Int) throws {
    let problems = Lock<[String]>([])
    let running = try (0..<threads).map { thread in
      try Thread {
        var random = SplitMix(seed: UInt64(thread))
        for _ in 0..<each {
          let key = rig.key(Int.random(in: 0..<rig.batchCount, using: &random), epoch: Int.random(in: 0..<epochs, using: &random))
          do {
            let batch = try rig.ask(key).wait().get()
            if batch.files.map(\.allBytes) != rig.expectedFiles(key) { problems.withLock { $0.append("\(key) has wrong bytes") } }
          } catch { problems.withLock { $0.append("\(key): \(error)") } }
        }
      }
    }
    for thread in running { thread.join() }
    #expect(problems.withLock { $0 } == [])
  }

  /// More epochs than orders are kept, all wanted at once, with room for one batch.
  @Test func moreEpochsThanOrdersAreKept() throws {
    let test = TestView(counts: [30, 30, 30], tensors: try TestTensor.all(), batchSize: 30, block: 45)
    let rig = try Rig(test) { BatchAssembler.leastByteCount(views: $0) }
    rig.source.hold()
    // Here, not on the thread of the last answer.
    defer { rig.assembler.stop() }
    let requests = Requests(rig)
    for epoch in 0..<3 * AssemblerState.orderLimit { requests.ask(rig.key(epoch % 3, epoch: epoch)) }
    rig.source.release()
    requests.waitForAll()
  }

  @Test func whatAReaderHoldsStaysCharged() throws {
    let test = TestView(counts: [4000, 4000], tensors: [try .track()], batchSize: 1000, block: 1000)
    // Room for the worker and three batches.
    let rig = try Rig(test, threads: 1) { BatchAssembler.leastByteCount(views: $0) + 2 * $0[0].chargedByteCount(rowCount: 1000, inMemoryFile: true) }
    let charge = rig.views[0].chargedByteCount(rowCount: 1000, inMemoryFile: false)
    var held: [Batch] = []
    for ordinal in 0..<2 { held.append(try rig.ask(rig.key(ordinal)).wait().get()) }
    for ordinal in 2..<8 { try rig.read(rig.key(ordinal)) }
    // Pushed out, if others did not go first, both still count.
    rig.assembler.state.withLock { state in
      for ordinal in 0..<2 {
        if let entry = state.entries[rig.key(ordinal)] { rig.assembler.drop(entry, &state) }
      }
    }
    #expect(rig.assembler.state.withLock { $0.entries[rig.key(0)] == nil && $0.entries[rig.key(1)] == nil })
    let demand = rig.assembler.demand.byteCount
    #expect(rig.budget.usedByteCount >= demand + 2 * charge)
    rig.check(held[0], rig.key(0))
    rig.check(held[1], rig.key(1))
    let used = rig.budget.usedByteCount
    held = []
    #expect(rig.budget.usedByteCount == used - 2 * charge)
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
  }

  /// Who finds the cap full of what others hold waits, and goes on when they let go.
  @Test func memoryThatComesBackWakesWhoWaitsForIt() throws {
    let test = TestView(counts: [400, 400], tensors: [try .track()], batchSize: 400, block: 800)
    let rig = try Rig(test, threads: 1) { BatchAssembler.leastByteCount(views: $0) }
    var held: Batch? = try rig.ask(rig.key(0)).wait().get()
    let answer = rig.ask(rig.key(1))
    pause(milliseconds: 30)
    #expect(answer.count == 0)
    withExtendedLifetime(held) {}
    held = nil
    rig.check(try answer.wait().get(), rig.key(1))
  }

  /// Who waits for what others hold open is told so after a while; who waits for what will be free, never.
  @Test(arguments: [false, true]) func whoWaitsTooLongForWhatOthersHoldIsRefused(isHeldByHandle: Bool) throws {
    let test = TestView(counts: [400, 400], tensors: [try .track()], batchSize: 400, block: 800)
    let rig = try Rig(test, threads: 1) { BatchAssembler.leastByteCount(views: $0) }
    rig.assembler.patienceNanoseconds.store(200_000_000, ordering: .relaxed)
    var held: Batch? = try rig.ask(rig.key(0)).wait().get()
    // As the kernel's passthrough holds it, or as a reply does.
    var open: BatchBuffer?
    if isHeldByHandle, let buffer = try held?.files[0].get() {
      rig.assembler.hold(rig.key(0), file: 0, buffer)
      (open, held) = (buffer, nil)
    }
    let begin = MonotonicClock.nanoseconds
    let answers = (0..<3).map { _ in rig.ask(rig.key(1)) }
    for answer in answers {
      guard case .failure(.noMemory(let message)) = try answer.wait(seconds: 5) else { throw TimedOut() }
      #expect(message.contains("hold open") && message.contains("KiB"), "\(message)")
    }
    #expect(MonotonicClock.nanoseconds - begin >= 200_000_000)
    #expect(rig.assembler.state.withLock { $0.entries[rig.key(1)] == nil && $0.demands.isEmpty })
    withExtendedLifetime(held) {}
    held = nil
    if let buffer = open { rig.assembler.release(rig.key(0), file: 0, buffer) }
    open = nil
    rig.check(try rig.ask(rig.key(1)).wait().get(), rig.key(1))
    for answer in answers { #expect(answer.count == 1) }
  }

  /// A batch that is being made takes its time; who waits for its memory is not refused.
  @Test func whoWaitsForABatchThatIsBeingMadeIsNotRefused() throws {
    let test = TestView(counts: [400, 400], tensors: [try .track()], batchSize: 400, block: 800)
    let rig = try Rig(test, threads: 1) { BatchAssembler.leastByteCount(views: $0) }
    rig.assembler.patienceNanoseconds.store(150_000_000, ordering: .relaxed)
    rig.source.delay(nanoseconds: 400_000_000)
    // Let go of as soon as it is there.
    let isFirstRight = Lock<Bool?>(nil)
    rig.assembler.request(rig.key(0)) { result in isFirstRight.withLock { $0 = (try? result.get()) != nil } }
    let second = rig.ask(rig.key(1))
    #expect(eventually { isFirstRight.withLock { $0 } == true })
    rig.check(try second.wait().get(), rig.key(1))
  }

  /// The mount's end answers who waits for memory, whenever it comes.
  @Test func whoIsRefusedAtTheEndIsAnsweredOnce() throws {
    let rig = try Rig(TestView(counts: [400, 400], tensors: [try .track()], batchSize: 400, block: 800), threads: 1) {
      BatchAssembler.leastByteCount(views: $0)
    }
    rig.assembler.patienceNanoseconds.store(30_000_000, ordering: .relaxed)
    let held = try rig.ask(rig.key(0)).wait().get()
    let answer = rig.ask(rig.key(1))
    pause(milliseconds: 30)
    rig.assembler.stop()
    guard case .failure = try answer.wait(seconds: 1) else { throw TimedOut() }
    #expect(answer.count == 1)
    withExtendedLifetime(held) {}
  }

  /// A batch of one small row costs more in objects than in bytes: that counts too.
  @Test func whatStandsBesideTinyBatchesIsCharged() throws {
    let rig = try Rig(TestView(counts: [3000], tensors: [try .id()], batchSize: 1, block: 3000))
    _ = try rig.ask(rig.key(0)).wait().get()
    let working = BatchAssembler.workingByteCount(views: rig.views, threadCount: 2, capByteCount: rig.budget.capByteCount)
    #expect(eventually { rig.budget.usedByteCount - working >= 3000 * (136 + 1024) })
  }

  /// Nothing is dropped while the cap has room.
  @Test func whatFitsStays() throws {
    let rig = try Rig(TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, block: 50))
    for epoch in 0..<2 { try rig.readEpoch(epoch) }
    let decodes = rig.source.decodeCounts
    for epoch in 0..<2 { try rig.readEpoch(epoch) }
    #expect(rig.source.decodeCounts == decodes)
  }

  /// The objects of a pass do not grow with the block: with batches of one small row a block can have millions.
  @Test(arguments: [1, 3, 50])
  func aPassIsBounded(limit: Int) throws {
    let rig = try Rig(TestView(counts: [90, 77, 200], tensors: [try .id()], batchSize: 2, block: 200), threads: 1)
    rig.assembler.companionLimit.store(limit, ordering: .relaxed)
    rig.source.hold()
    let answers = [50, 140, 99].map { (rig.key($0), rig.ask(rig.key($0))) }
    #expect(eventually { !rig.source.decodeCounts.allSatisfy { $0 == 0 } })
    #expect(rig.assembler.state.withLock { $0.passes.allSatisfy { $0.entries.count <= limit } })
    rig.source.release()
    for (key, answer) in answers { rig.check(try answer.wait().get(), key) }
    try rig.readEpoch()
  }
}

extension MemoryTests {
  /// The batches of a pass are gathered a few at a time, and requests that come meanwhile join them.
  @Test(arguments: [1, 2, 7, 25, 64], OrderAlgorithm.allCases)
  func aPassIsGatheredInSteps(step: Int, algorithm: OrderAlgorithm) throws {
    let test = TestView(counts: [90, 77, 200, 0, 33], tensors: try TestTensor.all(), batchSize: 4, algorithm: algorithm, block: 130)
    let rig = try Rig(test, threads: 3)
    rig.assembler.companionStep.store(step, ordering: .relaxed)
    let answers = [3, 50, 20, 99, 0, 40, 3].map { (rig.key($0), rig.ask(rig.key($0))) }
    for (key, answer) in answers { rig.check(try answer.wait().get(), key) }
    for epoch in 0..<2 { try rig.readEpoch(epoch) }
    #expect(eventually { rig.assembler.state.withLock { $0.passes.isEmpty && $0.drafts.isEmpty } })
    #expect(rig.assembler.state.withLock { state in state.entries.values.allSatisfy { $0.passCount == 0 && $0.waiters.isEmpty } })
  }

  /// The same under a cap that holds little: batches are evicted while others are gathered.
  @Test(arguments: [1, 3]) func steppingUnderALittleCap(step: Int) throws {
    let test = TestView(counts: Self.counts, tensors: try TestTensor.all(), batchSize: 8, block: 50)
    let rig = try Rig(test, threads: 3) { BatchAssembler.leastByteCount(views: $0) * 2 }
    rig.assembler.companionStep.store(step, ordering: .relaxed)
    try readOnThreads(rig, threads: 4, each: 30, epochs: 2)
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
  }
}

/// Many requests under way; each answer is compared with the model and let go.
private final class Requests: Sendable {
  private let rig: Rig
  private let state = Lock((asked: 0, answered: 0, wrong: [String]()))
  private let changed = Condition()

  init(_ rig: Rig) { self.rig = rig }

  func ask(_ key: BatchKey) {
    state.withLock { $0.asked += 1 }
    rig.assembler.request(key) { [self] result in
      let isRight = (try? result.get()).map { $0.files.map(\.allBytes) == rig.expectedFiles(key) } ?? false
      state.withLock { state in
        if !isRight { state.wrong.append("\(key)") }
        state.answered += 1
      }
      changed.broadcast()
    }
  }

  func waitForAll(sourceLocation: SourceLocation = #_sourceLocation) {
    let end = MonotonicClock.nanoseconds + 20_000_000_000
    let isDone = state.withLock(waitingOn: changed) { state -> WaitStep<Bool> in
      let now = MonotonicClock.nanoseconds
      return state.answered == state.asked ? .done(true) : now < end ? .wait(nanoseconds: end - now) : .done(false)
    }
    #expect(isDone, "\(state.withLock { $0.asked - $0.answered }) requests were not answered", sourceLocation: sourceLocation)
    #expect(state.withLock { $0.wrong } == [], sourceLocation: sourceLocation)
  }
}
