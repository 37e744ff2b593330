// The progress of opening sources and selecting rows, one work after the other.

internal import Mounting
internal import Platform

/// Shows each work that takes longer than a moment as a bar, or as JSON lines; what is quick shows nothing.
final class ProgressDisplay: Sendable {
  private struct State: Sendable {
    var label = ""
    var begin: UInt64 = 0
    var bar: ProgressBar?
  }
  private let state = Lock(State())
  private let style: ProgressStyle
  private let columns: Int?

  /// `columns`: as for `ProgressBar`.
  init(_ style: ProgressStyle, columns: Int? = nil) {
    self.style = style.resolved
    self.columns = columns
  }

  func report(_ progress: WorkProgress) {
    guard style != .none else { return }
    state.withLock { state in
      let now = MonotonicClock.nanoseconds
      if state.label != progress.label {
        state.bar?.abandon()
        state = State(label: progress.label, begin: now)
      }
      guard now >= state.begin + Self.momentNanoseconds else { return }
      if state.bar == nil {
        state.bar = ProgressBar(
          progress.label, total: progress.total, unit: .items(progress.unit), style: style, columns: columns, begin: state.begin)
      }
      state.bar?.update(progress.done)
    }
  }

  /// Takes the bar away.
  func end() {
    state.withLock { state in
      state.bar?.abandon()
      state = State()
    }
  }

  private static let momentNanoseconds: UInt64 = 300_000_000
}
