// The hot loop: rows of a decoded shard, transformed, into the batches of a block.

internal import BatchCache
internal import ByteParsing
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
  /// Parts of targets that cannot show a row, with the reason.
  var partFailures: [TargetPart: BatchError] = [:]
}

/// Scatters the rows of one shard that lie in one block, as they are decoded.
final class RowScatter {
  private let writers: [RowWriter]
  let targets: RowTargets
  /// Whether rows count as written when their values were gathered, since nothing else is written of them.
  let countsValues: Bool
  private let source: Source
  /// The rows of the shard that may lie in the block.
  private let rows: Range<Int>
  private let stored: any ShardSource
  private let shard: Int
  var outcome: ScatterOutcome

  /// How a row knows its places in batches.
  private enum Source {
    /// By the block's permutation; `shardStart` is the shard's first place on the epoch's line.
    case places(BlockOrder, shardStart: Int)
    /// From a list, where the shard's part is `range`.
    case listed(BlockRows, range: Range<Int>)
  }

  /// `places`: the part of the shard's places that lies in the block.
  convenience init(view: ViewPlan, targets: RowTargets, block: BlockOrder, shard: Int, shardStart: Int, places: Range<Int>) {
    let rows = places.lowerBound - shardStart..<places.upperBound - shardStart
    self.init(view, targets, .places(block, shardStart: shardStart), shard: shard, rows: rows)
  }

  /// `range`: the shard's part of the list; it is not empty.
  convenience init(view: ViewPlan, targets: RowTargets, listed list: BlockRows, range: Range<Int>, shard: Int) {
    let rows = Int(list.rows[range.lowerBound])..<Int(list.rows[range.upperBound - 1]) + 1
    self.init(view, targets, .listed(list, range: range), shard: shard, rows: rows)
  }

  private init(_ view: ViewPlan, _ targets: RowTargets, _ source: Source, shard: Int, rows: Range<Int>) {
    let columnNames = view.sourceColumns.map { view.source.columns[$0].name }
    writers = view.sinks.enumerated().map {
      RowWriter(sink: $0.offset, part: .tensor($0.element.tensor), plan: view.tensors[$0.element.tensor], columnNames: columnNames)
    }
    countsValues = view.sinks.isEmpty
    self.targets = targets
    self.source = source
    self.rows = rows
    stored = view.source
    self.shard = shard
    outcome = ScatterOutcome(rowCounts: Array(repeating: 0, count: targets.targetCount))
  }

  /// Where the rows lie that some target wants: of stored order, from the first to the last of them; else all that lie in the block.
  var wantedRows: Range<Int> {
    guard case .places(let block, let shardStart) = source, block.isStoredOrder, targets.runs.isEmpty, let filled = targets.filledPositions else { return rows }
    return rows.clamped(to: max(0, filled.lowerBound - shardStart)..<max(0, filled.upperBound - shardStart))
  }

  /// Writes those of `decoded` rows that are of the block; a row whose value does not fit its tensor fails that tensor of its batch only.
  func scatter(_ decoded: Range<Int>, of shard: DecodedShard) {
    forEachRow(decoded.clamped(to: rows)) { sample, target, row in
      for writer in writers {
        if let problem = writer.write(sample, of: shard, target: target, row: row, targets: targets) {
          note(problem, TargetPart(target: target, part: writer.part), sample: sample)
        }
      }
      outcome.rowCounts[target] += 1
    }
  }

  private func note(_ problem: RowWriter.Problem, _ place: TargetPart, sample: Int) {
    if case .noMemory = problem {
      outcome.failures[place.target] = .noMemory("\(problem)")
    } else if outcome.partFailures[place] == nil {
      outcome.partFailures[place] = unshown(sample, "\(problem)")
    }
  }

  /// What is wrong with a row of the shard, which is counted in the file that the error names.
  func unshown(_ sample: Int, _ message: String) -> BatchError {
    let row = stored.fileRow(sample, ofShard: shard)
    return .value(ShardError(source: stored.name, path: stored.path(ofShard: shard), message: "sample \(row), \(message)"))
  }

  /// Fails every batch that has one of the shard's rows `lost`, or any of the shard.
  func fail(_ error: ShardError, rows lost: Range<Int>? = nil) {
    guard let lost, lost != wantedRows else { return fail(.shard(error)) }
    fail(.shard(error), rows: lost)
  }

  func fail(_ error: BatchError) {
    hasFailedAll = true
    fail(error, rows: rows)
  }

  func fail(_ error: BatchError, rows lost: Range<Int>) { forEachRow(lost.clamped(to: rows)) { _, target, _ in outcome.failures[target] = error } }

  /// Runs `body`, which scatters rows; where it throws they do not count as written.
  func attempt<Result>(_ body: () throws(ShardError) -> Result) throws(ShardError) -> Result {
    let counts = outcome.rowCounts
    do throws(ShardError) { return try body() } catch {
      outcome.rowCounts = counts
      throw error
    }
  }

  /// The shard could not be decoded: there is nothing to gather.
  private(set) var hasFailedAll = false

  /// Calls `body` for every row that is to be written.
  func forEachRow(_ body: (_ sample: Int, _ target: Int, _ row: Int) -> Void) { forEachRow(rows, body) }

  /// Calls `body` with (sample, target, row) for every one of the shard's rows that a target wants.
  @inline(__always)
  private func forEachRow(_ rows: Range<Int>, _ body: (Int, Int, Int) -> Void) {
    switch source {
    case .places(let block, let shardStart): forEachRow(rows, block, shardStart, body)
    case .listed(let list, let range): forEachRow(rows, list, range, body)
    }
  }

