// Pieces of columns: asked for, decoded once, kept while there is room.

internal import BatchCache
internal import Platform
internal import SampleOrder
internal import ShardStore
internal import Synchronization

extension BatchAssembler {
  /// A piece that exists, at once where it is ready; else nil, and `waiter` is called exactly once, on another thread.
  /// - Parameters:
  ///   - byteCount: how much of it will be served.
  ///   - isHolding: who asks has memory already that it will give back when it is served.
  func piece(_ key: PieceKey, serving byteCount: Int, isHolding: Bool, _ waiter: @escaping PieceEntry.Waiter) -> Result<ColumnPiece, BatchError>? {
    let now = MonotonicClock.nanoseconds
    let answer: Result<ColumnPiece, BatchError>? = state.withLock { state in
      if state.isStopping { return .failure(.stopping) }
      if let failure = state.pieceFailures[key] {
        if now < failure.untilNanoseconds { return .failure(failure.error) }
        state.pieceFailures[key] = nil
      }
      readAhead(key, &state, now)
      let entry = demand(key, &state, now)
      use(entry, byteCount, &state, now)
      if let piece = entry.piece { return .success(piece) }
      if isHolding { entry.isAwaitedByHolder = true }
      entry.waiters.append(waiter)
      return nil
    }
    switch answer {
    case nil:
      metrics.missCount.add(1, ordering: .relaxed)
      wakeup.broadcast()
    case .success:
      metrics.hitCount.add(1, ordering: .relaxed)
      wakeup.signal()
    case .failure: break
    }
    return answer
  }

  /// The entry of a piece that somebody wants now. Called with the lock held.
  private func demand(_ key: PieceKey, _ state: inout AssemblerState, _ now: UInt64) -> PieceEntry {
    if let entry = state.pieces[key] {
      if !entry.isDemanded {
        entry.isDemanded = true
        if case .waiting = entry.phase { state.pieceDemands.append(key) }
      }
      return entry
    }
    let entry = PieceEntry(key: key, isDemanded: true, at: now)
    state.pieces[key] = entry
    state.pieceDemands.append(key)
    return entry
  }

  private func use(_ entry: PieceEntry, _ byteCount: Int, _ state: inout AssemblerState, _ now: UInt64) {
    entry.lastUse = state.tick()
    entry.lastUseNanoseconds = now
    if entry.isConsumed {
      entry.isConsumed = false
      entry.servedByteCount = byteCount
    } else {
      entry.servedByteCount += byteCount
    }
    guard let piece = entry.piece else { return }
    let wasConsumed = entry.servedByteCount == byteCount
    entry.isConsumed = entry.servedByteCount >= piece.values.count
    if entry.isConsumed || wasConsumed { state.pieceLine.join(entry, among: state.pieces) }
  }

  /// Where piece follows piece the next one is prepared.
  private func readAhead(_ key: PieceKey, _ state: inout AssemblerState, _ now: UInt64) {
    let previous = state.lastPieces[key.columnKey]
    if previous == key.piece { return }
    if state.lastPieces.count >= AssemblerState.streamLimit { state.lastPieces = [:] }
    state.lastPieces[key.columnKey] = key.piece
    let next = PieceKey(plan: key.plan, column: key.column, piece: key.piece + 1)
    guard previous == key.piece - 1, state.pieces[next] == nil, state.pieceFailures[next] == nil, state.piecePrefetches.count < Self.prefetchLimit,
      next.piece < arrays[key.plan].source.pieces(ofColumn: key.column).shardCount
    else { return }
    state.pieces[next] = PieceEntry(key: next, isDemanded: false, at: now)
    state.piecePrefetches.append(next)
  }
  /// Readers for whom the next piece is prepared at once.
  private static let prefetchLimit = 16

  // MARK: - Work

  /// A piece that somebody waits for, or one whose column's sizes somebody waits for. Called with the lock held.
  func takeDemandedPiece(_ state: inout AssemblerState, isBlocked: inout Bool) -> WorkItem? {
    // Now and then a column's sizes come first, so that readers of other columns cannot hold them up.
    if state.useCount % 4 == 0, state.precedence == nil, let item = takeSizedPiece(&state) { return item }
    var index = 0
    while index < state.pieceDemands.count {
      let key = state.pieceDemands[index]
      guard let entry = state.pieces[key], case .waiting = entry.phase else {
        state.pieceDemands.remove(at: index)
        continue
      }
      if state.precedence != nil, !entry.isAwaitedByHolder {
        index += 1
        continue
      }
      if entry.missingByteCount > 0 {
        makeRoom(for: entry.missingByteCount, .anything, &state)
        if budget.availableByteCount < entry.missingByteCount,
          MonotonicClock.nanoseconds < entry.beginNanoseconds + patienceNanoseconds.load(ordering: .relaxed)
        {
          isBlocked = true
          index += 1
          continue
        }
      }
      state.pieceDemands.remove(at: index)
      entry.phase = .decoding
      return .piece(key, isDemanded: true)
    }
    return state.precedence == nil ? takeSizedPiece(&state) : nil
  }

  /// The next piece whose elements must be counted. Called with the lock held.
  private func takeSizedPiece(_ state: inout AssemblerState) -> WorkItem? {
    for key in state.activeSizings {
      guard let sizing = state.sizings[key] else { continue }
      while sizing.nextPiece < sizing.wantedPieceCount {
        let piece = PieceKey(plan: key.plan, column: key.column, piece: sizing.nextPiece)
        sizing.nextPiece += 1
        if sizing.isKnown(piece.piece) { continue }
        let entry = demand(piece, &state, MonotonicClock.nanoseconds)
        guard case .waiting = entry.phase, entry.missingByteCount == 0 else { continue }
        entry.phase = .decoding
        return .piece(piece, isDemanded: true)
      }
    }
    return nil
  }

