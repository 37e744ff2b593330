// How far a work that takes long is.

internal import Platform

public struct WorkProgress: Sendable, Equatable {
  /// What is done, as `source windows: opening`; a new one begins a new work.
  public let label: String
  /// What is counted, in the singular.
  public let unit: String
  public let done: Int
  public let total: Int

  public init(label: String, unit: String, done: Int, total: Int) {
    self.label = label
    self.unit = unit
    self.done = done
    self.total = total
  }
}

/// Progress as sentences for a log: one every three seconds, the first after three, so that short work says nothing.
public final class ProgressSentences: Sendable {
  private struct State: Sendable {
    var label = ""
    var begin: UInt64 = 0
    var told: UInt64 = 0
  }
  private let state = Lock(State())
  private let tell: @Sendable (String) -> Void

  public init(_ tell: @escaping @Sendable (String) -> Void) { self.tell = tell }

  public func report(_ progress: WorkProgress) { report(progress, at: MonotonicClock.nanoseconds) }

  func report(_ progress: WorkProgress, at now: UInt64) {
    let seconds: UInt64? = state.withLock { state in
      if state.label != progress.label { state = State(label: progress.label, begin: now, told: now) }
      guard now >= state.told + Self.intervalNanoseconds else { return nil }
      state.told = now
      return (now - state.begin) / 1_000_000_000
    }
    if let seconds { tell("\(progress.label): \(progress.done) of \(ItemCount.text(progress.total, progress.unit)) after \(seconds) s") }
  }

  static let intervalNanoseconds: UInt64 = 3_000_000_000
}
