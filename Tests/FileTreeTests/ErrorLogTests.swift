// The latest errors, one JSON object a line.

import JSONParsing
import Testing

@testable import FileTree

struct ErrorLogTests {
  private func lines(_ log: ErrorLog) -> [String] { String(decoding: log.bytes, as: UTF8.self).split(separator: Character("\n")).map(String.init) }

  @Test func aLineNamesPathSourceShardAndMessage() throws {
    let log = ErrorLog()
    #expect(log.bytes.isEmpty)
    #expect(log.record(path: "train/batch-0000.npy", source: "s", shard: "shard.00001.mds", message: "a \"quoted\"\nlong\u{1} sentence é"))
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
    #expect(found["path"] == "train/batch-0000.npy" && found["source"] == "s" && found["shard"] == "shard.00001.mds")
    #expect(found["message"] == "a \"quoted\"\nlong\u{1} sentence é")
    // As 2025-01-31T12:34:56Z.
    let time = try #require(found["time"])
    #expect(time.count >= 20 && time.dropFirst(10).first == "T", "\(time)")
  }

  @Test func theSameErrorOfThePathIsToldOnce() {
    let log = ErrorLog()
    #expect(log.record(path: "a", source: "s", shard: "h", message: "m"))
    #expect(!log.record(path: "a", source: "s", shard: "h", message: "m"))
    #expect(log.record(path: "b", source: "s", shard: "h", message: "m"))
    #expect(log.record(path: "a", source: "s", shard: "h", message: "n"))
    #expect(!log.record(path: "a", source: "s", shard: "h", message: "m"))
    #expect(lines(log).count == 3 && log.lineCount == 3)
  }

  @Test func onlyTheLatestAreKept() {
    let log = ErrorLog()
    for number in 0..<3 * ErrorLog.limit { log.record(path: "file \(number)", source: "s", shard: "h", message: "m") }
    #expect(log.lineCount == 3 * ErrorLog.limit)
    let lines = lines(log)
    #expect(lines.count <= ErrorLog.limit && lines.count >= ErrorLog.limit * 8 / 10)
    for (line, number) in zip(lines, 3 * ErrorLog.limit - lines.count..<3 * ErrorLog.limit) {
      #expect(line.hasPrefix("{") && line.hasSuffix("}") && line.contains("\"file \(number)\""))
    }
  }
}
