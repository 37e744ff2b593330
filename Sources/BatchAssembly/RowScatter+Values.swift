// Values of differing length, and rows as JSON, of one shard: gathered for the batches of a block.

internal import BatchCache
internal import NumPyFormat
internal import Platform
internal import ShardStore
internal import Synchronization

extension RowScatter {
  /// Adds the values of the shard's rows to their batches; a row that cannot be shown fails those of its batch's files that would show it.
  /// - Parameter makeRoom: asked for memory; only for batches that somebody waits for, others are given up where there is none.
  func gather(_ values: ShardValues, _ plan: ValuePlan, budget: MemoryBudget, makeRoom: (Int) -> Void) {
    let lines = plan.hasLines ? JSONLines(plan) : nil
    let reserve = budget.capByteCount / 8
    var bytes: [UInt8] = []
    forEachRow { sample, target, row in
      guard outcome.failures[target] == nil, let rows = targets.rows[target] else { return }
      let isAwaited = rows.isAwaited.load(ordering: .relaxed)
      // What nobody waits for yet leaves room for what somebody does.
      guard isAwaited || budget.availableByteCount > reserve else { return outcome.failures[target] = Self.noRoom }
      for part in 0..<plan.partCount {
        let place = TargetPart(target: target, part: plan.part(part))
        if outcome.partFailures[place] != nil { continue }
        bytes.removeAll(keepingCapacity: true)
        let problem =
          part < plan.ragged.count
          ? append(plan.ragged[part], row: sample, of: values, to: &bytes) : lines?.append(row: sample, of: values, to: &bytes)
        if let problem {
          outcome.partFailures[place] = unshown(sample, problem)
          continue
        }
        if !rows.append(bytes, part: part, row: row, budget: budget, makeRoom: isAwaited ? makeRoom : { _ in }) {
          outcome.failures[target] = Self.noRoom
          return
        }
      }
      if countsValues { outcome.rowCounts[target] += 1 }
    }
  }

  /// Appends a row of a ragged tensor. Answers what cannot be shown, where something cannot.
  private func append(_ ragged: ValuePlan.Ragged, row: Int, of values: ShardValues, to bytes: inout [UInt8]) -> String? {
    let (piece, pieceRow) = values.place(ofRow: row, column: ragged.column)
    if let null = piece.unshownNull(row: pieceRow, hasNullValue: ragged.elementType.hasNullValue) {
      return "tensor \(ragged.name): \(null.message(column: ragged.columnName))"
    }
    piece.appendElements(ofRow: pieceRow, elementByteCount: ragged.elementType.byteCount, to: &bytes)
    return nil
  }

  static var noRoom: BatchError { .noMemory("no memory is left under the cap for a batch whose rows differ in size; raise `memory` or lower `batch_size`") }
}

extension ColumnPiece {
  /// The elements of a row of a plain list, text or bytes.
  func appendElements(ofRow row: Int, elementByteCount: Int, to bytes: inout [UInt8]) {
    let mapping = region.region
    let all = mapping.bytes
    let range = elementRange(level: 0, row, in: all)
    let begin = values.lowerBound + range.lowerBound * elementByteCount
    // Sound: the buffer lives for the whole call, and is copied.
    unsafe all.extracting(begin..<begin + range.count * elementByteCount).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }

  /// Where the entries of a list of some level stand in the next.
  func elementRange(level: Int, _ index: Int, in all: RawSpan) -> Range<Int> {
    let begin = offsets[level].lowerBound + 8 * index
    // Sound: bounds checked by the span, and every pattern of bits is a number.
    let (low, high) = unsafe (
      all.unsafeLoadUnaligned(fromByteOffset: begin, as: Int64.self), all.unsafeLoadUnaligned(fromByteOffset: begin + 8, as: Int64.self)
    )
    return Int(low)..<Int(high)
  }
}
