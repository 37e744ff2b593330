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
    var unfinished: [(entry: BatchEntry, work: BatchFinishing)] = []
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
        remember(error, of: entry, at: now, &state)
      }
      for (target, count) in outcome.rowCounts.enumerated() where count > 0 {
        guard let entry = pass.entries[target] else { continue }
        entry.missingRowCount -= Int(count)
        guard entry.missingRowCount == 0 else { continue }
        if let batch = entry.made {
          answers += publish(entry, batch)
        } else {
          // Counted as one more pass, so that it stays.
          entry.passCount += 1
          unfinished.append((entry, finishing(entry, pass.view)))
        }
      }
      if !pass.hasLiveTargets { pass.remainingLines = [] }
      if pass.isDone { end(pass, &state) }
    }
    wakeup.broadcast()
    for (waiter, result) in answers { waiter(result) }
    for (entry, work) in unfinished { complete(entry, work) }
  }

  /// Shows a batch to who waits for it. Called with the lock held; the answers are given without.
  private func publish(_ entry: BatchEntry, _ batch: Batch) -> [(BatchEntry.Waiter, Result<Batch, BatchError>)] {
    entry.batch = batch
    defer { entry.waiters = [] }
    return entry.waiters.map { ($0, .success(batch)) }
  }

  /// So that a reader who tries again at once does not decode again at once. Memory may be there the next time.
  private func remember(_ error: BatchError, of entry: BatchEntry, at now: UInt64, _ state: inout AssemblerState) {
    if case .noMemory = error { return }
    if state.failures.count >= AssemblerState.failureLimit { state.failures = [:] }
    state.failures[entry.key] = (error, now + AssemblerState.failureNanoseconds)
  }

  private func finishing(_ entry: BatchEntry, _ view: ViewPlan) -> BatchFinishing {
    BatchFinishing(
      view: view, rowCount: entry.rowCount, buffers: entry.buffers, rows: entry.rows, overhead: entry.overhead,
      inMemoryFile: usesMemoryFiles.load(ordering: .relaxed), budget: budget,
      makeRoom: { [self] byteCount in state.withLock { makeRoom(for: byteCount, .anything, &$0) } })
  }

  /// Does what is left of a batch whose rows are all there, and answers who waits for it.
  private func complete(_ entry: BatchEntry, _ work: BatchFinishing) {
    let files = work.finish()
    let answers: [(BatchEntry.Waiter, Result<Batch, BatchError>)] = state.withLock { state in
      entry.passCount -= 1
      settle(entry, &state)
      if let files {
        entry.buffers = files
        entry.rows = nil
        entry.chargedByteCount = files.reduce(BatchLayout.overheadByteCount) {
          $0 + BatchBuffer.chargedByteCount($1.byteCount, inMemoryFile: work.inMemoryFile)
        }
        let batch = Batch(key: entry.key, files: files, overhead: work.overhead)
        entry.made = batch
        return publish(entry, batch)
      }
      defer { entry.waiters = [] }
      if state.entries[entry.key] === entry { drop(entry, &state) }
      return entry.waiters.map { ($0, .failure(RowScatter.noRoom)) }
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
