// What follows when a shard was scattered: batches become ready or fail, passes end.

internal import BatchCache
internal import Platform
internal import SampleOrder
internal import ShardStore
internal import Synchronization

extension BatchAssembler {
  /// Takes a shard's outcome into account and answers who waited for it.
  /// - Parameters:
  ///   - retain: the rows of the shard that the next blocks will want.
  ///   - remainingUseCount: how many of the kept rows later blocks have, where it is known.
  ///   - isLast: no later block has rows of the shard, so that nothing need be kept of it.
  func finish(_ pass: BlockPass, shard: Int, _ outcome: ScatterOutcome, retain: DecodedShard?, remainingUseCount: Int = .max, isLast: Bool) {
    let now = MonotonicClock.nanoseconds
    let key = ShardKey(view: pass.folder.view, shard: shard)
    var answers: [(BatchEntry.Waiter, Result<Batch, BatchError>)] = []
    var dropped: [BatchEntry] = []
    state.withLock { state in
      state.decoding.remove(key)
      if isLast { state.retained.removeAll { $0.folder == pass.folder && $0.rows.shard == shard } }
      if let retain {
        // Fewer rows of the same shard, which a later block left, are among the new ones.
        state.retained.removeAll { $0.folder == pass.folder && $0.rows.shard == shard }
        state.retained.append(RetainedRows(folder: pass.folder, rows: retain, remainingUseCount: remainingUseCount))
      }
      pass.inFlightCount -= 1
      for (target, error) in outcome.failures {
        guard let entry = pass.entries[target] else { continue }
        pass.entries[target] = nil
        entry.passCount -= 1
        answers += entry.waiters.map { ($0, .failure(error)) }
        entry.waiters = []
        if state.entries[entry.key] === entry { drop(entry, &state) }
        dropped.append(entry)
        if state.failures.count >= AssemblerState.failureLimit { state.failures = [:] }
        state.failures[entry.key] = (error, now + AssemblerState.failureNanoseconds)
      }
      for (target, count) in outcome.rowCounts.enumerated() where count > 0 {
        guard let entry = pass.entries[target] else { continue }
        entry.missingRowCount -= Int(count)
        if entry.missingRowCount == 0 {
          entry.batch = entry.made
          if let batch = entry.made { answers += entry.waiters.map { ($0, .success(batch)) } }
          entry.waiters = []
        }
      }
      if !pass.hasLiveTargets { pass.remainingLines = [] }
      if pass.isDone { end(pass, &state) }
    }
    wakeup.broadcast()
    for (waiter, result) in answers { waiter(result) }
  }

  /// Takes a pass off the list that has nothing left to do. Called with the lock held.
  func end(_ pass: BlockPass, _ state: inout AssemblerState) {
    state.passes.removeAll { $0 === pass }
    for entry in pass.entries { entry?.passCount -= 1 }
  }
}
