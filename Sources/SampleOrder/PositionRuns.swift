// The positions of one batch, as the runs an epoch that is read again and again from its start has them in.

/// Ranges of positions, each within the epoch, in the order of the batch's rows. More than one where the batch wraps to the epoch's start,
/// more than two where it is larger than the epoch.
public struct PositionRuns: Sequence, IteratorProtocol, Sendable, Hashable {
  private var start: Int
  private var remaining: Int
  private let sampleCount: Int

  /// `count` positions from `start`, which is in `0..<sampleCount` unless `count` is 0.
  init(start: Int, count: Int, sampleCount: Int) {
    self.start = start
    remaining = count
    self.sampleCount = sampleCount
  }

  /// The rows of the runs that are still to come.
  public var rowCount: Int { remaining }

  public mutating func next() -> Range<Int>? {
    guard remaining > 0 else { return nil }
    let run = start..<(start + Swift.min(remaining, sampleCount - start))
    remaining -= run.count
    start = 0
    return run
  }
}
