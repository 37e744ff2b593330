// Whether the parts of a piece fit each other: whoever goes from offsets to values relies on it.

internal import BatchCache
internal import NumPyFormat
internal import Platform

extension ColumnPiece {
  /// For each level of lists, how many entries its lists have together: the last of its offsets.
  public var elementCounts: [Int] {
    let mapping = region.region
    let bytes = mapping.bytes
    // Sound: eight bytes as a number, bounds checked by the span.
    return offsets.map { unsafe Int(Int64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: $0.upperBound - 8, as: Int64.self))) }
  }

  /// What is wrong with the piece's parts, if anything: nothing of it may be shown then.
  func problem(of column: StoredColumn, rowCount expected: Int) -> String? {
    guard rowCount == expected else { return "has \(rowCount) rows, not \(expected)" }
    // Of each level how many slots there are.
    var slotCounts = [rowCount]
    switch column.values {
    case .unreadable(let reason): return reason
    case .fixed(let type, let shape):
      let byteCount = shape.reduce(rowCount * type.byteCount, *)
      guard values.count == byteCount && offsets.isEmpty else { return "has \(values.count) bytes of values, not \(byteCount)" }
      for length in shape { slotCounts.append(slotCounts[slotCounts.count - 1] * length) }
    case .ragged(let type, let depth):
      guard offsets.count == depth else { return "has \(offsets.count) levels of lists, not \(depth)" }
      var slotCount = rowCount
      for (level, count) in zip(offsets, elementCounts) {
        guard level.count == 8 * (slotCount + 1), count >= 0 else { return "has \(level.count) bytes of offsets for \(slotCount) lists, and \(count) in them" }
        slotCount = count
        slotCounts.append(count)
      }
      let (byteCount, overflow) = slotCount.multipliedReportingOverflow(by: type.byteCount)
      guard !overflow, values.count == byteCount else { return "has \(values.count) bytes of values for \(slotCount) elements" }
    }
    for (level, part) in nulls.enumerated() {
      guard let part else { continue }
      guard level < slotCounts.count, part.count == slotCounts[level] else {
        return "has \(part.count) bytes of nulls for the \(level < slotCounts.count ? slotCounts[level] : 0) slots of level \(level)"
      }
    }
    return nil
  }
}

extension ColumnSource {
  /// A piece that was decoded, or a run of its rows, if its parts fit each other and are `rowCount` rows.
  ///
  /// - Parameter number: the piece's.
  /// - Throws: `.shard` where they do not: what is stored contradicts itself.
  public func checked(_ piece: ColumnPiece, ofColumn column: Int, number: Int, rowCount: Int) throws(ColumnError) -> ColumnPiece {
    let description = storedColumns[column]
    guard let problem = piece.problem(of: description, rowCount: rowCount) else { return piece }
    // Every source of a configuration has a name.
    let name = (self as? any ShardSource)?.name ?? ""
    throw .shard(
      ShardError(source: name, path: path(ofColumn: column, piece: number), message: "piece \(number) of column \(description.name) \(problem)"))
  }
}
