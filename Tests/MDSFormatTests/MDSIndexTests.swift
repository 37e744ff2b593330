// Indexes that are as they must be, and those that are not.

import Checksums
import Compression
import JSONParsing
import MDSFormat
import Testing

struct MDSIndexTests {
  /// An index of one shard; `changes` replace the text of its fields, nil takes one away.
  static func text(_ changes: KeyValuePairs<String, String?> = [:]) -> String {
    var fields: [(String, String?)] = [
      ("column_encodings", #"["bytes", "int"]"#), ("column_names", #"["a", "b"]"#), ("column_sizes", "[null, 8]"), ("compression", "null"),
      ("format", #""mds""#),
      ("hashes", #"["xxh64"]"#), ("raw_data", #"{"basename": "shard.00000.mds", "bytes": 100, "hashes": {}}"#), ("samples", "7"), ("size_limit", #""64mb""#),
      ("version", "2"), ("zip_data", "null"), ("raw_meta", nil), ("newline", nil), ("of_the_future", #"{"a": [1, {"b": null}]}"#),
    ]
    for (place, field) in fields.enumerated() { for change in changes where change.key == field.0 { fields[place].1 = change.value } }
    let members = fields.compactMap { name, value in value.map { "\"\(name)\": \($0)" } }
    return "{\"shards\": [{\(members.joined(separator: ", "))}], \"version\": 2, \"more\": [true]}"
  }

  @Test func unknownKeysAreTolerated() throws {
    let index = try Fixtures.index(of: Self.text())
    let entry = index.shard(0)
    #expect(entry.sampleCount == 7 && entry.raw.byteCount == 100 && entry.raw.hashes.isEmpty)
  }

  @Test func anIndexMayBeEmpty() throws {
    let index = try Fixtures.index(of: #"{"version": 2, "shards": []}"#)
    #expect(index.shardCount == 0 && index.sampleCount == 0)
  }

  @Test(arguments: ["column_encodings", "column_names", "column_sizes", "format", "raw_data", "samples", "version"])
  func whatReadersNeedMustBeThere(field: String) {
    #expect(throws: MDSError.missingField(field, shard: 0, line: 1)) { try Fixtures.index(of: Self.text([field: nil as String?])) }
  }

  @Test func theTopNeedsVersionAndShards() {
    #expect(throws: MDSError.missingField("version", shard: nil, line: 1)) { try Fixtures.index(of: #"{"shards": []}"#) }
    #expect(throws: MDSError.missingField("shards", shard: nil, line: 2)) { try Fixtures.index(of: "{\"version\": 2\n}") }
    #expect(throws: MDSError.self) { try Fixtures.index(of: #"{"version": 3, "shards": []}"#) }
    #expect(throws: MDSError.self) { try Fixtures.index(of: #"{"version": 2, "shards": [], "shards": []}"#) }
    #expect(throws: MDSError.self) { try Fixtures.index(of: "") }
    #expect(throws: MDSError.self) { try Fixtures.index(of: "[]") }
  }

  @Test(arguments: [
    ("samples", "-1"), ("samples", "4294967296"), ("samples", "1.5"), ("samples", "null"), ("samples", #""7""#), ("version", "1"), ("version", #""2""#),
    ("format", #""parquet""#), ("format", "null"), ("column_sizes", "[null]"), ("column_sizes", "[null, 4]"), ("column_sizes", "[null, null]"),
    ("column_sizes", "[null, -8]"),
    ("column_sizes", "[null, 8, 8]"), ("column_sizes", "[4294967296, 8]"), ("column_sizes", "8"), ("column_encodings", #"["str"]"#),
    ("column_encodings", "[null, null]"),
    ("column_names", #"["a", "a"]"#), ("column_names", #"["a", 1]"#), ("raw_data", "null"), ("raw_data", "{}"), ("raw_data", #"{"basename": "a"}"#),
    ("raw_data", #"{"bytes": 1}"#),
    ("raw_data", #"{"basename": "a", "bytes": -1}"#), ("raw_data", #"{"basename": "a", "bytes": 1, "hashes": []}"#),
    ("raw_data", #"{"basename": "a", "bytes": 1, "hashes": {"xxh64": "00"}}"#),
    ("raw_data", #"{"basename": "a", "bytes": 1, "hashes": {"xxh64": "zz00000000000000"}}"#),
    ("raw_data", #"{"basename": "a", "bytes": 1, "hashes": {"xxh64": null}}"#), ("compression", #""zstd""#),
    ("zip_data", #"{"basename": "a", "bytes": 1, "hashes": {}}"#),
  ])
  func impossibleValuesAreErrors(field: String, value: String) {
    #expect(throws: MDSError.self) { try Fixtures.index(of: Self.text([field: value])) }
  }

  @Test(arguments: ["", "/etc/passwd", "../a", "a/../b", "a/..", "..", #"a\u0000b"#, String(repeating: "a", count: 4097)])
  func pathsThatLeadAwayAreErrors(basename: String) {
    let error = #expect(throws: MDSError.self) {
      try Fixtures.index(of: Self.text(["raw_data": "{\"basename\": \"\(basename)\", \"bytes\": 1, \"hashes\": {}}"]))
    }
    #expect(error?.description.contains("raw_data.basename") == true)
  }

  @Test(arguments: ["worker_00/shard.00000.mds", "a..b/..c", "é", String(repeating: "a", count: 4096)])
  func pathsBelowAreFine(basename: String) throws {
    let index = try Fixtures.index(of: Self.text(["raw_data": "{\"basename\": \"\(basename)\", \"bytes\": 1, \"hashes\": {}}"]))
    #expect(index.shard(0).raw.basename == basename)
  }

  @Test(arguments: [
    ("json", "columns"), ("xsv", "newline"), ("csv", "newline"), ("tsv", "newline"), ("parquet", "'parquet', expected 'mds', 'json', 'xsv', 'csv' or 'tsv'"),
  ])
  func formatsNeedTheirKeys(format: String, word: String) throws {
    let meta = #"{"basename": "m", "bytes": 16, "hashes": {}}"#
    let error = #expect(throws: MDSError.self) { try Fixtures.index(of: Self.text(["format": "\"\(format)\"", "raw_meta": meta])) }
    #expect(error?.description.contains(word) == true, "\(String(describing: error))")
  }

  @Test func secondFilesMustBeThere() throws {
    #expect(throws: MDSError.missingField("raw_meta", shard: 0, line: 1)) { try Fixtures.index(of: Self.text(["format": #""csv""#])) }
  }

  @Test func compressionsToComeAreNamed() {
    #expect(throws: MDSError.compression(.unknownCodec(name: "lzma"), shard: 0, line: 1)) { try Fixtures.index(of: Self.text(["compression": #""lzma""#])) }
  }

  @Test func sizeZeroVaries() throws {
    let index = try Fixtures.index(of: Self.text(["column_sizes": "[0, 8]"]))
    #expect(index.shard(0).columns[0].fixedByteCount == nil)
  }

  @Test func unknownHashesAreCounted() throws {
    let hashes = #"{"basename": "a", "bytes": 1, "hashes": {"crc99": "00", "xxh128": "06b05ab6733a618578af5f94892f3950", "x": [1]}}"#
    let index = try Fixtures.index(of: Self.text(["raw_data": hashes]))
    #expect(index.unknownHashCount == 2)
    let hash = try #require(index.shard(0).raw.hashes.first)
    #expect(hash.algorithm == .xxh3_128 && hash.digest.hex == "06b05ab6733a618578af5f94892f3950" && index.shard(0).raw.hashes.count == 1)
  }

  @Test func namesThatDoNotShareTheirBeginningAreKept() throws {
    let zip = #"{"basename": "packed/b.zstd", "bytes": 9, "hashes": {"sha1": "a9993e364706816aba3e25717850c26c9cd0d89d"}}"#
    let index = try Fixtures.index(of: Self.text(["compression": #""zstd""#, "zip_data": zip]))
    let entry = index.shard(0)
    #expect(entry.raw.basename == "shard.00000.mds" && entry.stored?.basename == "packed/b.zstd")
    #expect(entry.stored?.hashes.map(\.digest.hex) == ["a9993e364706816aba3e25717850c26c9cd0d89d"])
  }

  @Test func tooManyColumnsAreRefused() {
    let names = (0...10_000).map { "\"c\($0)\"" }.joined(separator: ",")
    #expect(throws: MDSError.limitExceeded("columns", shard: 0, limit: 10_000)) { try Fixtures.index(of: Self.text(["column_names": "[\(names)]"])) }
  }

  @Test func placesInListsOfColumnsCountFromTheStart() {
    let text = Self.text(["column_names": #"["a", 1]"#])
    let error = #expect(throws: MDSError.self) { try Fixtures.index(of: text) }
    let place = text.split(separator: "1]", maxSplits: 1)[0].utf8.count
    #expect(error == .malformedIndex(JSONError(byteOffset: place, line: 1, problem: .unexpectedKind(.number, expected: "a string"))))
  }

  @Test func schemasAreSharedAndShardsKeepTheirs() throws {
    let one = Self.text()
    let shard = one.dropFirst(12).prefix(while: { _ in true }).split(separator: "], \"version\": 2, \"more\"")[0]
    let other = shard.replacing("\"a\"", with: "\"z\"")
    let index = try Fixtures.index(of: "{\"shards\": [\(shard), \(other), \(shard), \(shard), \(other)], \"version\": 2}")
    #expect(index.schemas.count == 2)
    #expect((0..<5).map(index.schemaOrdinal) == [0, 1, 0, 0, 1])
    #expect((0..<5).map { index.shard($0).columns[0].name } == ["a", "z", "a", "a", "z"])
    #expect(index.sampleCount == 35)
  }
}
