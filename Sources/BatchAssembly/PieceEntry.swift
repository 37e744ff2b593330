// What the assembler knows about a piece of a column that is wanted, being decoded, or ready; and about a column whose sizes are looked for.

internal import BatchCache
internal import NumPyFormat
internal import Platform
internal import ShardStore

/// Reached only with the assembler's lock held.
final class PieceEntry {
  typealias Waiter = @Sendable (Result<ColumnPiece, BatchError>) -> Void
  enum Phase {
    case waiting, decoding
    case ready(ColumnPiece)
  }

  let key: PieceKey
  var phase = Phase.waiting
  var waiters: [Waiter] = []
  /// Somebody waits for it, or for the sizes of its column; otherwise it prepares what will be read next.
  var isDemanded: Bool
  /// A read waits for it that holds memory.
  var isAwaitedByHolder = false
  /// Since when; until then the cap may have no room.
  let beginNanoseconds: UInt64
  /// What the last attempt lacked; it is not decoded again before there is so much room.
  var missingByteCount = 0
  var lastUse: UInt64 = 0
  var lastUseNanoseconds: UInt64 = 0
  /// Bytes of it that readers asked for; since it was consumed, since then.
  var servedByteCount = 0
  /// Read to its end: it goes before those that were not.
  var isConsumed = false
  /// Its place in line, and its last use when it joined.
  var ticket: UInt64 = 0
  var joinUse: UInt64 = 0

  init(key: PieceKey, isDemanded: Bool, at nanoseconds: UInt64) {
    self.key = key
    self.isDemanded = isDemanded
    beginNanoseconds = nanoseconds
  }

  var piece: ColumnPiece? { if case .ready(let piece) = phase { piece } else { nil } }
}

/// A column that is decoded once to learn its sizes. Reached only with the assembler's lock held.
final class SizingEntry {
  typealias Waiter = @Sendable (ColumnSizes) -> Void

  let key: ColumnKey
  /// Levels of lists.
  let depth: Int
  let pieceCount: Int
  /// `depth` numbers a piece, -1 where not known yet.
  private var counts: [Int]
  /// All pieces before are known.
  private(set) var knownPieceCount = 0
  /// The first piece that nobody was told to decode.
  var nextPiece = 0
  private var failure: (piece: Int, error: BatchError)?
  var waiters: [Waiter] = []
  /// The outcome, and until when it is true; for good where all sizes are known.
  var sizes: ColumnSizes?
  var sizesUntilNanoseconds: UInt64 = .max
  var isActive = false
  private(set) var beginNanoseconds: UInt64 = 0
  /// When its progress was told last.
  var noticeNanoseconds: UInt64 = 0
  let byteCount: Int
  private let charge: SharedCharge

  init(key: ColumnKey, depth: Int, pieceCount: Int, byteCount: Int, charge: SharedCharge) {
    self.byteCount = byteCount
    self.key = key
    self.depth = depth
    self.pieceCount = pieceCount
    self.charge = charge
    counts = Array(repeating: -1, count: depth * pieceCount)
  }

  /// Begins, or begins again after a failure: what is known stays known.
  func begin(at nanoseconds: UInt64) {
    failure = nil
    sizes = nil
    sizesUntilNanoseconds = .max
    nextPiece = knownPieceCount
    isActive = true
    beginNanoseconds = nanoseconds
    noticeNanoseconds = nanoseconds
  }

  func isKnown(_ piece: Int) -> Bool { counts[piece * depth] >= 0 }

  /// Takes the outcome of one piece into account.
  func note(_ piece: Int, _ outcome: Result<ColumnPiece, BatchError>) {
    switch outcome {
    case .success(let decoded):
      for (level, count) in decoded.elementCounts.enumerated() { counts[piece * depth + level] = count }
      while knownPieceCount < pieceCount, isKnown(knownPieceCount) { knownPieceCount += 1 }
    case .failure(let error):
      if isActive, failure.map({ piece < $0.piece }) ?? true { failure = (piece, error) }
    }
  }

  /// The pieces whose sizes matter: those before a failed one.
  var wantedPieceCount: Int { failure?.piece ?? pieceCount }

  /// Ends the search where all is known that can be.
  func finish(failedUntil nanoseconds: UInt64) -> ColumnSizes? {
    guard isActive, knownPieceCount >= wantedPieceCount else { return nil }
    var starts: [[Int]] = []
    for level in 0..<depth {
      var sums = [0]
      sums.reserveCapacity(knownPieceCount + 1)
      var sum = 0
      for piece in 0..<knownPieceCount {
        let (next, overflow) = sum.addingReportingOverflow(counts[piece * depth + level])
        // Of lists that say they have more elements than can be counted none has them: each piece's were counted against its bytes.
        sum = overflow ? .max : next
        sums.append(sum)
      }
      starts.append(sums)
    }
    let sizes = ColumnSizes(starts: starts, failure: failure?.error, charge: charge)
    self.sizes = sizes
    if failure != nil { sizesUntilNanoseconds = nanoseconds }
    isActive = false
    return sizes
  }
}

extension ColumnPiece {
  /// What it is charged with.
  var chargedByteCount: Int { region.region.byteCount }
}
