// The sizes of ragged columns: found by decoding every piece once, when a file that depends on them is first looked at.

internal import BatchCache
internal import Platform
internal import SampleOrder
internal import ShardStore
internal import Synchronization

/// What follows from a piece for the sizes of its column; told when the lock is free.
struct SizingStep {
  var waiters: [SizingEntry.Waiter] = []
  var sizes: ColumnSizes?
  var notice: String?

  func tell(_ onNotice: (String) -> Void) {
    if let notice { onNotice(notice) }
    if let sizes { for waiter in waiters { waiter(sizes) } }
  }
}

extension BatchAssembler {
  /// The sizes of a ragged column, at once where they are known; else nil, and `waiter` is called exactly once, on another thread.
  func sizes(_ key: ColumnKey, _ waiter: @escaping SizingEntry.Waiter) -> ColumnSizes? {
    let now = MonotonicClock.nanoseconds
    let found: ColumnSizes? = state.withLock { state in
      if state.isStopping { return .none(because: .stopping) }
      if let sizing = state.sizings[key] {
        if let sizes = sizing.sizes, now < sizing.sizesUntilNanoseconds { return sizes }
        if !sizing.isActive { begin(sizing, &state, now) }
      } else {
        guard let sizing = makeSizing(key, &state) else {
          return .none(because: .noMemory("the memory cap has no room for the sizes of a column's pieces, while other readers hold theirs; raise `memory`"))
        }
        state.sizings[key] = sizing
        begin(sizing, &state, now)
      }
      guard let sizing = state.sizings[key] else { return nil }
      // All of its pieces may be there already, or there may be none.
      if let sizes = sizing.finish(failedUntil: now) {
        state.activeSizings.removeAll { $0 == key }
        return sizes
      }
      sizing.waiters.append(waiter)
      return nil
    }
    if found == nil { wakeup.broadcast() }
    return found
  }

  private func begin(_ sizing: SizingEntry, _ state: inout AssemblerState, _ now: UInt64) {
    sizing.begin(at: now)
    state.activeSizings.append(sizing.key)
    for piece in 0..<sizing.pieceCount where !sizing.isKnown(piece) {
      if let ready = state.pieces[PieceKey(plan: sizing.key.plan, column: sizing.key.column, piece: piece)]?.piece { sizing.note(piece, .success(ready)) }
    }
  }

  private func makeSizing(_ key: ColumnKey, _ state: inout AssemblerState) -> SizingEntry? {
    let source = arrays[key.plan].source
    guard case .ragged(_, let depth) = arrays[key.plan].files.columns[key.column].values else { preconditionFailure("column \(key.column) is not ragged") }
    let pieceCount = source.pieces(ofColumn: key.column).shardCount
    let byteCount = 2 * depth * (pieceCount + 1) * MemoryLayout<Int>.stride + 512
    // What was found longest ago is forgotten where sizes would fill the cap: the kernel remembers what it was told.
    if state.sizingByteCount + byteCount > budget.capByteCount / 16 {
      for (other, sizing) in state.sizings where !sizing.isActive && sizing.waiters.isEmpty { state.sizings[other] = nil }
      state.sizingByteCount = state.sizings.values.reduce(0) { $0 + $1.byteCount }
    }
    var charge = SharedCharge(byteCount: byteCount, budget: budget)
    if charge == nil {
      makeRoom(for: byteCount, .anything, &state)
      charge = SharedCharge(byteCount: byteCount, budget: budget)
    }
    guard let charge else { return nil }
    state.sizingByteCount += byteCount
    return SizingEntry(key: key, depth: depth, pieceCount: pieceCount, byteCount: byteCount, charge: charge)
  }

  /// Takes the outcome of a piece into account. Called with the lock held.
  func note(_ key: PieceKey, _ outcome: Result<ColumnPiece, BatchError>, _ state: inout AssemblerState, _ now: UInt64) -> SizingStep {
    var step = SizingStep()
    guard let sizing = state.sizings[key.columnKey], sizing.isActive else { return step }
    sizing.note(key.piece, outcome)
    let seconds = (now - min(now, sizing.beginNanoseconds)) / 1_000_000_000
    if let sizes = sizing.finish(failedUntil: now + AssemblerState.failureNanoseconds) {
      state.activeSizings.removeAll { $0 == key.columnKey }
      step.sizes = sizes
      step.waiters = sizing.waiters
      sizing.waiters = []
      if seconds >= Self.noticeSeconds { step.notice = "\(title(key)): its sizes were found in \(seconds) s" }
    } else if now >= sizing.noticeNanoseconds + Self.noticeSeconds * 1_000_000_000 {
      sizing.noticeNanoseconds = now
      step.notice = "\(title(key)): finding its sizes takes the decoding of \(sizing.pieceCount) pieces; \(sizing.knownPieceCount) are done after \(seconds) s"
    }
    return step
  }
  private static let noticeSeconds: UInt64 = 5

  private func title(_ key: PieceKey) -> String {
    "view \(arrays[key.plan].name), column \(arrays[key.plan].files.columns[key.column].name)"
  }
}
