// The log of a foreground mount.

internal import Glibc
internal import Logging

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
    let line = Array((isJournal ? "<\(event.level.syslogPriority)>\(text)\n" : "\(now()) \(event.level.rawValue) \(text)\n").utf8)
    // Sound: write(2) reads the array it is given. One call, so that lines of several threads do not mix.
    unsafe _ = write(2, line, line.count)
  }

  /// Like 2026-11-21T02:36:14Z.
  private func now() -> String {
    var seconds = time(nil)
    // Sound: gmtime_r fills the structure, of which only numbers are used.
    var parts = unsafe tm()
    unsafe gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
