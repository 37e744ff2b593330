// What selecting rows may use, and whom it tells of its progress.

public import BatchCache
internal import Platform

/// Memory and threads of the work that is done at the mount, before there is an assembler.
public struct SelectionWork: Sendable {
  /// Of everything that is decoded meanwhile, and of what is selected.
  public let budget: MemoryBudget
  /// 1 or more.
  public let threadCount: Int
  /// Told of rows done and of all rows, from any thread, not more than ten times a second.
  public let progress: @Sendable (Int, Int) -> Void

  public init(budget: MemoryBudget, threadCount: Int, progress: @escaping @Sendable (Int, Int) -> Void) {
    self.budget = budget
    self.threadCount = threadCount
    self.progress = progress
  }
}

/// Counts rows, and tells of them now and then.
final class SelectionProgress: Sendable {
  private struct State: Sendable {
    var doneCount = 0
    var toldNanoseconds: UInt64 = 0
  }
  private let allCount: Int
  private let state = Lock(State())
  private let tell: @Sendable (Int, Int) -> Void

  init(_ work: SelectionWork, allCount: Int) {
    self.allCount = allCount
    tell = work.progress
  }

  func add(_ rowCount: Int) {
    let done: Int? = state.withLock { state in
      state.doneCount += rowCount
      let now = MonotonicClock.nanoseconds
      guard now >= state.toldNanoseconds + 100_000_000 else { return nil }
      state.toldNanoseconds = now
      return state.doneCount
    }
    if let done { tell(done, allCount) }
  }
}
