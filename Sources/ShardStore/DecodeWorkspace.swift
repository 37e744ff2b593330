// What one decoding thread keeps from shard to shard: memory for stored and decoded bytes, and the codecs' contexts.

public import BatchCache
internal import Compression

/// Belongs to one thread. Its memory is charged when it is made and kept, so that decoding never waits for the cap.
public final class DecodeWorkspace {
  let decompressor = Decompressor()
  /// Stored bytes, a piece at a time.
  let input: ChargedRegion
  /// Decoded bytes of the next shard.
  private(set) var output: ChargedRegion
  private let demand: DecodeDemand
  private let budget: MemoryBudget

  /// Nil where the cap has no room.
  public init?(demand: DecodeDemand, budget: MemoryBudget) {
    guard let output = budget.region(byteCount: demand.outputByteCount), let input = budget.region(byteCount: demand.inputByteCount) else { return nil }
    self.input = input
    self.output = output
    self.demand = demand
    self.budget = budget
  }

  /// Takes new memory for the next shard, so that the last one can be kept; false, and nothing changed, where the cap has no room.
  public func replaceOutput() -> Bool {
    guard let region = budget.region(byteCount: demand.outputByteCount) else { return false }
    output = region
    return true
  }
}
