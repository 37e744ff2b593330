// How an epoch is being read: in order, every k-th batch, or at random.

/// What the latest reads of one epoch tell about the next ones. Reached only with the assembler's lock held.
struct ReadingStream {
  /// The furthest batch read in order.
  private(set) var frontier = -1
  /// How many reads in a row went forward by a small or a regular step, the first one counted.
  private(set) var forwardCount = 0
  private var lastStep = 0
  private(set) var lastUseNanoseconds: UInt64 = 0
  /// The last read went elsewhere than on: what stands beside it is not likely to be read.
  private(set) var hasJumped = false
  /// The first block that prefetching has not looked at.
  var nextPrefetchBlock = 0

  /// A step up to this counts as reading in order: several DataLoader workers read a little out of turn, each every k-th batch.
  private static let largestStep = 64
  /// Batches this far behind the frontier are not expected any more; up to it a step back is of a worker out of turn, and the stream goes on.
  static let lag = 64
  /// A stream that nobody read for this long no longer protects what was prepared for it.
  static let lifetimeNanoseconds: UInt64 = 5_000_000_000

  mutating func read(_ ordinal: Int, at nanoseconds: UInt64) {
    lastUseNanoseconds = nanoseconds
    let step = ordinal - frontier
    if step == 0 { return }
    if step > 0 && (step <= Self.largestStep || step == lastStep) {
      forwardCount += 1
      hasJumped = false
      frontier = ordinal
      lastStep = step
    } else if step < 0 && -step <= Self.lag {
      return
    } else {
      // Wherever it went, this is the first of what may follow in order.
      forwardCount = 1
      hasJumped = true
      lastStep = step
      frontier = ordinal
      nextPrefetchBlock = 0
    }
  }

  /// Prefetch begins after two consecutive batches.
  var isInOrder: Bool { forwardCount >= 2 }

  func isAlive(at nanoseconds: UInt64) -> Bool { nanoseconds < lastUseNanoseconds + Self.lifetimeNanoseconds }

  /// Whether a batch that was not read is still expected.
  func expects(_ ordinal: Int) -> Bool { ordinal > frontier - Self.lag }
}
