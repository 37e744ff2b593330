// SIGINT and SIGTERM put off, so that a work can tidy up before they end the process.

internal import Glibc

/// Holds the two signals back while it lives. What came meanwhile takes its usual effect, the end of the process, when it goes away.
struct PendingSignals: ~Copyable {
  private var before = sigset_t()

  init() {
    var held = sigset_t()
    unsafe sigemptyset(&held)
    unsafe sigaddset(&held, SIGINT)
    unsafe sigaddset(&held, SIGTERM)
    unsafe _ = pthread_sigmask(SIG_BLOCK, &held, &before)
  }

  deinit {
    var before = before
    unsafe _ = pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  /// Whether the process was asked to end.
  var isAskedToStop: Bool {
    var pending = sigset_t()
    guard unsafe sigpending(&pending) == 0 else { return false }
    return unsafe sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
  }
}