  @inline(__always)
  private func forEachRow(_ rows: Range<Int>, _ list: BlockRows, _ range: Range<Int>, _ body: (Int, Int, Int) -> Void) {
    let batchSize = targets.batchSize
    var index = list.firstIndex(ofRow: rows.lowerBound, in: range)
    while index < range.upperBound, Int(list.rows[index]) < rows.upperBound {
      let (target, row) = Int(list.slots[index]).quotientAndRemainder(dividingBy: batchSize)
      body(Int(list.rows[index]), target, row)
      index += 1
    }
  }

  @inline(__always)
  private func forEachRow(_ rows: Range<Int>, _ block: BlockOrder, _ shardStart: Int, _ body: (Int, Int, Int) -> Void) {
    let batchSize = targets.batchSize
    for sample in rows {
      let position = block.position(ofPlace: shardStart + sample)
      let ordinal = position / batchSize
      let target = ordinal - targets.firstOrdinal
      if target >= 0 && target < targets.denseCount && targets.isFilled(target) { body(sample, target, position - ordinal * batchSize) }
      for run in targets.runs where run.positions.contains(position) { body(sample, run.target, run.firstRow + position - run.positions.lowerBound) }
    }
  }
}

/// Writes rows of one tensor.
@safe
private final class RowWriter {
  enum Problem: Error, CustomStringConvertible {
    case value(TensorValueError, tensor: String)
    case null(UnshownNull, column: String, tensor: String)
    case noMemory

    var description: String {
      switch self {
      case .value(let error, let tensor): "tensor \(tensor): \(error)"
      case .null(let null, let column, let tensor): "tensor \(tensor): \(null.message(column: column))"
      case .noMemory: "no memory is left for a batch; lower `memory` or give the machine more"
      }
    }
  }

  let part: BatchPart
  private let sink: Int
  private let plan: TensorPlan
  /// The columns that something is made from: their numbers in the program, and their places among the view's.
  private let inputs: [(column: Int, place: Int)]
  /// Of the view's columns.
  private let columnNames: [String]
  private let scratch: TensorScratch
  private let copied: Range<Int>?
  private let rowByteCount: Int
  private var rowBuffer: [UInt8]

  init(sink: Int, part: BatchPart, plan: TensorPlan, columnNames: [String]) {
    self.part = part
    self.sink = sink
    self.columnNames = columnNames
    self.plan = plan
    inputs = plan.inputs.enumerated().filter { plan.program.usesColumn($0.offset) }.map { ($0.offset, $0.element) }
    scratch = TensorScratch()
    copied = plan.program.copiedRange
    rowByteCount = plan.rowByteCount
    rowBuffer = []
  }

  func write(_ sample: Int, of shard: DecodedShard, target: Int, row: Int, targets: RowTargets) -> Problem? {
    let region = shard.region.region
    let bytes = region.bytes
    if let copied {
      let place = inputs[0].place
      let column = shard.columns[place]
      // Values that are only copied stay what they are, and nothing among them stands for null.
      if column.isNull(row: sample, in: bytes) { return null(in: column, place: place, sample, bytes) }
      let offset = column.byteOffset(ofRow: sample, in: bytes)
      let source = bytes.extracting(offset + copied.lowerBound..<offset + copied.upperBound)
      if let address = unsafe targets.address(target: target, sink: sink, row: row, rowByteCount: rowByteCount) {
        // Sound: the row lies in its buffer (targets are made for these tensors), and no source overlaps a buffer.
        unsafe source.withUnsafeBytes { unsafe address.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        return nil
      }
      return targets.write(source, target: target, sink: sink, row: row) ? nil : .noMemory
    }
    do throws(Problem) {
      if let address = unsafe targets.address(target: target, sink: sink, row: row, rowByteCount: rowByteCount) {
        // Sound: as above; nobody else writes this row.
        var output = unsafe MutableRawSpan(_unsafeStart: address, byteCount: rowByteCount)
        try run(sample, of: shard, bytes, &output)
        return nil
      }
      // Taken out of the object while it is written, so that it stays the array's only owner.
      var made = rowBuffer.isEmpty ? Array(repeating: 0, count: rowByteCount) : rowBuffer
      rowBuffer = []
      defer { rowBuffer = made }
      try made.withMutableRawSpan { (output) throws(Problem) in try run(sample, of: shard, bytes, &output) }
      return targets.write(made.rawSpan, target: target, sink: sink, row: row) ? nil : .noMemory
    } catch {
      return error
    }
  }

  /// Makes the row from each of the tensor's columns.
  private func run(_ sample: Int, of shard: DecodedShard, _ bytes: RawSpan, _ output: inout MutableRawSpan) throws(Problem) {
    for index in inputs.indices {
      let input = inputs[index]
      let column = shard.columns[input.place]
      if column.isNull(row: sample, in: bytes) {
        let isElement = column.isNullElement(row: sample, in: bytes)
        if !isElement, plan.program.runNull(column: input.column, output: &output, outputOffset: 0, scratch: scratch) { continue }
        throw null(in: column, place: input.place, sample, bytes)
      }
      let offset = column.byteOffset(ofRow: sample, in: bytes)
      do throws(TensorValueError) {
        try plan.program.run(column: input.column, input: bytes, inputOffset: offset, output: &output, outputOffset: 0, scratch: scratch)
      } catch {
        throw .value(error, tensor: plan.name)
      }
    }
  }

  private func null(in column: DecodedColumn, place: Int, _ sample: Int, _ bytes: RawSpan) -> Problem {
    let null: UnshownNull = column.isNullElement(row: sample, in: bytes) ? .element : .row(typeWithNaN: plan.program.typeWithNaN)
    return .null(null, column: columnNames[place], tensor: plan.name)
  }
}
