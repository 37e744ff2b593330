// Makes batches: takes requests from any thread without waiting, and has its own threads decode shards and scatter their rows.

public import BatchCache
public import Platform
internal import SampleOrder
public import ShardStore
internal import Synchronization

/// The heart of the mount. A request is answered at once where the batch is ready, else by a worker when its last row is written.
///
/// A batch is filled by *passes*, one for each block its rows lie in. A pass decodes every shard of the block once and scatters the rows into all batches of the
/// block that there is memory for, so that reading an epoch in order decodes each shard once.
public final class BatchAssembler: Sendable {
  public let views: [ViewPlan]
  public let arrays: [ArraysPlan]
  public let budget: MemoryBudget
  public let metrics = AssemblyMetrics()
  /// Told of every shard that failed, once a pass.
  let onShardError: @Sendable (ShardError) -> Void
  /// Told what takes long.
  let onNotice: @Sendable (String) -> Void
  /// Told of every shard and piece that was decoded.
  private let onDecode: @Sendable (DecodedPart) -> Void
  let state: Lock<AssemblerState>
  let wakeup = Condition()
  /// Batches are made in memory files, which can be handed to the kernel.
  let usesMemoryFiles: Atomic<Bool>
  /// Batches a pass fills at most: bounds the objects made for it.
  let companionLimit = Atomic(65_536)
  /// Batches that a pass is given at a time: bounds the time under the lock, to some milliseconds.
  let companionStep = Atomic(2048)
  /// How long a reader waits for memory that other readers hold before it is refused.
  let patienceNanoseconds = Atomic<UInt64>(10_000_000_000)
  /// How long a batch waits for memory among others before nobody else may begin anything.
  let precedenceNanoseconds = Atomic<UInt64>(100_000_000)
  let demand: DecodeDemand
  /// Its lock is taken with that of `state` held.
  let populator: PagePopulator
  private let workers: Lock<[Thread]>

  /// - Parameters:
  ///   - threadCount: decoding threads, 1 or more; fewer are used where the cap cannot hold a shard for each.
  ///   - onShardError: called on decoding threads.
  ///   - onNotice: told what takes long, as a sentence; called on decoding threads.
  ///   - onDecode: told of every shard and piece that was decoded; called on decoding threads.
  /// - Throws: where not one thread could be started.
  public init(
    work: AssemblyWork, budget: MemoryBudget, threadCount: Int, onShardError: @escaping @Sendable (ShardError) -> Void,
    onNotice: @escaping @Sendable (String) -> Void = { _ in }, onDecode: @escaping @Sendable (DecodedPart) -> Void = { _ in }
  ) throws(ThreadError) {
    views = work.views
    arrays = work.arrays
    self.onNotice = onNotice
    self.onDecode = onDecode
    self.budget = budget
    self.onShardError = onShardError
    state = Lock(AssemblerState())
    usesMemoryFiles = Atomic(false)
    workers = Lock([])
    demand = work.demand
    populator = PagePopulator()
    budget.notifyOnReturn { [wakeup] in wakeup.broadcast() }
    for number in 0..<work.workerCount(threadCount: threadCount, capByteCount: budget.capByteCount) {
      let worker = DecodeWorker(assembler: self)
      do throws(ThreadError) {
        let thread = try Thread(name: "epochfs-decode\(number)") { worker.run() }
        workers.withLock { $0.append(thread) }
      } catch {
        // One is enough to serve; without any nobody would ever be answered.
        if number == 0 { throw error }
      }
    }
  }

  /// Whether `stop` was called: what is under way is not worth finishing.
  var isStopping: Bool { state.withLock { $0.isStopping } }

  /// The threads that decode.
  public var workerCount: Int { workers.withLock { $0.count } }

  /// Counts a decoding that came to its end, and tells of it.
  func noteDecode(_ part: DecodedPart, since begin: UInt64) {
    let nanoseconds = MonotonicClock.nanoseconds - begin
    metrics.decodeLatency.record(nanoseconds: nanoseconds)
    onDecode(part.taking(nanoseconds))
  }

  /// What batches leave free for the pages that the decoding threads read, about: what a page takes is known when it is read.
  var readingByteCount: Int { demand.temporaryByteCount == 0 ? 0 : min(2 * demand.temporaryByteCount * workerCount, max(0, spareByteCount) / 2) }

  /// What the cap leaves for batches beside the decoding threads.
  public var spareByteCount: Int { budget.capByteCount - demand.chargedByteCount * workerCount }

  /// Batches alone.
  public convenience init(
    views: [ViewPlan], budget: MemoryBudget, threadCount: Int, onShardError: @escaping @Sendable (ShardError) -> Void
  ) throws(ThreadError) {
    try self.init(work: AssemblyWork(views: views), budget: budget, threadCount: threadCount, onShardError: onShardError)
  }

  /// From now on batches are made in memory files. Called before the first request.
  public func useMemoryFiles() { usesMemoryFiles.store(true, ordering: .relaxed) }

