// Where the log goes: standard error in the foreground, the journal under systemd, syslog in the background.

import Glibc
import Logging
import Platform

enum ProgramLog {
  /// To be called once, before the first logger is made.
  static func start(inBackground: Bool) {
    let isUnderSystemd = ProcessEnvironment.variables["JOURNAL_STREAM"] != nil
    LoggingSystem.bootstrap { _ in
      if inBackground { return SystemLogHandler() }
      return StandardErrorLogHandler(isJournal: isUnderSystemd)
    }
  }
}

/// Writes `time level message key=value` to standard error; for the journal `<priority>message`, since it has the time itself.
struct StandardErrorLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info
  let isJournal: Bool

  init(isJournal: Bool) { self.isJournal = isJournal }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let text = LogText.line(event, metadata)
    StandardError.write(isJournal ? "<\(event.level.priority)>\(text)\n" : "\(WallClock.text) \(event.level) \(text)\n")
  }
}

/// Writes to syslog(3), which the journal reads too.
struct SystemLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { SystemLog.write(LogText.line(event, metadata), priority: event.level.priority) }
}

private enum LogText {
  static func line(_ event: LogEvent, _ own: Logger.Metadata) -> String {
    let all = own.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
    let text = all.reduce("\(event.message)") { $0 + " \($1.key)=\($1.value)" }
    // One event, one line: what comes from a file cannot write lines of its own.
    return text.replacingControlCharacters()
  }
}

extension String {
  fileprivate func replacingControlCharacters() -> String {
    guard unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
  }
}

extension Logger.Level {
  /// The number of syslog(3).
  fileprivate var priority: Int32 {
    switch self {
    case .critical: 2
    case .error: 3
    case .warning: 4
    case .notice: 5
    case .info: 6
    case .debug, .trace: 7
    }
  }
}
