// Readers that got a signal while they wait: who is to be let go, and when.

internal import Glibc
internal import Platform

/// What it takes to let go of a waiting reader with EINTR.
enum Endurance {
  /// Any signal that will end the process. For reads of pages (EINTR for a page that was touched through a mapping would be SIGBUS) and for names.
  case untilKilled
  /// Also a handled signal by which somebody asks the process to stop or to look up. For opens, which may fail with EINTR by POSIX: Python runs its handler,
  /// so that Ctrl-C works, and tries again where that raised nothing.
  case untilAsked
}

/// Looks after the requests whose readers got a signal.
///
/// The kernel tells of a reader's first signal only, and waits for the answer whatever comes after it, SIGKILL too. So the signals of the thread are looked
/// at from its first one until it has its answer.
final class InterruptWatch: Sendable {
  private struct State {
    var requests: [UnansweredRequest] = []
    var isRunning = false
  }
  private let state = Lock(State())
  private static let intervalMicroseconds: UInt32 = 50_000

  /// Called by libfuse with the request's lock held: does not answer.
  func add(_ request: UnansweredRequest) {
    let mustStart = state.withLock { state in
      state.requests.append(request)
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard mustStart else { return }
    // Ends with the last request that it looks after, so nobody needs to end it.
    if (try? Thread(name: "epochfs-signals") { [self] in run() }) == nil { state.withLock { $0.isRunning = false } }
  }

  private func run() {
    while true {
      let requests = state.withLock { state in
        state.requests.removeAll { $0.isAnswered }
        if state.requests.isEmpty { state.isRunning = false }
        return state.requests
      }
      if requests.isEmpty { return }
      for request in requests where Self.isToBeLetGo(request) { request.interrupt() }
      usleep(Self.intervalMicroseconds)
    }
  }

  private static func isToBeLetGo(_ request: UnansweredRequest) -> Bool {
    // Who cannot be seen got some signal: an open may fail with EINTR after any.
    guard request.threadID > 0, let signals = ThreadSignals(of: request.threadID) else { return request.endurance == .untilAsked }
    return signals.willEnd || request.endurance == .untilAsked && signals.isAsked
  }
}
