// The hot loop: rows of a decoded shard, transformed, into the batches of a block.

internal import BatchCache
internal import Platform
internal import SampleOrder
internal import ShardStore
internal import TensorPrograms

/// What became of one shard's rows.
struct ScatterOutcome {
  /// Rows written (or given up), by target.
  var rowCounts: [Int32]
  /// Targets that cannot be completed, with the reason.
  var failures: [Int: BatchError] = [:]
}

/// Scatters the rows of one shard that lie in one block.
struct RowScatter {
  let tensors: [TensorPlan]
  let targets: RowTargets
  let block: BlockOrder
  /// The shard's place on the epoch's line, and the part of it in this block.
  let shardStart: Int
  let places: Range<Int>

  /// Writes every row; a row whose value does not fit its tensor fails its batch only.
  func run(_ shard: DecodedShard, sourceName: String, path: String) -> ScatterOutcome {
    var outcome = ScatterOutcome(rowCounts: Array(repeating: 0, count: targets.targetCount))
    let writers = tensors.enumerated().map { RowWriter(tensor: $0.offset, plan: $0.element, shard: shard) }
    forEachRow { place, target, row in
      guard outcome.failures[target] == nil else { return }
      for writer in writers {
        if let problem = writer.write(sample: place - shardStart, target: target, row: row, targets: targets) {
          outcome.failures[target] = problem.error(source: sourceName, path: path, sample: place - shardStart)
        }
      }
      outcome.rowCounts[target] += 1
    }
    return outcome
  }

  /// Fails every batch that has a row of the shard.
  func fail(_ error: ShardError) -> ScatterOutcome {
    var outcome = ScatterOutcome(rowCounts: Array(repeating: 0, count: targets.targetCount))
    forEachRow { _, target, _ in outcome.failures[target] = .shard(error) }
    return outcome
  }

  /// Calls `body` with (place, target, row) for every row of the shard that a target wants.
  @inline(__always)
  private func forEachRow(_ body: (Int, Int, Int) -> Void) {
    let batchSize = targets.batchSize
    for place in places {
      let position = block.position(ofPlace: place)
      let ordinal = position / batchSize
      let target = ordinal - targets.firstOrdinal
      if target >= 0 && target < targets.denseCount && targets.isFilled(target) { body(place, target, position - ordinal * batchSize) }
      for run in targets.runs where run.positions.contains(position) { body(place, run.target, run.firstRow + position - run.positions.lowerBound) }
    }
  }
}

/// Writes rows of one tensor.
@safe
private final class RowWriter {
  enum Problem {
    case value(TensorValueError, tensor: String)
    case noMemory

    func error(source: String, path: String, sample: Int) -> BatchError {
      switch self {
      case .value(let error, let tensor): .value("source \(source): \(path): sample \(sample), tensor \(tensor): \(error)")
      case .noMemory: .noMemory("no memory is left for a batch; lower `memory` or give the machine more")
      }
    }
  }

  private let tensor: Int
  private let plan: TensorPlan
  private let shard: DecodedShard
  private let scratch: TensorScratch
  private let copied: Range<Int>?
  private let rowByteCount: Int
  private var rowBuffer: [UInt8]

  init(tensor: Int, plan: TensorPlan, shard: DecodedShard) {
    self.tensor = tensor
    self.plan = plan
    self.shard = shard
    scratch = TensorScratch()
    copied = plan.program.copiedRange
    rowByteCount = plan.rowByteCount
    rowBuffer = []
  }

  func write(sample: Int, target: Int, row: Int, targets: RowTargets) -> Problem? {
    let region = shard.region.region
    let bytes = region.bytes
    if let copied {
      let offset = Int(truncatingIfNeeded: shard.columns[plan.inputs[0]].byteOffsets[sample])
      let source = bytes.extracting(offset + copied.lowerBound..<offset + copied.upperBound)
      if let address = unsafe targets.address(target: target, tensor: tensor, row: row, rowByteCount: rowByteCount) {
        // Sound: the row lies in its buffer (targets are made for these tensors), and no source overlaps a buffer.
        unsafe source.withUnsafeBytes { unsafe address.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        return nil
      }
      return targets.write(source, target: target, tensor: tensor, row: row) ? nil : .noMemory
    }
    do throws(TensorValueError) {
      if let address = unsafe targets.address(target: target, tensor: tensor, row: row, rowByteCount: rowByteCount) {
        // Sound: as above; nobody else writes this row.
        var output = unsafe MutableRawSpan(_unsafeStart: address, byteCount: rowByteCount)
        try run(sample, bytes, &output)
        return nil
      }
      // Taken out of the object while it is written, so that it stays the array's only owner.
      var made = rowBuffer.isEmpty ? Array(repeating: 0, count: rowByteCount) : rowBuffer
      rowBuffer = []
      defer { rowBuffer = made }
      var span = made.mutableSpan
      var output = unsafe span.mutableBytes  // Sound: any byte is a valid UInt8.
      try run(sample, bytes, &output)
      return targets.write(output.bytes, target: target, tensor: tensor, row: row) ? nil : .noMemory
    } catch {
      return .value(error, tensor: plan.name)
    }
  }

  /// Makes the row from each of the tensor's columns.
  private func run(_ sample: Int, _ bytes: RawSpan, _ output: inout MutableRawSpan) throws(TensorValueError) {
    for column in plan.inputs.indices where plan.program.usesColumn(column) {
      let offset = Int(truncatingIfNeeded: shard.columns[plan.inputs[column]].byteOffsets[sample])
      try plan.program.run(column: column, input: bytes, inputOffset: offset, output: &output, outputOffset: 0, scratch: scratch)
    }
  }
}
