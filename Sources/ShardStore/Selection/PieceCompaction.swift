// A piece of a column without the rows that are not selected.

internal import BatchCache
internal import NumPyFormat
internal import Platform

struct PieceCompaction {
  private let piece: ColumnPiece
  /// Bytes of one element, or of one row's whole array.
  private let itemByteCount: Int
  /// Of columns of fixed shape.
  private let shape: [Int]

  init(_ piece: ColumnPiece, _ column: StoredColumn) {
    self.piece = piece
    switch column.values {
    case .fixed(let type, let shape):
      itemByteCount = ArrayShape.byteCount(shape, elementType: type) ?? 0
      self.shape = shape
    case .ragged(let type, _):
      itemByteCount = type.byteCount
      shape = []
    case .unreadable: (itemByteCount, shape) = (0, [])
    }
  }

  /// The rows of the runs that `forEachRun` calls its body with, ascending, in memory of their own.
  func compacted(budget: MemoryBudget, _ forEachRun: ((Range<Int>) -> Void) -> Void) throws(ColumnError) -> ColumnPiece {
    // Of each level of slots how many are left; of a column of fixed shape the rows come first, then what its axes have.
    var counts = [Int](repeating: 0, count: levelCount)
    forEachRun { run in forEachLevel(of: run) { level, slots in counts[level] += slots.count } }
    let rowCount = counts[0]
    let itemCount = piece.offsets.isEmpty ? rowCount : counts[piece.offsets.count]
    var next = 0
    func take(_ byteCount: Int) -> Range<Int> {
      defer { next = (next + byteCount + 7) & ~7 }
      return next..<next + byteCount
    }
    let offsets = piece.offsets.indices.map { take(8 * (counts[$0] + 1)) }
    let values = take(itemCount * itemByteCount)
    let nulls = piece.nulls.enumerated().map { level, nulls in nulls.map { _ in take(counts[level]) } }
    guard let region = budget.region(byteCount: next) else { throw .noMemory(byteCount: next) }
    fill(region, offsets, values, nulls, forEachRun)
    return ColumnPiece(
      rowCount: rowCount, region: region, values: values, nulls: nulls, offsets: offsets, decodedByteCount: piece.decodedByteCount,
      storedByteCount: piece.storedByteCount)
  }

  private var levelCount: Int { piece.offsets.count + shape.count + 1 }

  /// Calls `body` with the slots of each level that belong to some rows.
  private func forEachLevel(of rows: Range<Int>, _ body: (_ level: Int, _ slots: Range<Int>) -> Void) {
    var slots = rows
    for level in 0..<levelCount {
      body(level, slots)
      if level < piece.offsets.count {
        slots = places(slots, level)
      } else if level < shape.count {
        slots = slots.lowerBound * shape[level]..<slots.upperBound * shape[level]
      }
    }
  }

  private func fill(
    _ region: ChargedRegion, _ offsets: [Range<Int>], _ values: Range<Int>, _ nulls: [Range<Int>?], _ forEachRun: ((Range<Int>) -> Void) -> Void
  ) {
    let sourceMapping = piece.region.region
    let source = sourceMapping.bytes
    let target = region.region
    var nextSlots = [Int](repeating: 0, count: offsets.count)
    var lastPlaces = nextSlots
    var nextNulls = nulls.map { $0?.lowerBound ?? 0 }
    var nextValue = values.lowerBound
    func copy(_ range: Range<Int>, to place: inout Int) {
      target.withMutableBytes(place..<place + range.count) { $0.copy(source.extracting(range)) }
      place += range.count
    }
    func store(_ place: Int, at slot: Int, _ level: Int) {
      let offset = offsets[level].lowerBound + 8 * slot
      target.withMutableBytes(offset..<offset + 8) { $0.storeBytes(of: Int64(place), as: Int64.self) }
    }
    for level in offsets.indices { store(0, at: 0, level) }
    forEachRun { run in
      forEachLevel(of: run) { level, slots in
        if let nulls = piece.nulls(level: level) { copy(nulls.lowerBound + slots.lowerBound..<nulls.lowerBound + slots.upperBound, to: &nextNulls[level]) }
        if level == offsets.count {
          copy(piece.values.lowerBound + slots.lowerBound * itemByteCount..<piece.values.lowerBound + slots.upperBound * itemByteCount, to: &nextValue)
        }
        guard level < offsets.count else { return }
        for slot in slots {
          lastPlaces[level] += place(slot + 1, level) - place(slot, level)
          nextSlots[level] += 1
          store(lastPlaces[level], at: nextSlots[level], level)
        }
      }
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
