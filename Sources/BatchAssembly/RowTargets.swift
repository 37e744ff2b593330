// Where the rows of one block go: the memory of the batches that a pass fills.

internal import BatchCache
internal import SampleOrder

/// The batches of one pass, as its workers see them: for a position of the block, the row of a buffer. Immutable.
@safe
final class RowTargets: @unchecked Sendable {
  // Sound: the addresses point into `buffers`, which this object keeps alive; each row is written by the one worker that holds its shard,
  // and nobody reads before the batch is published under the assembler's lock.
  /// Batches `firstOrdinal ..< firstOrdinal + denseCount`, by arithmetic on the position; then wrapped ones, by `runs`.
  let firstOrdinal: Int
  let denseCount: Int
  let batchSize: Int
  let sinkCount: Int
  let runs: [Run]
  /// Whether a batch is filled by this pass, by target.
  private let filled: [Bool]
  /// Where rows of differing length go, by target; nil where the view has none.
  let rows: [VariableRows?]
  /// Entry `target * sinkCount + sink`; nil where that batch is not filled by this pass.
  private let buffers: [BatchBuffer?]
  /// The address of the first row, where the buffer is ordinary memory.
  private let firstRows: [UnsafeMutableRawPointer?]
  /// The file offset of the first row.
  private let payloadOffsets: [Int]

  /// Positions of a wrapped batch that are consecutive rows of it.
  struct Run {
    let positions: Range<Int>
    let firstRow: Int
    let target: Int
  }

  /// One batch of the pass: the buffers of the view's sinks, and where their rows begin; the rows that are gathered.
  struct Target {
    let buffers: [BatchBuffer?]
    let payloadOffsets: [Int]
    let rows: VariableRows?
  }

  /// `dense[k]` is batch `firstOrdinal + k`, nil where it is not to be filled.
  init(firstOrdinal: Int, batchSize: Int, sinkCount: Int, dense: [Target?], wrapped: [(target: Target, runs: [Range<Int>])]) {
    self.firstOrdinal = firstOrdinal
    self.batchSize = batchSize
    self.sinkCount = sinkCount
    denseCount = dense.count
    var buffers: [BatchBuffer?] = []
    var addresses: [UnsafeMutableRawPointer?] = unsafe []
    var offsets: [Int] = []
    let targets = dense + wrapped.map { Optional.some($0.target) }
    filled = targets.map { $0 != nil }
    rows = targets.map { $0?.rows }
    for target in targets {
      for sink in 0..<sinkCount {
        let buffer = target?.buffers[sink]
        let offset = target?.payloadOffsets[sink] ?? 0
        buffers.append(buffer)
        unsafe addresses.append(buffer?.address.map { unsafe $0 + offset })
        offsets.append(offset)
      }
    }
    self.buffers = buffers
    unsafe firstRows = addresses
    payloadOffsets = offsets
    var runs: [Run] = []
    for (index, item) in wrapped.enumerated() {
      var row = 0
      for run in item.runs {
        runs.append(Run(positions: run, firstRow: row, target: dense.count + index))
        row += run.count
      }
    }
    self.runs = runs
  }

  var targetCount: Int { filled.count }

  /// The positions from the first dense batch that is filled to the last; nil where none is.
  var filledPositions: Range<Int>? {
    guard let first = (0..<denseCount).first(where: isFilled), let last = (0..<denseCount).last(where: isFilled) else { return nil }
    return (firstOrdinal + first) * batchSize..<(firstOrdinal + last + 1) * batchSize
  }

  func isFilled(_ target: Int) -> Bool { filled[target] }

  /// The memory of a row, or nil where it lies in a memory file: then `write` is the way.
  @unsafe @inline(__always)
  func address(target: Int, sink: Int, row: Int, rowByteCount: Int) -> UnsafeMutableRawPointer? {
    unsafe firstRows[target * sinkCount + sink].map { unsafe $0 + row * rowByteCount }
  }

  func write(_ bytes: RawSpan, target: Int, sink: Int, row: Int) -> Bool {
    let index = target * sinkCount + sink
    return buffers[index]?.write(bytes, at: payloadOffsets[index] + row * bytes.byteCount) ?? true
  }
}
