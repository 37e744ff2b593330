// The text of one log message.

internal import Logging

/// `message key=value ...`, keys in order, without control characters; the handler's metadata gives way to the message's own.
func logText(_ event: LogEvent, _ metadata: Logger.Metadata, _ provider: Logger.MetadataProvider?) -> String {
  let all = metadata.merging(provider?.get() ?? [:]) { _, new in new }.merging(event.metadata ?? [:]) { _, new in new }
  var text = event.message.description
  for (key, value) in all.sorted(by: { $0.key < $1.key }) {
    let value = value.description
    text += value.contains(" ") || value.isEmpty ? " \(key)=\"\(value)\"" : " \(key)=\(value)"
  }
  if let error = event.error { text += ": \(error)" }
  // One event, one line: what comes from a file can neither begin a line nor draw on a terminal.
  return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
}

extension Logger.Level {
  /// The priority of syslog(3) and of the journal's `<N>`: 3 is an error, 7 for debugging.
  var syslogPriority: Int32 {
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
