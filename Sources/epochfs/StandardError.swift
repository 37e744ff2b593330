// Text on stderr.

internal import Glibc

enum StandardError {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// The columns of its terminal; what is usual where there is none.
  static var columns: Int { TerminalSize(of: STDERR_FILENO).columns }

  /// Writes `text` at once. What a closed stderr does not take is lost: there is nowhere left to say so.
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      // Sound: the buffer lives through the call.
      unsafe _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }
}
