// Memory for a batch, and who must go for it.

internal import BatchCache
internal import Platform
internal import SampleOrder
internal import ShardStore
internal import Synchronization

/// Whom an allocation may push out.
enum Sacrifice {
  case nothing
  /// What was read, and what no living reader is expected to want.
  case expectedLater
  /// Also what was prepared for somebody, furthest ahead first.
  case anything
}

extension BatchAssembler {
  /// Gives `entry` its buffers; false where the cap has no room. What stands in them beside their rows is written now, but in memory files, whose pages it costs much to
  /// touch, when the rows are there. Called with the lock held.
  func allocate(_ entry: BatchEntry, _ view: ViewPlan, _ sacrifice: Sacrifice, _ state: inout AssemblerState) -> Bool {
    let inMemoryFile = usesMemoryFiles.load(ordering: .relaxed)
    let layout = view.layout(rowCount: entry.rowCount)
    let charge = layout.chargedByteCount(inMemoryFile: inMemoryFile)
    if sacrifice != .nothing { makeRoom(for: charge, sacrifice, &state) }
    guard let overhead = SharedCharge(byteCount: BatchLayout.overheadByteCount, budget: budget) else { return false }
    var buffers: [BatchBuffer?] = []
    var files: [BatchBuffer] = []
    for file in layout.files {
      guard let file else {
        buffers.append(nil)
        continue
      }
      guard let buffer = BatchBuffer(byteCount: file.byteCount, rowByteCount: file.rowByteCount, inMemoryFile: inMemoryFile, budget: budget) else {
        return false
      }
      if buffer.isWrittenToFile { files.append(buffer) } else if !file.writeFragments(to: buffer) { return false }
      buffers.append(buffer)
    }
    if let values = view.values {
      guard let rows = VariableRows(partCount: values.partCount, rowCount: entry.rowCount, budget: budget) else { return false }
      entry.rows = rows
      entry.promisedByteCount = charge
      state.promisedByteCount += charge
    }
    entry.buffers = buffers
    if view.isFinishedLast || !files.isEmpty {
      entry.overhead = overhead
    } else {
      entry.made = Batch(key: entry.key, files: buffers.compactMap { $0.map { .success($0) } }, overhead: overhead)
    }
    entry.chargedByteCount = charge
    populator.add(files)
    return true
  }

  /// Whether `entry`, for which there was no memory just now, is to be refused: for a while already there would be none even if everything went that no reader
  /// holds open. Called with the lock held.
  func givesUp(_ entry: BatchEntry, _ state: inout AssemblerState) -> BatchError? {
    let view = views[entry.key.folder.view]
    let charge = view.chargedByteCount(rowCount: entry.rowCount, inMemoryFile: usesMemoryFiles.load(ordering: .relaxed))
    let unheld = unheldByteCount(state)
    guard unheld < charge else {
      entry.blockedSinceNanoseconds = nil
      return nil
    }
    let now = MonotonicClock.nanoseconds
    let since = entry.blockedSinceNanoseconds ?? now
    entry.blockedSinceNanoseconds = since
    guard now >= since + patienceNanoseconds.load(ordering: .relaxed) else { return nil }
    return .noMemory(
      "no memory for a batch of \(ByteCount.text(charge)): under the cap of \(ByteCount.text(budget.capByteCount)) only \(ByteCount.text(max(0, unheld))) are left beside what other readers hold open; close files, or give `memory` more"
    )
  }

  /// What would be free if everything went that no reader holds open. Called with the lock held.
  private func unheldByteCount(_ state: AssemblerState) -> Int {
    let ready = state.pieces.values.reduce(budget.availableByteCount) { $0 + ($1.piece?.chargedByteCount ?? 0) }
    return state.entries.values.reduce(ready) { $0 + freeableByteCount($1) }
  }

  /// Whether readers hold some of the memory that batches are made in. Called with the lock held.
  func isMemoryHeld(_ state: AssemblerState) -> Bool {
    let retained = state.retained.reduce(0) { $0 + $1.rows.region.region.byteCount }
    let tables = state.orders.keys.reduce(0) { $0 + (views[$1.view].order.mosaic.map { $0.tableByteCount + $0.resamplingByteCount } ?? 0) }
    return unheldByteCount(state) + retained + tables + state.sizingByteCount + Self.toleranceByteCount < spareByteCount - budget.reservedByteCount
  }

