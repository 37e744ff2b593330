// The log of a foreground mount.

internal import Glibc
internal import Logging
internal import Platform

/// Writes `time level message key=value`, or a JSON object, to standard error; under systemd `<N>` in front says the level, and the journal adds the time by itself.
struct StandardErrorLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  private let format: LogFormat
  private let isJournal = unsafe getenv("JOURNAL_STREAM") != nil

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

  func log(event: LogEvent) {
    let text: String
    switch format {
    case .json: text = logObject(event, metadata, metadataProvider)
    case .text: text = (isJournal ? "" : "\(WallClock.text) \(event.level.rawValue) ") + logText(event, metadata, metadataProvider)
    }
    let line = Array(((isJournal ? "<\(event.level.syslogPriority)>" : "") + text + "\n").utf8)
    // Sound: write(2) reads the array it is given. One call, so that lines of several threads do not mix.
    unsafe _ = write(2, line, line.count)
  }
}
