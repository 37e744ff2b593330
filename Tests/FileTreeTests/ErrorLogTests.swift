// The latest errors, one JSON object a line.

import JSONParsing
import Testing

@testable import FileTree

struct ErrorLogTests {
  private func lines(_ log: ErrorLog) -> [String] { String(decoding: log.bytes, as: UTF8.self).split(separator: Character("\n")).map(String.init) }

  @discardableResult
  private func record(_ log: ErrorLog, _ path: String, _ message: String, shard: String = "/data/h") -> Bool {
    log.record(ReaderError(path: path, source: "s", shard: shard, errno: 5, message: message))
  }

  @Test func aLineNamesPathSourceShardAndMessage() throws {
    let log = ErrorLog()
    #expect(log.bytes.isEmpty)
    #expect(record(log, "train/batch-0000.npy", "a \"quoted\"\nlong\u{1} sentence é", shard: "/data/w/shard.00001.mds"))
    let bytes = log.bytes
    #expect(bytes.last == UInt8(ascii: "\n") && bytes.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    var found: [String: String] = [:]
    let span = bytes.span
    var reader = JSONReader(unsafe span.bytes)  // Sound: bytes of bytes.
    try reader.beginObject()
    while try reader.nextKey() {
      let key = (["time", "path", "source", "shard", "message"] as [StaticString]).first { reader.keyEquals($0) }.map { "\($0)" } ?? "?"
      found[key] = try reader.readString()
    }
    #expect(found.keys.sorted() == ["message", "path", "shard", "source", "time"])
    #expect(found["path"] == "train/batch-0000.npy" && found["source"] == "s" && found["shard"] == "/data/w/shard.00001.mds")
    #expect(found["message"] == "a \"quoted\"\nlong\u{1} sentence é")
    // As 2025-01-31T12:34:56Z.
    let time = try #require(found["time"])
    #expect(time.count >= 20 && time.dropFirst(10).first == "T", "\(time)")
  }

  @Test func theSameErrorOfThePathIsToldOnce() {
    let log = ErrorLog()
    #expect(record(log, "a", "m"))
    #expect(!record(log, "a", "m"))
    #expect(record(log, "b", "m"))
    #expect(record(log, "a", "n"))
    #expect(!record(log, "a", "m"))
    #expect(lines(log).count == 3 && log.lineCount == 3)
  }

  @Test func onlyTheLatestAreKept() {
    let log = ErrorLog()
    for number in 0..<3 * ErrorLog.limit { record(log, "file \(number)", "m") }
    #expect(log.lineCount == 3 * ErrorLog.limit)
    let lines = lines(log)
    #expect(lines.count <= ErrorLog.limit && lines.count >= ErrorLog.limit * 8 / 10)
    for (line, number) in zip(lines, 3 * ErrorLog.limit - lines.count..<3 * ErrorLog.limit) {
      #expect(line.hasPrefix("{") && line.hasSuffix("}") && line.contains("\"file \(number)\""))
    }
  }
}
