// The cap on everything decoded or in flight: memory is charged before it is allocated and given back when its last user is gone.

public import Platform

/// Hands out memory up to a cap and keeps unused mappings for the next taker of the same size.
///
/// `usedByteCount` counts what is handed out and what is kept; the kept part gives way whenever another size is asked for.
public final class MemoryBudget: Sendable {
  public let capByteCount: Int
  /// Of it, what is in use for ever.
  public let reservedByteCount: Int
  private let state: Lock<State>
  /// Called after memory came back, on the thread that gave it, without any lock held.
  private let onReturn: Lock<Listener?> = Lock(nil)

  /// A closure inside a value of its own: handed about bare by a generic type it would be wrapped once more at every access.
  private struct Listener: Sendable {
    let body: @Sendable () -> Void
  }

  private struct State: Sendable {
    var usedByteCount = 0
    var peakByteCount = 0
    var kept: [Int: [MappedRegion]] = [:]
    var keptByteCount = 0
  }

  /// - Parameter reservedByteCount: of the cap, what is in use for ever by what was made before.
  public init(capByteCount: Int, reservedByteCount: Int = 0) {
    self.capByteCount = capByteCount
    self.reservedByteCount = reservedByteCount
    state = Lock(State(usedByteCount: reservedByteCount, peakByteCount: reservedByteCount))
  }

  public func notifyOnReturn(_ body: @escaping @Sendable () -> Void) { onReturn.withLock { $0 = Listener(body: body) } }

  /// In use now, without what is only kept for reuse.
  public var usedByteCount: Int { state.withLock { $0.usedByteCount - $0.keptByteCount } }
  /// The most that was ever charged, kept memory included.
  public var peakByteCount: Int { state.withLock { $0.peakByteCount } }
  /// What could be taken now.
  public var availableByteCount: Int { state.withLock { capByteCount - $0.usedByteCount + $0.keptByteCount } }

  /// Charges `byteCount` bytes, or nil where the cap has no room for them. The charge ends with the value.
  public func charge(_ byteCount: Int) -> MemoryCharge? {
    let room = state.withLock { makeRoom(for: byteCount, &$0) }
    return room ? MemoryCharge(byteCount: byteCount, budget: self) : nil
  }

  /// A mapping of at least `byteCount` bytes, charged until the value ends; nil where the cap, or the kernel, has no room. Its bytes are of no defined value.
  public func region(byteCount: Int) -> ChargedRegion? {
    let size = Page.roundUp(max(1, byteCount))
    let reused: MappedRegion?? = state.withLock { state in
      if let region = state.kept[size]?.popLast() {
        state.keptByteCount -= size
        return .some(region)
      }
      return makeRoom(for: size, &state) ? .some(nil) : nil
    }
    guard let reused else { return nil }
    if let region = reused ?? MappedRegion(byteCount: size) { return ChargedRegion(region: region, budget: self) }
    release(size)
    return nil
  }

  /// Charges, after unmapping kept regions where they are in the way.
  private func makeRoom(for byteCount: Int, _ state: inout State) -> Bool {
    guard byteCount <= capByteCount - (state.usedByteCount - state.keptByteCount) else { return false }
    while state.usedByteCount + byteCount > capByteCount, let size = state.kept.first(where: { !$0.value.isEmpty })?.key {
      state.kept[size]?.removeLast()
      if state.kept[size]?.isEmpty == true { state.kept[size] = nil }
      state.keptByteCount -= size
      state.usedByteCount -= size
    }
    state.usedByteCount += byteCount
    state.peakByteCount = max(state.peakByteCount, state.usedByteCount)
    return true
  }

  fileprivate func release(_ byteCount: Int) {
    state.withLock { $0.usedByteCount -= byteCount }
    onReturn.withLock { $0 }?.body()
  }

  fileprivate func keep(_ region: MappedRegion) {
    state.withLock { state in
      state.kept[region.byteCount, default: []].append(region)
      state.keptByteCount += region.byteCount
    }
    onReturn.withLock { $0 }?.body()
  }
}

/// Bytes counted against the budget as long as this value lives.
public struct MemoryCharge: ~Copyable, Sendable {
  public let byteCount: Int
  private let budget: MemoryBudget

  fileprivate init(byteCount: Int, budget: MemoryBudget) {
    self.byteCount = byteCount
    self.budget = budget
  }

  deinit { budget.release(byteCount) }
}

/// A charge that lives as long as the last reference to it.
public final class SharedCharge: Sendable {
  private let charge: MemoryCharge

  /// Nil where the cap has no room.
  public init?(byteCount: Int, budget: MemoryBudget) {
    guard let charge = budget.charge(byteCount) else { return nil }
    self.charge = charge
  }
}

/// A mapping that goes back to the budget with its last reference.
public final class ChargedRegion: Sendable {
  public let region: MappedRegion
  private let budget: MemoryBudget

  fileprivate init(region: MappedRegion, budget: MemoryBudget) {
    self.region = region
    self.budget = budget
  }

  deinit { budget.keep(region) }
}
