// The text of one log message.

internal import JSONParsing
internal import Logging
internal import Platform

/// `message key=value ...`, keys in order, without control characters; the handler's metadata gives way to the message's own.
func logText(_ event: LogEvent, _ metadata: Logger.Metadata, _ provider: Logger.MetadataProvider?) -> String {
  var text = event.message.description
  for (key, value) in allMetadata(event, metadata, provider) {
    text += value.contains(" ") || value.isEmpty ? " \(key)=\"\(value)\"" : " \(key)=\(value)"
  }
  if let error = event.error { text += ": \(error)" }
  // One event, one line: what comes from a file can neither begin a line nor draw on a terminal.
  return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
}

/// `{"time":...,"level":...,"message":...,KEY:VALUE,...}` with keys in order: counts as numbers, all else as text, so that a key's values are of one type.
/// A key that is one of the first three gets `_` in front.
func logObject(_ event: LogEvent, _ metadata: Logger.Metadata, _ provider: Logger.MetadataProvider?) -> String {
  var json = JSONWriter()
  json.object { json in
    json.member("time", WallClock.text)
    json.member("level", event.level.rawValue)
    json.member("message", event.message.description)
    for (key, value) in allMetadata(event, metadata, provider) {
      let key = ["time", "level", "message", "error"].contains(key) ? "_" + key : key
      if countKeys.contains(key), let number = Int(value) { json.member(key, number) } else { json.member(key, value) }
    }
    if let error = event.error { json.member("error", "\(error)") }
  }
  return json.text
}

private let countKeys: Set = ["bytes", "stored_bytes", "microseconds", "offset", "errno", "threads"]

/// In the order of the keys; the handler's metadata gives way to the message's own.
private func allMetadata(_ event: LogEvent, _ metadata: Logger.Metadata, _ provider: Logger.MetadataProvider?) -> [(key: String, value: String)] {
  let all = metadata.merging(provider?.get() ?? [:]) { _, new in new }.merging(event.metadata ?? [:]) { _, new in new }
  return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
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
