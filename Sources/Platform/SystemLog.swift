// The system's log.

internal import CPlatform

public enum SystemLog {
  /// Writes one line with a priority of syslog(3), 0 (emergency) to 7 (debug).
  public static func write(_ text: String, priority: Int32) { unsafe epochfs_syslog(priority, text) }
}
