// Where the log goes: standard error in the foreground and under systemd, syslog in the background.

internal import Logging

enum ProgramLog {
  /// To be called once, before the first logger is made.
  static func start(inBackground: Bool) {
    guard inBackground else { return LoggingSystem.bootstrap { _ in StandardErrorLog() } }
    SystemLog.open()
    LoggingSystem.bootstrap { _ in SystemLog() }
  }
}
