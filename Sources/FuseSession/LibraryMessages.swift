// What libfuse has to say, instead of its writing to standard error.

internal import CFuse
internal import Glibc
internal import Platform

/// Keeps libfuse's latest message for the error that follows it, and hands all of them to a log.
enum LibraryMessages {
  private struct State {
    var latest: String?
    var log: (@Sendable (String) -> Void)?
  }
  private static let state = Lock(State())

  /// The latest message since the last call, if there was one.
  static func latest() -> String? {
    state.withLock { state in
      defer { state.latest = nil }
      return state.latest
    }
  }

  /// Sends the messages of libfuse, which has one log for the process, to `log`.
  static func send(to log: @escaping @Sendable (String) -> Void) {
    state.withLock {
      $0.latest = nil
      $0.log = log
    }
    unsafe fuse_set_log_func { _, format, arguments in
      guard let format = unsafe format, let arguments = unsafe arguments else { return }
      let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
        // Sound: vsnprintf writes at most the buffer's size and ends the text; format and arguments come from libfuse together.
        unsafe vsnprintf(buffer.baseAddress, buffer.count, format, arguments) < 0 ? "" : unsafe String(cString: buffer.baseAddress.unsafelyUnwrapped)
      }
      LibraryMessages.received(text)
    }
  }

  private static func received(_ text: String) {
    let line = text.drop { $0 == " " }.prefix { $0 != "\n" }
    guard !line.isEmpty else { return }
    let message = line.hasPrefix("fuse: ") ? String(line.dropFirst(6)) : String(line)
    let log = state.withLock {
      $0.latest = message
      return $0.log
    }
    log?(message)
  }
}
