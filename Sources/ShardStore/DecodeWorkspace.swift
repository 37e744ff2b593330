// What one decoding thread keeps from shard to shard: memory for stored and decoded bytes, and the codecs' contexts.

public import BatchCache
internal import Compression
internal import ParquetReading

/// Belongs to one thread. Its memory is charged when it is made and kept, so that decoding never waits for the cap; only what the data alone tells the size of
/// is taken while decoding.
public final class DecodeWorkspace {
  let decompressor = Decompressor()
  /// What Parquet's pages are decoded in.
  private(set) lazy var readingMemory = ReadingMemory { [unowned self] in self.temporary(byteCount: $0) }
  /// Stored bytes, a piece at a time.
  let input: ChargedRegion
  /// Decoded bytes: those of the last shard, until the next is decoded.
  let output: ChargedRegion
  /// What the decompressor's libraries allocate.
  private let state: MemoryCharge

  private let budget: MemoryBudget
  private let makeRoom: (Int) -> Void

  /// Nil where the cap has no room.
  /// - Parameter makeRoom: asked to have so many bytes freed, as far as may be, when the budget has no room for temporary memory.
  public init?(demand: DecodeDemand, budget: MemoryBudget, makeRoom: @escaping (Int) -> Void = { _ in }) {
    guard let output = budget.region(byteCount: demand.outputByteCount), let input = budget.region(byteCount: demand.inputByteCount),
      let state = budget.charge(demand.stateByteCount)
    else { return nil }
    self.input = input
    self.output = output
    self.state = state
    self.budget = budget
    self.makeRoom = makeRoom
  }

  /// Gives back what is not taken for good, and would be kept for the next shard.
  public func giveBack() { readingMemory.giveBack() }

  /// Memory beside the workspace's own, given back with the last reference; nil where the cap has no room for it even after others made some.
  func temporary(byteCount: Int) -> ChargedRegion? {
    if let region = budget.region(byteCount: byteCount) { return region }
    makeRoom(byteCount)
    return budget.region(byteCount: byteCount)
  }
}
