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
  let tensorCount: Int
  let runs: [Run]
  /// Entry `target * tensorCount + tensor`; nil where that batch is not filled by this pass.
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

  /// One batch of the pass: its buffers, in the view's order of tensors, and where their rows begin.
  struct Target {
    let buffers: [BatchBuffer]
    let payloadOffsets: [Int]
  }

  /// `dense[k]` is batch `firstOrdinal + k`, nil where it is not to be filled.
  init(firstOrdinal: Int, batchSize: Int, tensorCount: Int, dense: [Target?], wrapped: [(target: Target, runs: [Range<Int>])]) {
    self.firstOrdinal = firstOrdinal
    self.batchSize = batchSize
    self.tensorCount = tensorCount
    denseCount = dense.count
    var buffers: [BatchBuffer?] = []
    var addresses: [UnsafeMutableRawPointer?] = unsafe []
    var offsets: [Int] = []
    for target in dense + wrapped.map(\.target) {
      for tensor in 0..<tensorCount {
        let buffer = target?.buffers[tensor]
        let offset = target?.payloadOffsets[tensor] ?? 0
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

  var targetCount: Int { tensorCount == 0 ? 0 : buffers.count / tensorCount }

  /// The positions from the first dense batch that is filled to the last; nil where none is.
  var filledPositions: Range<Int>? {
    guard let first = (0..<denseCount).first(where: isFilled), let last = (0..<denseCount).last(where: isFilled) else { return nil }
    return (firstOrdinal + first) * batchSize..<(firstOrdinal + last + 1) * batchSize
  }

  func isFilled(_ target: Int) -> Bool { buffers[target * tensorCount] != nil }

  /// The memory of a row, or nil where it lies in a memory file: then `write` is the way.
  @unsafe @inline(__always)
  func address(target: Int, tensor: Int, row: Int, rowByteCount: Int) -> UnsafeMutableRawPointer? {
    unsafe firstRows[target * tensorCount + tensor].map { unsafe $0 + row * rowByteCount }
  }

  func write(_ bytes: RawSpan, target: Int, tensor: Int, row: Int) -> Bool {
    let index = target * tensorCount + tensor
    return buffers[index]?.write(bytes, at: payloadOffsets[index] + row * bytes.byteCount) ?? true
  }
}
