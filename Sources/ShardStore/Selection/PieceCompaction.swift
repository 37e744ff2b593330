// A piece of a column without the rows that are not selected.

internal import BatchCache
internal import NumPyFormat
internal import Platform

struct PieceCompaction {
  private let piece: ColumnPiece
  /// Bytes of one element, or of one row's whole array.
  private let itemByteCount: Int
  /// The level whose slots are the elements that may be null: those of the innermost lists, and texts have a level of offsets of their own below it.
  private let elementLevel: Int

  init(_ piece: ColumnPiece, _ column: StoredColumn) {
    self.piece = piece
    elementLevel = piece.offsets.count - (column.isText || column.isBytes ? 1 : 0)
    switch column.values {
    case .fixed(let type, let shape): itemByteCount = ArrayShape.byteCount(shape, elementType: type) ?? 0
    case .ragged(let type, _): itemByteCount = type.byteCount
    case .unreadable: itemByteCount = 0
    }
  }

  /// The rows of the runs that `forEachRun` calls its body with, ascending, in memory of their own.
  func compacted(budget: MemoryBudget, _ forEachRun: ((Range<Int>) -> Void) -> Void) throws(ColumnError) -> ColumnPiece {
    // Of each level of lists, outermost first, and at last the elements: how many slots are left.
    var counts = [Int](repeating: 0, count: piece.offsets.count + 1)
    forEachRun { run in
      var slots = run
      for level in counts.indices {
        counts[level] += slots.count
        if level < piece.offsets.count { slots = places(slots, level) }
      }
    }
    let rowCount = counts[0]
    let itemCount = counts[counts.count - 1]
    var next = 0
    func take(_ byteCount: Int) -> Range<Int> {
      defer { next = (next + byteCount + 7) & ~7 }
      return next..<next + byteCount
    }
    let offsets = piece.offsets.indices.map { take(8 * (counts[$0] + 1)) }
    let values = take(itemCount * itemByteCount)
    let rowNulls = piece.rowNulls.map { _ in take(rowCount) }
    let elementNulls = piece.elementNulls.map { _ in take(counts[elementLevel]) }
    guard let region = budget.region(byteCount: next) else { throw .noMemory(byteCount: next) }
    fill(region, offsets, values, rowNulls, elementNulls, forEachRun)
    return ColumnPiece(
      rowCount: rowCount, region: region, values: values, rowNulls: rowNulls, offsets: offsets, elementNulls: elementNulls,
      decodedByteCount: piece.decodedByteCount, storedByteCount: piece.storedByteCount)
  }

  private func fill(
    _ region: ChargedRegion, _ offsets: [Range<Int>], _ values: Range<Int>, _ rowNulls: Range<Int>?, _ elementNulls: Range<Int>?,
    _ forEachRun: ((Range<Int>) -> Void) -> Void
  ) {
    let sourceMapping = piece.region.region
    let source = sourceMapping.bytes
    let target = region.region
    var nextSlots = [Int](repeating: 0, count: offsets.count)
    var lastPlaces = nextSlots
    var (nextValue, nextRowNull, nextElementNull) = (values.lowerBound, rowNulls?.lowerBound ?? 0, elementNulls?.lowerBound ?? 0)
    func copy(_ range: Range<Int>, to place: inout Int) {
      target.withMutableBytes(place..<place + range.count) { $0.copy(source.extracting(range)) }
      place += range.count
    }
    func store(_ place: Int, at slot: Int, _ level: Int) {
      let offset = offsets[level].lowerBound + 8 * slot
      target.withMutableBytes(offset..<offset + 8) { $0.storeBytes(of: Int64(place), as: Int64.self) }
    }
    func copyElementNulls(_ slots: Range<Int>) {
      if let nulls = piece.elementNulls { copy(nulls.lowerBound + slots.lowerBound..<nulls.lowerBound + slots.upperBound, to: &nextElementNull) }
    }
    for level in offsets.indices { store(0, at: 0, level) }
    forEachRun { run in
      if let nulls = piece.rowNulls { copy(nulls.lowerBound + run.lowerBound..<nulls.lowerBound + run.upperBound, to: &nextRowNull) }
      var slots = run
      for level in offsets.indices {
        if level == elementLevel { copyElementNulls(slots) }
        for slot in slots {
          lastPlaces[level] += place(slot + 1, level) - place(slot, level)
          nextSlots[level] += 1
          store(lastPlaces[level], at: nextSlots[level], level)
        }
        slots = places(slots, level)
      }
      copy(piece.values.lowerBound + slots.lowerBound * itemByteCount..<piece.values.lowerBound + slots.upperBound * itemByteCount, to: &nextValue)
      if elementLevel == offsets.count { copyElementNulls(slots) }
    }
  }

  /// The slots of the next level that some slots of a level hold.
  private func places(_ slots: Range<Int>, _ level: Int) -> Range<Int> { place(slots.lowerBound, level)..<place(slots.upperBound, level) }

  private func place(_ slot: Int, _ level: Int) -> Int {
    let mapping = piece.region.region
    let bytes = mapping.bytes
    // Sound: bounds checked by the span; every pattern of bits is an integer.
    return unsafe Int(bytes.unsafeLoadUnaligned(fromByteOffset: piece.offsets[level].lowerBound + 8 * slot, as: Int64.self))
  }
}
