// Signals that end the program put off, so that a work can tidy up before they do.

internal import Glibc

/// Holds back SIGINT, SIGTERM and SIGHUP (the terminal is gone) while it lives. What came meanwhile takes its usual effect, the end of the process, when it goes away.
struct PendingSignals: ~Copyable {
  private let held: [Int32]
  private var before = sigset_t()

  init() {
    // One that the process ignores, as under nohup, would be pending all the same once it is held.
    held = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in held { unsafe sigaddset(&set, number) }
    unsafe _ = pthread_sigmask(SIG_BLOCK, &set, &before)
  }

  deinit {
    var before = before
    unsafe _ = pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  /// Whether the process was asked to end.
  var isAskedToStop: Bool {
    var pending = sigset_t()
    guard unsafe sigpending(&pending) == 0 else { return false }
    return held.contains { unsafe sigismember(&pending, $0) == 1 }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    // Sound: with nil sigaction(2) only fills the structure it is given; SIG_IGN is the address 1.
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
