// What the assembler knows about one batch that is wanted, being filled, or ready.

internal import BatchCache
internal import SampleOrder

/// The state of one batch. Reached only with the assembler's lock held; the memory behind `buffers` is written by the workers of its passes, each row by one of them.
final class BatchEntry {
  typealias Waiter = @Sendable (Result<Batch, BatchError>) -> Void

  let key: BatchKey
  /// Ranges of positions, in the order of rows.
  let runs: [Range<Int>]
  let rowCount: Int
  /// Blocks whose rows nobody has begun to fill in. Nil until the epoch's order is known.
  var unscheduledBlocks: [Int]?
  /// Rows that are not written yet.
  var missingRowCount: Int
  /// One a file, nil for those whose size is not known yet; empty until a pass takes the batch on.
  var buffers: [BatchBuffer?] = []
  /// The rows that decide about files' sizes, until those are made.
  var rows: VariableRows?
  /// Parts that a row cannot be shown in; the files of the others are made all the same.
  var partFailures: [BatchPart: BatchError] = [:]
  /// Counted in the state's promises.
  var promisedByteCount = 0
  /// The batch over `buffers`, made with them: when a pass of many small batches ends they are shown in one go, under the lock.
  /// Where something is left to do when the last row is there (`BatchFinishing`) it is made then.
  var made: Batch?
  /// For this object and what it has beside the buffers, until `made` has it.
  var overhead: SharedCharge?
  var chargedByteCount = 0
  /// `made`, once its last row is written.
  var batch: Batch?
  var waiters: [Waiter] = []
  /// Bit k: the file of tensor k was read to its end.
  var readFiles: UInt64 = 0
  var isConsumed = false
  /// The places of files of it that readers have open and the kernel reads: dropping the batch would not free these.
  var heldFiles: Set<Int> = []
  /// Passes that are filling it now.
  var passCount = 0
  var lastUse: UInt64 = 0
  /// What one of its passes lacked memory with, while another still fills it.
  var shortage: BatchError?
  /// Since when somebody waits for it, or for what it still lacks.
  var demandNanoseconds: UInt64 = 0
  /// How often it was given up because memory lacked while it was filled; and how often of these although nobody else took any.
  var shortageCount = 0
  var shortageAloneCount = 0
  /// When that was first, and until when it is not tried again.
  var shortageNanoseconds: UInt64?
  var pauseNanoseconds: UInt64 = 0
  /// Since when readers hold so much that there is no room for it, whoever else goes; nil where there is or will be.
  var blockedSinceNanoseconds: UInt64?

  init(key: BatchKey, runs: [Range<Int>]) {
    self.key = key
    self.runs = runs
    rowCount = runs.reduce(0) { $0 + $1.count }
    missingRowCount = rowCount
  }

  /// As if nobody had begun with it. Its memory is gone.
  func beginAnew() {
    shortage = nil
    unscheduledBlocks = nil
    missingRowCount = rowCount
    partFailures = [:]
  }

  /// Whether it is ready and `buffer` its file in that place.
  func has(_ buffer: BatchBuffer, at place: Int) -> Bool { batch != nil && buffers.indices.contains(place) && buffers[place] === buffer }

  /// Lists the blocks that hold this batch's rows, each once.
  func learnBlocks(from order: FolderOrder) -> [Int] {
    if let unscheduledBlocks { return unscheduledBlocks }
    var blocks: [Int] = []
    var seen: Set<Int> = []
    for run in runs {
      // From position to position, since `sequential` has blocks without any: its shards without samples.
      var position = run.lowerBound
      while position < run.upperBound {
        let block = order.block(containing: position)
        if seen.insert(block).inserted { blocks.append(block) }
        position = order.positions(ofBlock: block).upperBound
      }
    }
    unscheduledBlocks = blocks
    return blocks
  }
}