  /// Asks for a batch that exists (the caller has checked its name). `waiter` is called exactly once: at once where the batch is ready, else on another thread.
  public func request(_ key: BatchKey, _ waiter: @escaping @Sendable (Result<Batch, BatchError>) -> Void) {
    let now = MonotonicClock.nanoseconds
    let answer: Result<Batch, BatchError>? = state.withLock { state in
      if state.isStopping { return .failure(.stopping) }
      state.noteRead(key, at: now)
      if let failure = state.failures[key] {
        if now < failure.untilNanoseconds { return failure.answer }
        state.failures[key] = nil
      }
      if let entry = state.entries[key] {
        entry.lastUse = state.tick()
        if let batch = entry.batch { return .success(batch) }
        if entry.waiters.isEmpty { entry.demandNanoseconds = now }
        entry.waiters.append(waiter)
        raise(entry, &state)
        return nil
      }
      let entry = BatchEntry(key: key, runs: views[key.folder.view].runs(of: key))
      precondition(entry.rowCount > 0, "\(key) has no rows")
      entry.lastUse = state.tick()
      entry.waiters.append(waiter)
      entry.demandNanoseconds = now
      state.entries[key] = entry
      state.demands.append(key)
      return nil
    }
    if let answer {
      if case .success = answer { metrics.hitCount.add(1, ordering: .relaxed) }
      waiter(answer)
      // Idle workers look for what to prepare when a reader goes forward.
      if case .success = answer { wakeup.signal() }
    } else {
      metrics.missCount.add(1, ordering: .relaxed)
      wakeup.broadcast()
    }
  }

  /// Tells that the file of one tensor was read to its end. When all that are read in this epoch were, the batch may go first.
  public func markRead(_ key: BatchKey, tensor: Int) {
    state.withLock { state in
      guard let entry = state.entries[key], entry.batch != nil, !entry.isConsumed else { return }
      entry.readFiles |= 1 << UInt64(tensor & 63)
      let all: UInt64 = entry.buffers.count >= 64 ? .max : (1 << UInt64(entry.buffers.count)) - 1
      if entry.readFiles == all {
        entry.isConsumed = true
        state.consumedByteCount += entry.chargedByteCount
      }
    }
  }

  /// A file of a ready batch is open and its memory in use, in the place `file` of its view's: it stays until `release`, whatever becomes of the batch's others.
  public func hold(_ key: BatchKey, file: Int, _ buffer: BatchBuffer) {
    state.withLock { state in
      if let entry = state.entries[key], entry.has(buffer, at: file) { entry.heldFiles.insert(file) }
    }
  }

  /// Takes a `hold` back.
  public func release(_ key: BatchKey, file: Int, _ buffer: BatchBuffer) {
    state.withLock { state in
      // Not of a batch that was made again meanwhile.
      if let entry = state.entries[key], entry.has(buffer, at: file) { entry.heldFiles.remove(file) }
    }
    wakeup.signal()
  }

  /// Ends the workers and fails who still waits. Ready batches stay alive for the replies that hold them.
  public func stop() {
    var pieceWaiters: [PieceEntry.Waiter] = []
    var sizingWaiters: [SizingEntry.Waiter] = []
    var stalledReads: [ArrayRead] = []
    let waiters = state.withLock { state in
      state.isStopping = true
      for entry in state.pieces.values {
        pieceWaiters += entry.waiters
        entry.waiters = []
      }
      for sizing in state.sizings.values {
        sizingWaiters += sizing.waiters
        sizing.waiters = []
      }
      stalledReads = state.stalledReads.map(\.read)
      state.stalledReads = []
      (state.pieceDemands, state.piecePrefetches, state.activeSizings) = ([], [], [])
      let waiters = state.entries.values.flatMap { entry in
        defer { entry.waiters = [] }
        return entry.waiters
      }
      state.demands = []
      defer { state.refusals = [] }
      return waiters + state.refusals.map(\.0)
    }
    wakeup.broadcast()
    for waiter in waiters { waiter(.failure(.stopping)) }
    for waiter in pieceWaiters { waiter(.failure(.stopping)) }
    for waiter in sizingWaiters { waiter(.none(because: .stopping)) }
    for read in stalledReads { read.end(.failure(.stopping)) }
    populator.stop()
    for thread in workers.withLock({ $0 }) { thread.join() }
  }

  /// An entry that prefetching began is now waited for.
  private func raise(_ entry: BatchEntry, _ state: inout AssemblerState) {
    entry.rows?.isAwaited.store(true, ordering: .relaxed)
    if entry.unscheduledBlocks?.isEmpty != true && !state.demands.contains(entry.key) { state.demands.append(entry.key) }
    for draft in state.drafts where draft.folder == entry.key.folder { draft.isDemanded = true }
    for pass in state.passes where !pass.isDemanded && pass.folder == entry.key.folder && pass.entries.contains(where: { $0 === entry }) {
      pass.isDemanded = true
    }
  }
}
