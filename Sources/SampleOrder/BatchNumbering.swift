// How an epoch's positions are cut into numbered batches, for one reader or for many ranks.

/// Batches of one view: which positions each holds, how many there are, and how wide their numbers are written.
public struct BatchNumbering: Sendable, Hashable {
  /// The positions of an epoch.
  public let sampleCount: Int
  public let batchSize: Int
  public let dropLast: Bool

  /// - Precondition: `sampleCount` is not negative, `batchSize` at least 1.
  public init(sampleCount: Int, batchSize: Int, dropLast: Bool) {
    precondition(sampleCount >= 0, "\(sampleCount) samples")
    precondition(batchSize >= 1, "batches of \(batchSize) samples")
    self.sampleCount = sampleCount
    self.batchSize = batchSize
    self.dropLast = dropLast
  }

  // MARK: - Whole epochs

  /// The batches of an epoch that is read by one; the last is shorter where the samples do not divide and `dropLast` is not set.
  public var batchCount: Int { batchCount(ofSize: batchSize) }

  /// The positions of the batch `batch`, in `0..<batchCount`.
  public func rows(inBatch batch: Int) -> Range<Int> {
    precondition(batch >= 0 && batch < batchCount, "batch \(batch) of \(batchCount)")
    let start = batch * batchSize
    return start..<(start + min(batchSize, sampleCount - start))
  }

  /// The digits of a batch's number in its file's name, leading zeros among them.
  public var digitCount: Int { Self.digitCount(batchCount: batchCount) }

  /// The digits of numbers in a folder of `batchCount` batches: those of the last one's number, at least 4.
  public static func digitCount(batchCount: Int) -> Int {
    var digits = 1
    var rest = max(0, batchCount - 1) / 10
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    return max(4, digits)
  }

  /// The batches that have rows in a range of positions, as a range of their numbers; without the tail that `dropLast` leaves out.
  public func batches(overlapping positions: Range<Int>) -> Range<Int> {
    guard let last = positions.last else { return 0..<0 }
    let end = min(batchCount, last / batchSize + 1)
    return min(end, positions.lowerBound / batchSize)..<end
  }

  // MARK: - Ranks

  /// The batches each of `worldSize` ranks reads in an epoch: equally many, all of them full.
  ///
  /// - Precondition: `worldSize` is at least 1.
  public func rankBatchCount(worldSize: Int) -> Int {
    precondition(worldSize >= 1, "a world of \(worldSize) ranks")
    let (globalSize, overflow) = batchSize.multipliedReportingOverflow(by: worldSize)
    // A batch of the whole world that has more samples than can be counted has more than there are.
    guard overflow else { return batchCount(ofSize: globalSize) }
    return sampleCount == 0 || dropLast ? 0 : 1
  }

  /// The number among all ranks' batches of the batch `batch` of the rank `rank` of `worldSize`: `batch * worldSize + rank`.
  ///
  /// - Precondition: `rank` is in `0..<worldSize`, `batch` in `0..<rankBatchCount(worldSize:)`.
  public func globalBatch(batch: Int, rank: Int, worldSize: Int) -> Int {
    precondition(rank >= 0 && rank < worldSize, "rank \(rank) of \(worldSize)")
    let count = rankBatchCount(worldSize: worldSize)
    precondition(batch >= 0 && batch < count, "batch \(batch) of \(count)")
    // No overflow: a batch after the first exists only where `batch * worldSize * batchSize` is less than the samples.
    return batch * worldSize + rank
  }

  /// The positions of the batch `batch` of the rank `rank` of `worldSize`, always `batchSize` of them. Preconditions as `globalBatch`.
  public func runs(inBatch batch: Int, rank: Int, worldSize: Int) -> PositionRuns {
    runs(inGlobalBatch: globalBatch(batch: batch, rank: rank, worldSize: worldSize), wrapping: true)
  }

  /// The positions `[globalBatch * batchSize, + batchSize)`: those past the epoch's end are its first again when `wrapping`, and left out when not.
  ///
  /// - Precondition: `globalBatch` is not negative.
  public func runs(inGlobalBatch globalBatch: Int, wrapping: Bool) -> PositionRuns {
    precondition(globalBatch >= 0, "batch \(globalBatch)")
    guard sampleCount > 0 else { return PositionRuns(start: 0, count: 0, sampleCount: 0) }
    let start = UInt128(globalBatch) * UInt128(batchSize)
    if wrapping {
      return PositionRuns(start: Int(start % UInt128(sampleCount)), count: batchSize, sampleCount: sampleCount)
    }
    guard start < UInt128(sampleCount) else { return PositionRuns(start: 0, count: 0, sampleCount: sampleCount) }
    return PositionRuns(start: Int(start), count: min(batchSize, sampleCount - Int(start)), sampleCount: sampleCount)
  }

  private func batchCount(ofSize size: Int) -> Int {
    guard sampleCount > 0 else { return 0 }
    return dropLast ? sampleCount / size : (sampleCount - 1) / size + 1
  }
}
