// Where the log goes: standard error in the foreground and under systemd, syslog in the background.

internal import Logging

enum ProgramLog {
  /// To be called once, before the first logger is made.
  static func start(inBackground: Bool, _ options: LogOptions) {
    LogVerbosity.level = options.logLevel.level
    let format = options.logFormat
    guard inBackground else { return LoggingSystem.bootstrap { _ in StandardErrorLog(format: format) } }
    SystemLog.open()
    LoggingSystem.bootstrap { _ in SystemLog(format: format) }
  }
}
