// Many threads, little room: right bytes, no wake-up lost, the cap held.

import BatchCache
import Platform
import SampleOrder
import ShardStore
import Synchronization
import Testing

@testable import BatchAssembly

struct StressTests {
  /// Eight readers, up to 2,000 random requests each, with room for one batch and for a few.
  @Test(arguments: [(seed: 1, capFactor: 1, count: 500), (seed: 2, capFactor: 3, count: 2000)])
  func randomRequestsOfManyThreads(seed: Int, capFactor: Int, count: Int) throws {
    let views = [
      TestView(counts: [6, 3, 9, 1, 5, 0, 8, 16, 3, 19, 1, 5, 0, 0, 8], tensors: try TestTensor.all(), batchSize: 5, block: 13),
      TestView(counts: [4, 4, 4], tensors: [try .id()], batchSize: 3, algorithm: .sequential),
    ]
    let rig = try Rig(views, threads: 3) { BatchAssembler.leastByteCount(views: $0) * capFactor }
    let expected = Expectations(rig)
    let problems = Lock<[String]>([])
    let threads = try (0..<8).map { thread in
      try Thread {
        var random = SplitMix(seed: UInt64(seed * 1000 + thread))
        var latest = 0
        for request in 0..<count {
          let view = Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0
          let batchCount = rig.views[view].numbering.batchCount
          // Half in order, half anywhere; some of them wrapped.
          latest = Bool.random(using: &random) ? (latest + 1) % batchCount : Int.random(in: 0..<batchCount, using: &random)
          let isWrapped = latest == batchCount - 1 && Bool.random(using: &random)
          let key = rig.key(latest, epoch: Int.random(in: 0..<2, using: &random), view: view, isWrapped: isWrapped)
          do {
            let batch = try rig.ask(key).wait().get()
            if batch.files.map(\.allBytes) != expected.files[key] {
              problems.withLock { $0.append("request \(request) of thread \(thread): wrong bytes of \(key)") }
            }
          } catch {
            problems.withLock { $0.append("request \(request) of thread \(thread), \(key): \(error)") }
            return
          }
          if Bool.random(using: &random) { for tensor in rig.views[view].tensors.indices { rig.assembler.markRead(key, tensor: tensor) } }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(problems.withLock { $0 } == [], "seed \(seed)")
    #expect(rig.budget.peakByteCount <= rig.budget.capByteCount)
    print(
      "stress, seed \(seed): \(rig.source.decodeCounts.reduce(0, +)) decodes, \(rig.assembler.metrics.missCount.load(ordering: .relaxed)) of \(8 * count) waited"
    )
    try checkBooks(rig)
  }

  /// After all is read, what is remembered adds up.
  private func checkBooks(_ rig: Rig) throws {
    #expect(eventually { rig.assembler.state.withLock { $0.passes.isEmpty && $0.decoding.isEmpty } })
    rig.assembler.state.withLock { state in
      #expect(state.consumedByteCount == state.entries.values.filter(\.isConsumed).reduce(0) { $0 + $1.chargedByteCount })
      #expect(state.entries.values.allSatisfy { $0.waiters.isEmpty && $0.passCount == 0 })
      let retained = state.retained.map { ShardKey(view: $0.folder.view * 10 + $0.folder.epoch, shard: $0.rows.shard) }
      #expect(retained.count == Set(retained).count, "rows are kept twice")
    }
  }

  /// Requests, failures and the end, all at once.
  @Test(arguments: 0..<10)
  func stoppingInTheMiddle(seed: Int) throws {
    let test = TestView(counts: [6, 3, 9, 1, 5, 0, 8], tensors: [try .id()], batchSize: 5, block: 9)
    let rig = try Rig(test, threads: 3) { BatchAssembler.leastByteCount(views: $0) * 2 }
    rig.source.fail([seed % 7])
    let answers = Lock<[Answer]>([])
    let threads = try (0..<4).map { thread in
      try Thread {
        var random = SplitMix(seed: UInt64(seed * 100 + thread))
        for _ in 0..<100 {
          let answer = rig.ask(rig.key(Int.random(in: 0..<rig.batchCount, using: &random)))
          answers.withLock { $0.append(answer) }
        }
      }
    }
    pause(milliseconds: UInt64(seed))
    rig.assembler.stop()
    for thread in threads { thread.join() }
    for answer in answers.withLock({ $0 }) {
      _ = try answer.wait(seconds: 5)
      #expect(answer.count == 1, "seed \(seed)")
    }
    #expect(answers.withLock { $0.count } == 400)
  }
}

/// The model's bytes of every batch of two epochs, made once.
private struct Expectations: Sendable {
  let files: [BatchKey: [[UInt8]]]

  init(_ rig: Rig) {
    var files: [BatchKey: [[UInt8]]] = [:]
    for (view, plan) in rig.views.enumerated() {
      for epoch in 0..<2 {
        for ordinal in 0..<plan.numbering.batchCount {
          files[rig.key(ordinal, epoch: epoch, view: view)] = rig.expectedFiles(rig.key(ordinal, epoch: epoch, view: view))
        }
        let last = rig.key(plan.numbering.batchCount - 1, epoch: epoch, view: view, isWrapped: true)
        files[last] = rig.expectedFiles(last)
      }
    }
    self.files = files
  }
}
