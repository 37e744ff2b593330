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

  /// Memory for an answer, if need be in the place of what is kept.
  func replyBuffer(byteCount: Int) -> BatchBuffer? {
    if let buffer = BatchBuffer(byteCount: byteCount, rowByteCount: byteCount, inMemoryFile: false, budget: budget) { return buffer }
    let needed = BatchBuffer.chargedByteCount(byteCount, inMemoryFile: false)
    state.withLock { makeRoom(for: needed, .anything, &$0) }
    return BatchBuffer(byteCount: byteCount, rowByteCount: byteCount, inMemoryFile: false, budget: budget)
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
