// A call of the system that failed.

internal import Glibc

/// Why a file could not be opened or read: the call, the path and the system's errno.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  public let call: String
  public let path: String
  public let number: Int32

  public init(call: String, path: String, number: Int32) {
    self.call = call
    self.path = path
    self.number = number
  }

  public var reason: String { SystemError.text(number) }
  public var description: String { "\(path): \(call): \(reason)" }

  /// What the system says of an errno: "No such file or directory" of ENOENT.
  public static func text(_ code: Int32) -> String {
    // Sound: strerror answers a terminated string for every number, in glibc one of the thread's own; it is copied at once.
    unsafe String(cString: strerror(code))
  }
}
