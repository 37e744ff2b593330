// The latest data errors, for `.epochfs/errors.jsonl`.

internal import JSONParsing
internal import Platform

/// Keeps the latest data errors, one JSON object a line: time, path, source, shard, message.
public final class ErrorLog: Sendable {
  private struct Entry: Sendable {
    let path: String
    let message: String
    let lineByteCount: Int
    let nanoseconds: UInt64
  }
  private struct State: Sendable {
    var entries: [Entry] = []
    /// Lines since the mount, also those that are gone.
    var lineCount = 0
    /// All their lines, so that an open of the file makes nothing.
    var bytes: [UInt8] = []
  }
  private let state = Lock(State())

  /// Lines kept.
  public static let limit = 1000
  /// A reader that tries again at once does not write the same line again.
  private static let repeatNanoseconds: UInt64 = 5_000_000_000

  public init() {}

  /// - Returns: false where the same error of the same path was told just before.
  @discardableResult
  func record(_ error: ReaderError) -> Bool {
    let (path, message) = (error.path, error.message)
    let now = MonotonicClock.nanoseconds
    var json = JSONWriter()
    json.object { json in
      json.member("time", WallClock.text)
      json.member("path", path)
      json.member("source", error.source)
      // The whole path, as the log has it: base names repeat from folder to folder (`worker_00`, `worker_01`, hive folders).
      if let shard = error.shard { json.member("shard", shard) } else { json.null("shard") }
      json.member("message", message)
    }
    let line = json.bytes + [UInt8(ascii: "\n")]
    let entry = Entry(path: path, message: message, lineByteCount: line.count, nanoseconds: now)
    return state.withLock { state in
      let isRepeated = state.entries.suffix(64).contains { $0.path == path && $0.message == message && now < $0.nanoseconds + Self.repeatNanoseconds }
      if isRepeated { return false }
      if state.entries.count >= Self.limit {
        state.bytes.removeFirst(state.entries.prefix(Self.limit / 10).reduce(0) { $0 + $1.lineByteCount })
        state.entries.removeFirst(Self.limit / 10)
      }
      state.entries.append(entry)
      state.bytes += line
      state.lineCount += 1
      return true
    }
  }

  public var bytes: [UInt8] { state.withLock { $0.bytes } }
  /// How many lines there have been, kept or not.
  public var lineCount: Int { state.withLock { $0.lineCount } }
}
