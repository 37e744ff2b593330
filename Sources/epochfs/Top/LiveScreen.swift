// A terminal that is drawn on again and again.

internal import Glibc
internal import Platform

/// Takes over the terminal's screen while it lives, and leaves it as it was, also when a signal ends the program.
final class LiveScreen {
  /// Whether standard input and output are a terminal that can be drawn on.
  static var isPossible: Bool {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return false }
    // Sound: an environment variable is a terminated text, copied at once.
    let kind = unsafe getenv("TERM").map { unsafe String(cString: $0) }
    return kind != nil && kind != "dumb"
  }

  private var before = termios()
  private let signals = PendingSignals()

  init() {
    unsafe tcgetattr(STDIN_FILENO, &before)
    var now = before
    now.c_lflag &= ~tcflag_t(ICANON | ECHO)
    unsafe tcsetattr(STDIN_FILENO, TCSANOW, &now)
    // The alternate screen, without a cursor.
    _ = StandardOutput.write(text: "\u{1B}[?1049h\u{1B}[?25l")
  }

  deinit {
    _ = StandardOutput.write(text: "\u{1B}[?25h\u{1B}[?1049l")
    unsafe tcsetattr(STDIN_FILENO, TCSANOW, &before)
  }

  var size: TerminalSize { TerminalSize(of: STDOUT_FILENO) }

  /// `lines`: none as wide as the terminal, whose last column erasing would take away, and no more than it has rows.
  func draw(_ lines: [String]) {
    // Each line's rest is erased, then what was below: nothing flickers, and nothing scrolls.
    _ = StandardOutput.write(text: "\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
  }

  /// Waits; true as soon as q was typed, the input has ended, or the process was asked to end.
  func waitsForQuit(seconds: Double) -> Bool {
    let end = MonotonicClock.nanoseconds + UInt64(seconds * 1e9)
    while true {
      if signals.isAskedToStop { return true }
      let now = MonotonicClock.nanoseconds
      guard now < end else { return false }
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&input, 1, Int32(min((end - now) / 1_000_000 + 1, 100))) > 0 else { continue }
      var key: UInt8 = 0
      let count = unsafe read(STDIN_FILENO, &key, 1)
      if count <= 0 || key == UInt8(ascii: "q") || key == UInt8(ascii: "Q") { return true }
    }
  }
}
