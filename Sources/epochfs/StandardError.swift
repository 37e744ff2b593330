// Text for people, on standard error.

import Glibc

enum StandardError {
  static func write(_ text: String) {
    // Sound: the bytes live through the call.
    unsafe _ = Array(text.utf8).withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Bytes on standard output.
enum StandardOutput {
  /// Writes all of `bytes`; false where nobody reads any more.
  static func write(_ bytes: RawSpan) -> Bool {
    var done = 0
    while done < bytes.byteCount {
      // Sound: the bytes live through the call.
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress! + done, $0.count - done) }
      if written > 0 { done += written } else if errno != EINTR { return false }
    }
    return true
  }
}
