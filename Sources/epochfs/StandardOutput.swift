// Bytes on standard output.

internal import ByteParsing
internal import Glibc

enum StandardOutput {
  /// Writes all of `text`; false where nobody reads any more.
  static func write(text: String) -> Bool {
    let bytes = Array(text.utf8)
    return write(bytes.rawSpan)
  }

  /// Writes all of `bytes`; false where nobody reads any more.
  static func write(_ bytes: RawSpan) -> Bool {
    var done = 0
    while done < bytes.byteCount {
      // Sound: the bytes live through the call, and are not empty here.
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress! + done, $0.count - done) }
      if written > 0 { done += written } else if errno != EINTR { return false }
    }
    return true
  }
}
