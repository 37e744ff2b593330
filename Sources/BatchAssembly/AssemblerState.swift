// Everything the assembler remembers, behind its one lock.

internal import BatchCache
internal import SampleOrder
internal import ShardStore

/// Reached only with the assembler's lock held.
struct AssemblerState {
  var entries: [BatchKey: BatchEntry] = [:]
  /// Batches somebody waits for, whose blocks are not all scheduled yet; oldest first.
  var demands: [BatchKey] = []
  /// Fillings that have shards left, oldest first.
  var passes: [BlockPass] = []
  /// Batches whose rows are all there, and whose files are being made of them.
  var finishingCount = 0
  /// Passes to come that are still given their batches, a few at a time.
  var drafts: [PassDraft] = []
  /// The batch that has waited too long for memory: nobody else begins anything before it is there (BatchAssembler+Precedence).
  var precedence: BatchEntry?
  /// When the next may be given it: in between all others have their chance.
  var nextPrecedenceNanoseconds: UInt64 = 0
  /// Shards that a worker is decoding now: whoever needs one of them for another block waits for it.
  var decoding: Set<ShardKey> = []
  /// The later rows of shards that reach into the next blocks, kept until those were filled; oldest first.
  var retained: [RetainedRows] = []
  var streams: [FolderKey: ReadingStream] = [:]
  /// The orders of the epochs in use.
  var orders: [FolderKey: FolderOrder] = [:]
  /// The memory that is set aside for the tables of orders which workers are making now.
  var ordersInMaking: [FolderKey: SharedCharge] = [:]
  /// What was answered lately for batches none of whose files can be had, so that a reader who tries again at once does not decode again at once.
  var failures: [BatchKey: (answer: Result<Batch, BatchError>, untilNanoseconds: UInt64)] = [:]
  /// Readers that are told, as soon as the lock is free, that they get no memory.
  var refusals: [(BatchEntry.Waiter, BatchError)] = []
  /// What the batches that are being filled are expected to take beside what is charged already, of views whose values tell sizes.
  var promisedByteCount = 0
  /// Pieces of columns that are wanted, being decoded, or ready.
  var pieces: [PieceKey: PieceEntry] = [:]
  /// Pieces somebody waits for that no worker has taken, oldest first; and such as will be read next.
  var pieceDemands: [PieceKey] = []
  var piecePrefetches: [PieceKey] = []
  /// Ready pieces in the order in which they may go.
  var pieceLine = PieceLine()
  /// The piece of each column that was read last, and what the latest of them took.
  var lastPieces: [ColumnKey: Int] = [:]
  var pieceByteCounts: [ColumnKey: Int] = [:]
  var pieceFailures: [PieceKey: (error: BatchError, untilNanoseconds: UInt64)] = [:]
  /// Reads of columns that wait for memory for their answers, oldest first, and whether one of them was let on that is not over yet.
  var stalledReads: [StalledRead] = []
  var isStalledReadUnderWay = false
  /// Columns whose sizes are known or looked for, and those of the latter, oldest first.
  var sizings: [ColumnKey: SizingEntry] = [:]
  var activeSizings: [ColumnKey] = []
  var sizingByteCount = 0
  /// Whether the next worker looks for arrays first.
  var isArraysTurn = false
  /// Charged bytes of ready batches that were read to their end.
  var consumedByteCount = 0
  var useCount: UInt64 = 0
  var isStopping = false

  mutating func tick() -> UInt64 {
    useCount += 1
    return useCount
  }

  /// Whether a pass fills the block, or will.
  func isFilling(_ block: Int, of folder: FolderKey) -> Bool {
    passes.contains { $0.folder == folder && $0.block == block } || drafts.contains { $0.folder == folder && $0.block == block }
  }

  /// Whether nothing that takes memory for batches is under way.
  var isQuiet: Bool { passes.isEmpty && drafts.isEmpty && finishingCount == 0 }

  /// Whether another batch that somebody waits for is half filled: it keeps its memory, and wants more.
  func hasBegun(anyBut entry: BatchEntry) -> Bool {
    demands.contains { key in entries[key].map { $0 !== entry && $0.batch == nil && !$0.buffers.isEmpty } ?? false }
  }

  /// Somebody waits for what fills the block.
  func raise(_ block: Int, of folder: FolderKey) {
    for pass in passes where pass.folder == folder && pass.block == block { pass.isDemanded = true }
    for draft in drafts where draft.folder == folder && draft.block == block { draft.isDemanded = true }
  }

  /// The epochs' orders kept at once: a table of eight bytes a shard each.
  static let orderLimit = 16
  static let failureNanoseconds: UInt64 = 5_000_000_000
  static let failureLimit = 65_536

  /// The epochs whose readers are remembered.
  static let streamLimit = 1024

  /// Notes that a batch was asked for.
  mutating func noteRead(_ key: BatchKey, at nanoseconds: UInt64) {
    if streams[key.folder] == nil, streams.count >= Self.streamLimit,
      let oldest = streams.min(by: { $0.value.lastUseNanoseconds < $1.value.lastUseNanoseconds })?.key
    {
      streams[oldest] = nil
    }
    streams[key.folder, default: ReadingStream()].read(key.ordinal, at: nanoseconds)
  }

  /// Drops the order that was used longest ago where there are too many.
  mutating func remember(_ order: FolderOrder, for folder: FolderKey) {
    if orders.count >= Self.orderLimit {
      let busy = Set(passes.map(\.folder) + drafts.map(\.folder))
      let idle = orders.keys.filter { !busy.contains($0) && $0 != folder }
      if let oldest = idle.min(by: { (streams[$0]?.lastUseNanoseconds ?? 0) < (streams[$1]?.lastUseNanoseconds ?? 0) }) { orders[oldest] = nil }
    }
    orders[folder] = order
  }

  /// Drops the orders with tables of their own that no pass needs now; false where there are none.
  mutating func dropIdleTables(except folder: FolderKey) -> Bool {
    let busy = Set(passes.map(\.folder))
    let idle = orders.filter { key, order in
      guard case .mosaic = order else { return false }
      return !busy.contains(key) && key != folder
    }
    for key in idle.keys { orders[key] = nil }
    return !idle.isEmpty
  }
}

/// The rows of a shard, from one on, that later blocks of an epoch have.
struct RetainedRows {
  let folder: FolderKey
  let rows: DecodedShard
  /// How many more of its rows the epoch has in blocks to come, where that is known.
  var remainingUseCount = Int.max

  /// Whether the rows of `shard` from `row` on are among them.
  func holds(_ row: Int, of shard: Int, for folder: FolderKey) -> Bool { self.folder == folder && rows.shard == shard && rows.firstRow <= row }
}
