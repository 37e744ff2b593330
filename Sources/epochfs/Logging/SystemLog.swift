// The log of a background mount.

internal import Glibc
internal import Logging

/// Sends messages to syslog(3), which is the journal where there is one.
struct SystemLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  private let format: LogFormat

  init(format: LogFormat) { self.format = format }

  /// That of the whole program, whatever is set.
  var logLevel: Logger.Level {
    get { LogVerbosity.level }
    set {}
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Once, before the first message.
  static func open() {
    // Sound: syslog keeps the pointer, and a literal lives for ever.
    let name: StaticString = "epochfs"
    name.withUTF8Buffer { buffer in
      unsafe buffer.baseAddress?.withMemoryRebound(to: CChar.self, capacity: buffer.count) { unsafe openlog($0, LOG_PID, LOG_DAEMON) }
    }
  }

  func log(event: LogEvent) {
    let text = format == .json ? logObject(event, metadata, metadataProvider) : logText(event, metadata, metadataProvider)
    unsafe text.withCString { text in
      // Sound: the text is an argument of a fixed format and lives during the call.
      unsafe withVaList([text]) { unsafe vsyslog(event.level.syslogPriority, "%s", $0) }
    }
  }
}
