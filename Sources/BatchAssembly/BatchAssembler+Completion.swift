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
        if case .noMemory = error {
          // What is decided of it is decided when nobody writes to it any more.
          entry.shortage = error
          if entry.passCount > 0 || demandAgain(entry, &state, now) { continue }
        }
        answers += entry.waiters.map { ($0, .failure(error)) }
        entry.waiters = []
        if state.entries[entry.key] === entry { drop(entry, &state) }
        dropped.append(entry)
        remember(.failure(error), of: entry, at: now, &state)
      }
      for (failed, error) in outcome.partFailures {
        if let entry = pass.entries[failed.target], entry.partFailures[failed.part] == nil { entry.partFailures[failed.part] = error }
      }
      for target in Set(outcome.partFailures.keys.map(\.target)) {
        guard let entry = pass.entries[target], let batch = batchWithoutFiles(entry, pass.view) else { continue }
        pass.entries[target] = nil
        entry.passCount -= 1
        answers += entry.waiters.map { ($0, .success(batch)) }
        entry.waiters = []
        if state.entries[entry.key] === entry { drop(entry, &state) }
        dropped.append(entry)
        remember(.success(batch), of: entry, at: now, &state)
      }
      for (target, count) in outcome.rowCounts.enumerated() where count > 0 {
        guard let entry = pass.entries[target] else { continue }
        entry.missingRowCount -= Int(count)
        guard entry.missingRowCount == 0 else { continue }
        if let batch = entry.made {
          answers += publish(entry, withoutFailedFiles(batch, entry, pass.view))
        } else {
          // Counted as one more pass, so that it stays.
          entry.passCount += 1
          state.finishingCount += 1
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

  /// The answer where no file of a batch can be had, so that no more of it need be decoded; nil where some can.
  private func batchWithoutFiles(_ entry: BatchEntry, _ view: ViewPlan) -> Batch? {
    let failures = view.files.compactMap { $0.failure(entry.partFailures) }
    guard failures.count == view.files.count else { return nil }
    return Batch(key: entry.key, files: failures.map { .failure($0) }, overhead: nil)
  }

  /// Takes from a batch the files that cannot show all of its rows; their memory comes back.
  private func withoutFailedFiles(_ batch: Batch, _ entry: BatchEntry, _ view: ViewPlan) -> Batch {
    if entry.partFailures.isEmpty { return batch }
    let files = zip(batch.files, view.files).map { made, file in file.failure(entry.partFailures).map { .failure($0) } ?? made }
    return Batch(key: batch.key, files: files, overhead: batch.overhead)
  }

  /// Shows a batch to who waits for it. Called with the lock held; the answers are given without.
  private func publish(_ entry: BatchEntry, _ batch: Batch) -> [(BatchEntry.Waiter, Result<Batch, BatchError>)] {
    entry.batch = batch
    if entry.made !== batch {
      entry.made = batch
      entry.buffers = batch.buffers
      let inMemoryFile = usesMemoryFiles.load(ordering: .relaxed)
      entry.chargedByteCount = entry.buffers.reduce(BatchLayout.overheadByteCount) {
        $0 + ($1.map { BatchBuffer.chargedByteCount($0.byteCount, inMemoryFile: inMemoryFile) } ?? 0)
      }
      // Nobody will read a file to its end that cannot be had.
      for (place, buffer) in entry.buffers.enumerated() where buffer == nil { entry.readFiles |= 1 << UInt64(place & 63) }
    }
    defer { entry.waiters = [] }
    return entry.waiters.map { ($0, .success(batch)) }
  }

  /// So that a reader who tries again at once does not decode again at once. Memory may be there the next time.
  private func remember(_ answer: Result<Batch, BatchError>, of entry: BatchEntry, at now: UInt64, _ state: inout AssemblerState) {
    if case .failure(let error) = answer, !error.isLasting { return }
    if state.failures.count >= AssemblerState.failureLimit { state.failures = [:] }
    state.failures[entry.key] = (answer, now + AssemblerState.failureNanoseconds)
  }

  private func finishing(_ entry: BatchEntry, _ view: ViewPlan) -> BatchFinishing {
    BatchFinishing(
      view: view, rowCount: entry.rowCount, buffers: entry.buffers, rows: entry.rows, partFailures: entry.partFailures, overhead: entry.overhead,
      inMemoryFile: usesMemoryFiles.load(ordering: .relaxed), budget: budget,
      makeRoom: { [self] byteCount in state.withLock { makeRoom(for: byteCount, .anything, &$0) } })
  }

  /// Does what is left of a batch whose rows are all there, and answers who waits for it.
  private func complete(_ entry: BatchEntry, _ work: BatchFinishing) {
    let files = work.finish()
    let answers: [(BatchEntry.Waiter, Result<Batch, BatchError>)] = state.withLock { state in
      entry.passCount -= 1
      state.finishingCount -= 1
      settle(entry, &state)
      if let files {
        entry.rows = nil
        return publish(entry, Batch(key: entry.key, files: files, overhead: work.overhead))
      }
      if demandAgain(entry, &state, MonotonicClock.nanoseconds) { return [] }
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
    for entry in pass.entries.compactMap({ $0 }) {
      entry.passCount -= 1
      guard let error = entry.shortage, entry.passCount == 0, !demandAgain(entry, &state, MonotonicClock.nanoseconds) else { continue }
      state.refusals += entry.waiters.map { ($0, error) }
      entry.waiters = []
      if state.entries[entry.key] === entry { drop(entry, &state) }
    }
  }
}