  /// A piece that will be read next, where it fits beside what is used. Called with the lock held.
  func takePrefetchedPiece(_ state: inout AssemblerState) -> WorkItem? {
    while let key = state.piecePrefetches.first {
      state.piecePrefetches.removeFirst()
      guard let entry = state.pieces[key], case .waiting = entry.phase, !entry.isDemanded else { continue }
      let expected = state.pieceByteCounts[key.columnKey] ?? arrays[key.plan].source.largestPieceByteCount(ofColumn: key.column)
      freePieces(for: expected, &state, onlyIdle: true)
      guard budget.availableByteCount >= expected else {
        state.pieces[key] = nil
        continue
      }
      entry.phase = .decoding
      return .piece(key, isDemanded: false)
    }
    return nil
  }

  /// Decodes a piece; on a worker.
  func decode(_ key: PieceKey, with workspace: DecodeWorkspace) {
    let plan = arrays[key.plan]
    let begin = MonotonicClock.nanoseconds
    let outcome: Result<ColumnPiece, ColumnError> = Result { () throws(ColumnError) in
      let piece = try plan.source.decode(column: key.column, piece: key.piece, with: workspace, budget: budget)
      let rowCount = plan.source.pieces(ofColumn: key.column).count(of: key.piece)
      return try plan.source.checked(piece, ofColumn: key.column, number: key.piece, rowCount: rowCount)
    }
    switch outcome {
    case .success(let piece):
      noteDecode(DecodedPart(of: plan, key, piece), since: begin)
      metrics.pieceDecodeCount.add(1, ordering: .relaxed)
      metrics.decodedByteCount.add(piece.decodedByteCount, ordering: .relaxed)
      metrics.sourceReadByteCount.add(piece.storedByteCount, ordering: .relaxed)
      finish(key, .success(piece))
    case .failure(.shard(let error)):
      onShardError(error)
      finish(key, .failure(.shard(error)))
    case .failure(.noMemory(let byteCount)):
      if !postpone(key, byteCount) {
        let message = "\(ColumnError.noMemory(byteCount: byteCount)), while other readers hold theirs; raise `memory`"
        finish(key, .failure(.noMemory(message)))
      }
    }
  }

  /// Puts a piece that found no room back in line; false where it has waited long enough. One that was only prepared is forgotten.
  private func postpone(_ key: PieceKey, _ byteCount: Int) -> Bool {
    let now = MonotonicClock.nanoseconds
    return state.withLock { state in
      guard let entry = state.pieces[key] else { return true }
      entry.phase = .waiting
      if !entry.isDemanded {
        state.pieces[key] = nil
        return true
      }
      if state.isStopping || now >= entry.beginNanoseconds + patienceNanoseconds.load(ordering: .relaxed) { return false }
      // A piece takes its memory step by step, and what the earlier steps took is free again by now: room for the last step alone would let it fail in the same place for ever.
      entry.missingByteCount = max(1, byteCount, min(budget.availableByteCount + byteCount, 2 * entry.missingByteCount))
      state.pieceDemands.insert(key, at: 0)
      return true
    }
  }

  /// Takes the outcome of a piece into account and answers who waited for it.
  private func finish(_ key: PieceKey, _ outcome: Result<ColumnPiece, BatchError>) {
    let now = MonotonicClock.nanoseconds
    var waiters: [PieceEntry.Waiter] = []
    var sized = SizingStep()
    state.withLock { state in
      if let entry = state.pieces[key] {
        waiters = entry.waiters
        entry.waiters = []
        switch outcome {
        case .success(let piece):
          entry.phase = .ready(piece)
          entry.lastUse = state.tick()
          entry.lastUseNanoseconds = now
          state.pieceByteCounts[key.columnKey] = piece.chargedByteCount
          // What was decoded only for its size goes first.
          entry.isConsumed = waiters.isEmpty ? entry.isDemanded : entry.servedByteCount >= piece.values.count
          state.pieceLine.join(entry, among: state.pieces)
        case .failure(let error):
          state.pieces[key] = nil
          guard error.isLasting else { break }
          if state.pieceFailures.count >= AssemblerState.failureLimit { state.pieceFailures = [:] }
          state.pieceFailures[key] = (error, now + AssemblerState.failureNanoseconds)
        }
      }
      sized = note(key, outcome, &state, now)
    }
    wakeup.broadcast()
    for waiter in waiters { waiter(outcome) }
    sized.tell(onNotice)
  }

  // MARK: - Memory

  /// Drops ready pieces until `byteCount` bytes are free: those that were read to their end, then those that were used longest ago.
  /// `onlyIdle`: of the latter only such as nobody used for some seconds. Called with the lock held.
  func freePieces(for byteCount: Int, _ state: inout AssemblerState, onlyIdle: Bool) {
    guard budget.availableByteCount < byteCount else { return }
    let now = MonotonicClock.nanoseconds
    let idle = onlyIdle ? now - min(now, ReadingStream.lifetimeNanoseconds) : nil
    while budget.availableByteCount < byteCount, let entry = state.pieceLine.next(usedBefore: idle, among: state.pieces) {
      state.pieces[entry.key] = nil
      entry.phase = .waiting
    }
  }
}
