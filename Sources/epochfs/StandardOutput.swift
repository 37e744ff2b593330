// Bytes on standard output, and the end of the program where they do not arrive: half an answer is none.

internal import ByteParsing
internal import Glibc
internal import Platform

enum StandardOutput {
  /// Writes all of `text`; false where nobody reads any more. Everything else ends the program with exit code 1.
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
      if written > 0 { done += written } else if errno == EPIPE { return false } else if errno != EINTR { fail(errno) }
    }
    return true
  }

  /// Makes the program's end look whether what `print` and the parser of arguments wrote has arrived: they do not.
  static func checkAtExit() {
    atexit {
      if let code = PrintedOutput.flush(), code != EPIPE { StandardOutput.fail(code) }
    }
  }

  /// Ends at once, since the end of the program may be where it is called.
  private static func fail(_ code: Int32) -> Never {
    StandardError.write("\(SystemError(call: "write", path: "standard output", number: code)); what was written is not whole\n")
    _exit(1)
  }
}
