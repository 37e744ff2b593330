// The watchdog of systemd (WatchdogSec= of the unit): the daemon says again and again that it answers, or is killed and started anew.

import FuseSession
import Platform

/// A thread that asks the mount for its totals, as `df` does, and tells the service manager when the answer is there.
///
/// The question goes through the kernel and through the threads that serve, so that a daemon in which only this thread still runs says nothing.
final class Watchdog: Sendable {
  private let isStopping = Lock(false)
  private let wakeup = Condition()

  /// Watches from now on; nil where no manager asks for it.
  init?(_ session: FuseSession) throws(FuseSessionError) {
    guard let limit = ServiceNotification.watchdogNanoseconds else { return nil }
    do throws(ThreadError) {
      // Twice in the time that the manager waits, as sd_watchdog_enabled(3) recommends.
      _ = try Thread(name: "epochfs-watch") { [isStopping, wakeup] in
        while !Self.wait(limit / 2, isStopping, wakeup) {
          if session.answers() { ServiceNotification.send("WATCHDOG=1") }
        }
      }
    } catch { throw .noThread(code: error.code) }
  }

  /// Not waited for: it may be in the middle of its question.
  func stop() {
    isStopping.withLock { $0 = true }
    wakeup.broadcast()
  }

  /// True when it is over.
  private static func wait(_ nanoseconds: UInt64, _ isStopping: Lock<Bool>, _ wakeup: Condition) -> Bool {
    let end = MonotonicClock.nanoseconds + nanoseconds
    return isStopping.withLock(waitingOn: wakeup) { isStopping in
      let now = MonotonicClock.nanoseconds
      return isStopping || now >= end ? .done(isStopping) : .wait(nanoseconds: end - now)
    }
  }
}
