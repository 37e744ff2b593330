// The files of whole columns: their sizes and their bytes.

internal import BatchCache
internal import Platform
internal import ShardStore
internal import Synchronization

extension BatchAssembler {
  /// The exact size of a file. `answer` is called exactly once: at once where it is known, else when the column was decoded.
  public func byteCount(of key: ArrayKey, _ answer: @escaping @Sendable (Result<Int, BatchError>) -> Void) {
    let plan = arrays[key.plan]
    let file = plan.files.files[key.file]
    if let known = plan.byteCount(of: file) { return answer(.success(known)) }
    withSizes(ColumnKey(plan: key.plan, column: file.column)) { sizes in
      guard let table = ArrayTable(file, of: plan, sizes: sizes) else { return answer(.failure(sizes.failure ?? .stopping)) }
      answer(.success(table.byteCount))
    }
  }

  /// At most `byteCount` bytes from `byteOffset` on, fewer only at the end of the file. `answer` is called exactly once: at once where the pieces are ready, else on another thread.
  ///
  /// Only the pieces that hold these bytes are decoded. Offsets, and what is behind them, need to know how many elements all earlier rows have: the first read of such
  /// a file decodes the column once.
  public func read(_ key: ArrayKey, byteOffset: Int, byteCount: Int, _ answer: @escaping @Sendable (Result<ArrayBytes, BatchError>) -> Void) {
    let plan = arrays[key.plan]
    let file = plan.files.files[key.file]
    guard file.needsSizes else {
      guard let table = ArrayTable(file, of: plan, sizes: nil) else { preconditionFailure("\(file.name) has rows") }
      return ArrayRead(key, of: self, table, table.range(byteOffset, byteCount), answer).run()
    }
    withSizes(ColumnKey(plan: key.plan, column: file.column)) { [self] sizes in
      guard let table = ArrayTable(file, of: plan, sizes: sizes) else { return answer(.failure(sizes.failure ?? .stopping)) }
      let range = table.range(byteOffset, byteCount)
      // Behind a damaged piece nobody knows where the lists begin.
      if let failure = sizes.failure, !table.isKnown(range) { return answer(.failure(failure)) }
      ArrayRead(key, of: self, table, range, answer).run()
    }
  }

  private func withSizes(_ key: ColumnKey, _ body: @escaping @Sendable (ColumnSizes) -> Void) {
    if let sizes = sizes(key, body) { body(sizes) }
  }

  /// Memory for an answer, if need be in the place of what is kept; none as long as a batch that lacks memory has precedence.
  func replyBuffer(byteCount: Int) -> BatchBuffer? {
    if state.withLock({ $0.precedence != nil }) { return nil }
    if let buffer = BatchBuffer(byteCount: byteCount, rowByteCount: byteCount, inMemoryFile: false, budget: budget) { return buffer }
    let needed = BatchBuffer.chargedByteCount(byteCount, inMemoryFile: false)
    state.withLock { makeRoom(for: needed, .anything, &$0) }
    return BatchBuffer(byteCount: byteCount, rowByteCount: byteCount, inMemoryFile: false, budget: budget)
  }
}

// MARK: - Reads without memory for their answers

/// A read that found no memory for its answer, and holds nothing while it waits for it.
struct StalledRead {
  let read: ArrayRead
  /// What is needed: the answer's memory, and a piece's.
  let byteCount: Int
  /// When it was stalled first.
  let sinceNanoseconds: UInt64
}

extension BatchAssembler {
  /// Puts a read into line; false where that is not possible any more.
  func stall(_ read: ArrayRead, _ key: ColumnKey, byteCount: Int, since nanoseconds: UInt64) -> Bool {
    let isStalled = state.withLock { state in
      if state.isStopping { return false }
      let piece = state.pieceByteCounts[key] ?? arrays[key.plan].source.largestPieceByteCount(ofColumn: key.column)
      let needed = BatchBuffer.chargedByteCount(byteCount, inMemoryFile: false) + piece
      state.stalledReads.append(StalledRead(read: read, byteCount: needed, sinceNanoseconds: nanoseconds))
      return true
    }
    if isStalled { wakeup.broadcast() }
    return isStalled
  }

  /// The read that has waited longest, where there is room now or will be none. One at a time: it takes its answer's memory first, and must find room for a piece
  /// then that no other such read has taken. Called with the lock held.
  func takeStalledRead(_ state: inout AssemblerState, isBlocked: inout Bool) -> WorkItem? {
    guard state.precedence == nil, !state.isStalledReadUnderWay, let first = state.stalledReads.first else { return nil }
    makeRoom(for: first.byteCount, .anything, &state)
    let isLastTry = MonotonicClock.nanoseconds >= first.sinceNanoseconds + patienceNanoseconds.load(ordering: .relaxed)
    guard isLastTry || budget.availableByteCount >= first.byteCount else {
      isBlocked = true
      return nil
    }
    state.stalledReads.removeFirst()
    state.isStalledReadUnderWay = true
    return .resume(first.read, isLastTry: isLastTry)
  }

  /// The read that was let on is over, or stalled again.
  func stalledReadEnded() {
    state.withLock { $0.isStalledReadUnderWay = false }
    wakeup.broadcast()
  }
}

extension ArrayFile {
  /// Whether its bytes, or its size, depend on how many elements the rows have.
  fileprivate var needsSizes: Bool {
    switch part {
    case .rows, .rowElementNulls, .nulls(level: 0): false
    case .nulls, .offsets, .elements: true
    }
  }
}
