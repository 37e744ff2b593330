// What no source can be opened from, and the part of its configuration that is to blame.

import Glibc
import NumPyFormat
import SampleOrder
import Testing

@testable import ShardStore

struct RefusalTests {
  private func refusal(_ paths: [String], _ declarations: [ColumnDeclaration] = []) throws -> SourceError {
    do {
      _ = try MDSSource(name: "s", paths: paths, declarations: declarations, verification: .auto)
    } catch {
      return error
    }
    throw NotRefused()
  }

  struct NotRefused: Error {}

  @Test func pathsWithoutDataSets() throws {
    let folder = try TemporaryFolder()
    let nowhere = try refusal([folder.path("nowhere")])
    #expect(nowhere.subject == .path && nowhere.message == "\(folder.path)/nowhere: there is no such file or folder")
    try TestFiles.write("x", to: folder.path("file"))
    #expect(try refusal([folder.path("file")]).message.contains("is not a folder"))
    try TestFiles.makeFolder(folder.path("empty"))
    #expect(try refusal([folder.path("empty")]).message == "\(folder.path)/empty: has no index.json, and no sub-folder of it has one")
    try TestFiles.makeFolder(folder.path("d"))
    try TestFiles.write(#"{"version": 2, "shards": ["#, to: folder.path("d/index.json"))
    #expect(try refusal([folder.path("d")]).message.hasPrefix("\(folder.path)/d/index.json: index"))
    try TestFiles.write(#"{"version": 2, "shards": []}"#, to: folder.path("d/index.json"))
    #expect(try refusal([folder.path("d")]).message.hasSuffix("/d: holds no samples"))
    // The second path's fault is found too.
    try TestDataSet.write(to: folder.path("good"), count: 5)
    #expect(try refusal([folder.path("good"), folder.path("nowhere")]).message.contains("nowhere"))
  }

  /// What is kept of a source grows with its rows: an index may promise any number of them.
  @Test func moreSamplesThanAnySourceHas() throws {
    let folder = try TemporaryFolder()
    let shard =
      #"{"column_encodings": ["int8"], "column_names": ["x"], "column_sizes": [1], "compression": null, "format": "mds", "hashes": [], "#
      + #""raw_data": {"basename": "shard.00000.mds", "bytes": 1000, "hashes": {}}, "samples": 4294967295, "size_limit": 67108864, "version": 2, "zip_data": null}"#
    try TestFiles.write(#"{"version": 2, "shards": ["# + Array(repeating: shard, count: 65).joined(separator: ", ") + "]}", to: folder.path("index.json"))
    #expect(try refusal([folder.path]).message.hasSuffix("the index files tell of 279172874175 samples; a source may have 274877906944"))
  }

  @Test func manifests() throws {
    let folder = try TemporaryFolder()
    try TestFiles.makeFolder(folder.path("w"))
    try TestDataSet.write(to: folder.path("w/a"), count: 5)
    try TestFiles.write(#"{"worker_dirs": ["s3://b/a", "s3://b/gone"]}"#, to: folder.path("w/manifest.json"))
    let missing = try refusal([folder.path("w")])
    #expect(missing.message.contains("manifest.json: names the folder gone"))
    try TestFiles.write(#"{"worker_dirs": 7}"#, to: folder.path("w/manifest.json"))
    #expect(try refusal([folder.path("w")]).message.contains("w/manifest.json"))
  }

  @Test func foldersOfOtherColumns() throws {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("a"), count: 5)
    let error = try refusal([folder.path("a"), "\(TestFiles.fixtures)/raw"])
    #expect(error.subject == .path)
    for word in ["raw/index.json", "\(folder.path)/a/shard.00000.mds", "label: int16", "differ"] { #expect(error.message.contains(word), "\(error.message)") }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let declaration: ColumnDeclaration
    let words: [String]
    var testDescription: String { words[0] }
    init(_ name: String, _ elementType: ElementType?, _ shape: [Int]?, channels: [String]? = nil, _ words: String...) {
      declaration = ColumnDeclaration(name: name, elementType: elementType, shape: shape, channels: channels)
      self.words = words
    }
  }

  static let cases = [
    Case("featurs", .float32, [4, 3], "there is no column featurs", "features, id, label, name"),
    Case("features", .float32, [5, 3], "declared as float32 of shape [5, 3]", "48 bytes, expected 60", "shard.0000"),
    Case("features", .float64, [4, 3], "declared as float64 of shape [4, 3]", "48 bytes, expected 96"),
    Case("features", nil, [4, 3], "give its dtype too"),
    Case("features", .float32, [Int.max, 3], "more bytes than can be counted"),
    Case("features", .float32, [4, 3], channels: ["x", "y"], "3 values along its last axis, but the declaration names 2 channels: x, y"),
    Case("features", nil, nil, channels: ["x"], "no last axis that its channels could name"),
    Case("id", nil, nil, channels: ["x"], "no last axis that its channels could name"),
    Case("id", .int32, nil, "stored as int64 of shape [], not as declared: int32"),
    Case("label", .int16, [1], "stored as int16 of shape [], not as declared: int16 of shape [1]"),
    Case("name", .uint8, [8], "stored as str, which has no dtype and shape to declare"),
  ]

  @Test(arguments: cases) func declarationsThatTheDataContradicts(item: Case) throws {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("d"), count: 40, level: 3)
    let error = try refusal([folder.path("d")], [item.declaration])
    #expect(error.subject == .column(item.declaration.name))
    for word in item.words { #expect(error.message.contains(word), "\(error.message)") }
  }

  /// Missing and damaged shards do not stop a mount; what is declared is tried on another.
  @Test func declarationsAreTriedOnAShardThatCanBeRead() throws {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("d"), count: 60)
    let wrong = ColumnDeclaration(name: "features", elementType: .float32, shape: [5, 3], channels: nil)
    TestFiles.remove(folder.path("d/shard.00000.mds"))
    // The smallest, which is the last, first.
    let last = try open(folder.path("d")).shards.shardCount - 1
    try TestFiles.write([1, 2, 3], to: folder.path("d/shard.0000\(last).mds"))
    _ = try open(folder.path("d"), declaring: [featuresDeclaration])
    #expect(try refusal([folder.path("d")], [wrong]).subject == .column("features"))
    for shard in 1..<last { TestFiles.remove(folder.path("d/shard.0000\(shard).mds")) }
    _ = try open(folder.path("d"), declaring: [featuresDeclaration])
  }
}
