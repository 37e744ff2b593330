// How large a terminal is.

internal import Glibc

struct TerminalSize {
  private(set) var columns = 80
  private(set) var rows = 24

  /// As it is now; what is usual where `descriptor` is no terminal, or one that does not say.
  init(of descriptor: Int32) {
    var size = winsize()
    // Sound: ioctl fills the structure it is given.
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return }
    columns = Int(size.ws_col)
    rows = Int(size.ws_row)
  }
}
