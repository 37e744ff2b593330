// What signals ask of a mount that is served: to end, or to say more or less in its log.

import FuseSession
import Glibc
import Logging
import Platform

/// Answers the process's signals from its making on.
final class StopSignals: Sendable {
  private let first = Lock<Int32?>(nil)

  /// - Parameter answersHangup: whether SIGHUP ends the mount, as the end of the terminal that it is served from. Elsewhere it asks daemons to read their
  ///   configuration again, which a mount does not.
  init(_ session: FuseSession, _ logger: Logger, answersHangup: Bool) throws(FuseSessionError) {
    do throws(ThreadError) {
      try Signals.handle([SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2]) { [first] signal in
        switch signal {
        case SIGUSR1, SIGUSR2:
          let level = LogVerbosity.step(isMore: signal == SIGUSR1)
          // Said at a level that is logged whatever the new one is.
          logger.log(level: max(level, .notice), "the log level is now \(level.rawValue)")
        case SIGHUP where !answersHangup:
          logger.notice("SIGHUP changes nothing: a configuration is read at the mount; unmount and mount again for a new one")
        default:
          first.withLock { $0 = $0 ?? signal }
          // A second signal forces what the first one lets readers finish.
          session.stop()
        }
      }
    } catch {
      throw .noThread(code: error.code)
    }
  }

  /// Why the mount has ended, for the log.
  var cause: String {
    switch first.withLock({ $0 }) {
    case SIGINT: "SIGINT"
    case SIGTERM: "SIGTERM"
    case SIGHUP: "SIGHUP"
    default: "unmounted from outside"
    }
  }
}
