// Where the entries of a file of whole columns come from.

internal import BatchCache
internal import ByteParsing
internal import Platform
internal import SampleOrder
internal import ShardStore

/// A file's first axis, cut into pieces. Entries are rows, elements, or offsets; of offsets the last comes from no piece.
struct ArrayTable: Sendable {
  let header: [UInt8]
  let entryByteCount: Int
  let entryCount: Int
  private let part: ArrayFile.Part
  private let rows: ShardTable
  /// Of ragged columns.
  private let sizes: ColumnSizes?
  /// The level whose lists the entries are; -1 for rows.
  private let level: Int

  /// Nil where the sizes that it takes are not all known.
  init?(_ file: ArrayFile, of plan: ArraysPlan, sizes: ColumnSizes?) {
    rows = plan.source.pieces(ofColumn: file.column)
    part = file.part
    self.sizes = sizes
    switch file.part {
    case .rows, .rowElementNulls: level = -1
    case .offsets(let slots), .nulls(let slots): level = slots - 1
    case .elements: level = (sizes?.starts.count ?? 0) - 1
    }
    if let count = plan.elementCount(of: file) {
      entryCount = count
    } else {
      guard let sizes, sizes.failure == nil else { return nil }
      // A sum that no array can have.
      guard sizes.total(level: level) < 1 << 56 else { return nil }
      entryCount = sizes.total(level: level) + (Self.isOffsets(part) ? 1 : 0)
    }
    header = plan.header(of: file, elementCount: entryCount)
    entryByteCount = plan.entryByteCount(of: file)
  }

  private static func isOffsets(_ part: ArrayFile.Part) -> Bool { if case .offsets = part { true } else { false } }

  var byteCount: Int { header.count + entryCount * entryByteCount }

  /// The entries that come from pieces.
  private var pieceEntryCount: Int { Self.isOffsets(part) ? entryCount - 1 : entryCount }

  private func start(ofPiece piece: Int) -> Int { level < 0 ? rows.start(of: piece) : sizes?.starts[level][piece] ?? 0 }

  func entries(ofPiece piece: Int) -> Range<Int> { start(ofPiece: piece)..<start(ofPiece: piece + 1) }

  /// The piece that holds an entry; nil for what is in none.
  func piece(ofEntry entry: Int) -> Int? {
    guard entry < pieceEntryCount, entryByteCount > 0 else { return nil }
    var (low, high) = (0, rows.shardCount)
    while low + 1 < high {
      let middle = (low + high) / 2
      if start(ofPiece: middle) <= entry { low = middle } else { high = middle }
    }
    return low
  }

  /// The bytes of the file that a read gets.
  func range(_ byteOffset: Int, _ byteCount: Int) -> Range<Int> {
    let begin = min(byteOffset, self.byteCount)
    return begin..<begin + min(byteCount, self.byteCount - begin)
  }

  /// Whether bytes of offsets can be told although not all sizes are known: those of the pieces before the first that is not.
  func isKnown(_ range: Range<Int>) -> Bool {
    guard let sizes, sizes.failure != nil else { return true }
    return range.upperBound <= header.count + rows.start(of: sizes.knownPieceCount) * entryByteCount
  }

  /// The last offset: how many entries there are in all lists.
  var lastEntry: [UInt8]? {
    guard case .offsets(let outer) = part, let sizes, sizes.failure == nil else { return nil }
    return Self.bytes(Int64(sizes.total(level: outer)))
  }

  /// Where a piece's entries lie in its memory as they are in the file; nil where they must be made.
  func stored(_ piece: ColumnPiece) -> Range<Int>? {
    switch part {
    case .rows, .elements: piece.values
    case .rowElementNulls(let level), .nulls(let level): piece.nulls(level: level)
    case .offsets: nil
    }
  }

  /// Writes `bytes` of the piece's entries to `target` of the buffer.
  func write(_ piece: ColumnPiece, _ number: Int, bytes range: Range<Int>, into buffer: BatchBuffer, at target: Int) {
    if range.isEmpty { return }
    let mapping = piece.region.region
    let memory = mapping.bytes
    if let stored = stored(piece) {
      _ = buffer.write(memory.extracting(stored.lowerBound + range.lowerBound..<stored.lowerBound + range.upperBound), at: target)
      return
    }
    guard case .offsets(let outer) = part else { return writeZeros(range.count, into: buffer, at: target) }
    // Offsets count from the piece's own first; in the file they count from the column's. Some at a time, so that little memory is taken for it.
    let base = Int64(sizes?.starts[outer][number] ?? 0)
    let begin = piece.offsets[outer].lowerBound
    var numbers: [Int64] = []
    var next = range.lowerBound / 8
    let end = (range.upperBound + 7) / 8
    while next < end {
      let count = min(1024, end - next)
      numbers.removeAll(keepingCapacity: true)
      for entry in next..<next + count {
        // Sound: eight bytes as a number, bounds checked by the span.
        numbers.append(unsafe base + Int64(littleEndian: memory.unsafeLoadUnaligned(fromByteOffset: begin + 8 * entry, as: Int64.self)).littleEndian)
      }
      let part = (8 * next..<8 * (next + count)).clamped(to: range)
      let span = numbers.span
      // Sound: numbers as bytes.
      _ = unsafe buffer.write(span.bytes.extracting(part.lowerBound - 8 * next..<part.upperBound - 8 * next), at: target + part.lowerBound - range.lowerBound)
      next += count
    }
  }

  /// Nulls of a piece that has none.
  private func writeZeros(_ count: Int, into buffer: BatchBuffer, at target: Int) {
    let zeros = [UInt8](repeating: 0, count: min(count, 4096))
    for begin in stride(from: 0, to: count, by: zeros.count) {
      _ = buffer.write(zeros.rawSpan.extracting(0..<min(zeros.count, count - begin)), at: target + begin)
    }
  }

  private static func bytes(_ number: Int64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * Int64($0))) } }
}
