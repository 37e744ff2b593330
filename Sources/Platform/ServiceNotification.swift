// Telling systemd how the service does: the protocol of sd_notify(3).

internal import Glibc

/// Messages to the service manager.
public enum ServiceNotification {
  /// Whether a service manager has started the process and waits to be told.
  public static var isExpected: Bool { unsafe getenv("NOTIFY_SOCKET") != nil }

  /// How long the manager waits for a sign of life before it kills this process; nil where it does not watch, or watches another process.
  public static var watchdogNanoseconds: UInt64? {
    if let process = number("WATCHDOG_PID"), process != UInt64(getpid()) { return nil }
    guard let microseconds = number("WATCHDOG_USEC"), microseconds > 0, microseconds <= UInt64.max / 1000 else { return nil }
    return microseconds * 1000
  }

  // Sound: an environment variable is a terminated text, copied at once.
  private static func number(_ variable: String) -> UInt64? { unsafe getenv(variable).flatMap { unsafe UInt64(String(cString: $0)) } }

  /// Sends `message`, such as "READY=1" or "STOPPING=1", to the socket that NOTIFY_SOCKET names. False when there is no manager, or it does not listen.
  @discardableResult
  public static func send(_ message: String) -> Bool {
    guard let name = unsafe getenv("NOTIFY_SOCKET") else { return false }
    // Sound: an environment variable is a terminated text, copied at once.
    return send(message, to: unsafe String(cString: name))
  }

  /// Sends to the datagram socket at `name`: an absolute path, or `@` and a name in the abstract space.
  static func send(_ message: String, to name: String) -> Bool {
    var path = Array(name.utf8)
    var address = sockaddr_un()
    guard path.count > 1, path.count < MemoryLayout.size(ofValue: address.sun_path), path[0] == UInt8(ascii: "/") || path[0] == UInt8(ascii: "@") else {
      return false
    }
    if path[0] == UInt8(ascii: "@") { path[0] = 0 }
    address.sun_family = sa_family_t(AF_UNIX)
    // Sound: the path was checked to be shorter than the field, whose rest is zero.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
    // An abstract name ends where the address ends, not at a zero.
    let byteCount = MemoryLayout<sa_family_t>.size + path.count + (path[0] == 0 ? 0 : 1)

    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let text = Array(message.utf8)
    // Sound: a sockaddr_un is an address of its family; the sizes are those of what is pointed at.
    let sent = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), $0, socklen_t(byteCount))
      }
    }
    return sent == text.count
  }
}
