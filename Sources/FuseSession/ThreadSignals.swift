// The signals that wait for a thread, and what they will do to it (proc(5), signal(7)).

internal import Glibc
internal import Platform

/// Sets of signals: bit N - 1 is signal N.
struct ThreadSignals: Equatable {
  /// Sent to the thread or its process, not blocked, not yet delivered.
  private(set) var pending: UInt64 = 0
  private var ignored: UInt64 = 0
  private var caught: UInt64 = 0

  /// Nil where the thread cannot be seen: gone, or hidden.
  init?(of thread: Int32) {
    guard let text = try? InputFile.text(of: "/proc/\(thread)/status") else { return nil }
    self.init(parsing: text)
  }

  /// - Parameter text: the content of a thread's /proc/N/status.
  init?(parsing text: String) {
    func mask(_ name: String) -> UInt64? {
      text.split(separator: "\n").first { $0.hasPrefix(name + ":") }.flatMap { UInt64($0.dropFirst(name.count + 1).drop(while: \.isWhitespace), radix: 16) }
    }
    guard let own = mask("SigPnd"), let shared = mask("ShdPnd"), let blocked = mask("SigBlk"), let ignored = mask("SigIgn"), let caught = mask("SigCgt") else {
      return nil
    }
    pending = (own | shared) & ~blocked
    self.ignored = ignored
    self.caught = caught
  }

  /// One of them ends the process. The kernel turns most such signals into a SIGKILL of every thread; those that dump core wait as they are.
  var willEnd: Bool { pending & ~ignored & ~caught & ~Self.harmless != 0 }

  /// The process has a handler for one by which somebody asks it to stop, or a timer of its own to look up.
  var isAsked: Bool { pending & caught & Self.asking != 0 }

  /// Ignored, or stopping, where there is no handler.
  private static let harmless = set([SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH])
  private static let asking = set([SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGALRM])

  private static func set(_ signals: [Int32]) -> UInt64 { signals.reduce(0) { $0 | 1 << UInt64($1 - 1) } }
}
