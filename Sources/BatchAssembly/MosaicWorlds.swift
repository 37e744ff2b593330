// The worlds of ranks that somebody has asked for, of one view.

internal import Platform
public import SampleOrder

/// Remembers what was found about each number of ranks: names, sizes and batches are asked for again and again.
public final class MosaicWorlds: Sendable {
  public let plan: MosaicPlan
  private let known: Lock<[Int: MosaicWorld?]> = Lock([:])
  private static let limit = 64

  init(_ plan: MosaicPlan) { self.plan = plan }

  /// The world of `size` ranks; nil where mosaicml-streaming makes no batches for it.
  public subscript(size: Int) -> MosaicWorld? {
    if let world = known.withLock({ $0[size] }) { return world }
    let world = try? plan.world(size)
    known.withLock { known in
      if known.count >= Self.limit { known = [:] }
      known[size] = .some(world)
    }
    return world
  }
}