  /// Small things that are charged beside.
  private static let toleranceByteCount = 64 << 10

  /// What dropping the batch gives back: nothing of the files that readers hold.
  private func freeableByteCount(_ entry: BatchEntry) -> Int {
    entry.heldFiles.reduce(entry.chargedByteCount) { free, place in
      guard entry.buffers.indices.contains(place), let buffer = entry.buffers[place] else { return free }
      return free - BatchBuffer.chargedByteCount(buffer.byteCount, inMemoryFile: true)
    }
  }

  /// Pushes ready batches and pieces of columns out, least wanted first, until `byteCount` bytes are free or nobody of that rank is left. Called with the lock held.
  func makeRoom(for byteCount: Int, _ sacrifice: Sacrifice, _ state: inout AssemblerState) {
    guard sacrifice != .nothing, budget.availableByteCount < byteCount else { return }
    freePieces(for: byteCount, &state, onlyIdle: true)
    if budget.availableByteCount >= byteCount { return }
    let now = MonotonicClock.nanoseconds
    var victims: [(rank: Int, use: UInt64, entry: BatchEntry)] = []
    for entry in state.entries.values {
      let rank = self.rank(of: entry, state, now)
      if rank < 2 || sacrifice == .anything && rank < 4 { victims.append((rank, rank == 3 ? .max - UInt64(entry.key.ordinal) : entry.lastUse, entry)) }
    }
    victims.sort { ($0.rank, $0.use) < ($1.rank, $1.use) }
    // What nobody is expected to read goes together: it leaves room for the rows that are kept for the next block.
    for victim in victims where victim.rank < 2 { free(victim.entry, &state) }
    if sacrifice == .anything { freePieces(for: byteCount, &state, onlyIdle: false) }
    for victim in victims where victim.rank >= 2 {
      if budget.availableByteCount >= byteCount { return }
      dropRetained(until: byteCount, keeping: 0, &state)
      if budget.availableByteCount >= byteCount { return }
      free(victim.entry, &state)
    }
    dropRetained(until: byteCount, keeping: sacrifice == .anything ? 0 : Self.freshRetainedCount, &state)
  }

  /// 0 read to its end; 1 nobody is expected to read it; 2 half filled and waiting for its other block, of no living reader; 3 expected; 4 may not go: it is being filled, or readers hold all of it.
  private func rank(of entry: BatchEntry, _ state: AssemblerState, _ now: UInt64) -> Int {
    let stream = state.streams[entry.key.folder]
    let isExpected = stream.map { $0.isAlive(at: now) && $0.expects(entry.key.ordinal) } ?? false
    if !entry.heldFiles.isEmpty, freeableByteCount(entry) <= BatchLayout.overheadByteCount { return 4 }
    if entry.batch != nil { return entry.isConsumed ? 0 : isExpected ? 3 : 1 }
    guard entry.waiters.isEmpty, !entry.buffers.isEmpty, entry.passCount == 0 else { return 4 }
    return isExpected ? 3 : 2
  }

  /// Drops an entry that a list still holds: its memory must come back now, or everybody would be dropped for the sake of one.
  func free(_ entry: BatchEntry, _ state: inout AssemblerState) {
    drop(entry, &state)
    entry.buffers = []
    entry.rows = nil
    entry.overhead = nil
    entry.made = nil
    entry.batch = nil
    entry.chargedByteCount = 0
  }

  /// The batch takes no more than is charged, or nothing.
  func settle(_ entry: BatchEntry, _ state: inout AssemblerState) {
    state.promisedByteCount -= entry.promisedByteCount
    entry.promisedByteCount = 0
  }

  func drop(_ entry: BatchEntry, _ state: inout AssemblerState) {
    settle(entry, &state)
    if entry.isConsumed { state.consumedByteCount -= entry.chargedByteCount }
    state.entries[entry.key] = nil
  }

  /// Retained shards that who reads in order will want soon: those of the blocks being filled. Older ones were left behind by reading at random.
  private static let freshRetainedCount = 4

  private func dropRetained(until byteCount: Int, keeping count: Int, _ state: inout AssemblerState) {
    while budget.availableByteCount < byteCount, state.retained.count > count { state.retained.removeFirst() }
  }
}
