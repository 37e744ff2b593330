// A charge that several owners can hold.

/// Bytes counted against the budget as long as this object lives.
public final class HeldCharge: Sendable {
  private let charge: MemoryCharge

  /// Nil where the cap has no room.
  public init?(byteCount: Int, budget: MemoryBudget) {
    guard let charge = budget.charge(byteCount) else { return nil }
    self.charge = charge
  }
}
