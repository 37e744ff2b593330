// What `print` wrote, at the end of the program.

internal import CPlatform
internal import Glibc

public enum PrintedOutput {
  /// Nil when all that was printed has arrived; else an errno, which is EIO where the reason is not known any more.
  public static func flush() -> Int32? {
    errno = 0
    guard epochfs_flush_standard_output() != 0 else { return nil }
    return errno == 0 ? EIO : errno
  }
}
