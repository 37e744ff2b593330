// The log of a foreground mount.

internal import Glibc
internal import Logging
internal import Platform

/// Writes `time level message key=value` to standard error; under systemd `<N>message key=value`, because the journal adds the time by itself.
struct StandardErrorLog: LogHandler {
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  private let isJournal = unsafe getenv("JOURNAL_STREAM") != nil

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let text = logText(event, metadata, metadataProvider)
    let line = Array((isJournal ? "<\(event.level.syslogPriority)>\(text)\n" : "\(WallClock.text) \(event.level.rawValue) \(text)\n").utf8)
    // Sound: write(2) reads the array it is given. One call, so that lines of several threads do not mix.
    unsafe _ = write(2, line, line.count)
  }
}
