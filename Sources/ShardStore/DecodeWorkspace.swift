// What one decoding thread keeps from shard to shard: memory for stored and decoded bytes, and the codecs' contexts.

public import BatchCache
internal import Compression

/// Belongs to one thread. Its memory is charged when it is made and kept, so that decoding never waits for the cap.
public final class DecodeWorkspace {
  let decompressor = Decompressor()
  /// Stored bytes, a piece at a time.
  let input: ChargedRegion
  /// Decoded bytes: those of the last shard, until the next is decoded.
  let output: ChargedRegion
  /// What the decompressor's libraries allocate.
  private let state: MemoryCharge

  /// Nil where the cap has no room.
  public init?(demand: DecodeDemand, budget: MemoryBudget) {
    guard let output = budget.region(byteCount: demand.outputByteCount), let input = budget.region(byteCount: demand.inputByteCount),
      let state = budget.charge(demand.stateByteCount)
    else { return nil }
    self.input = input
    self.output = output
    self.state = state
  }
}
