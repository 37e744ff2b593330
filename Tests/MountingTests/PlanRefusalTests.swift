// What only the data can refuse: every message names file, line, key, what was found and what would do.

import MountConfiguration
import Platform
import Testing

@testable import Mounting

struct PlanRefusalTests {
  /// What is replaced, what it becomes; the key that is to blame, and words of the message.
  struct Case: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var key: String
    var words: [String]
    var testDescription: String { "\(new) (\(key))" }
    init(_ old: String, _ new: String, _ key: String, _ words: String...) { (self.old, self.new, self.key, self.words) = (old, new, key, words) }
  }

  static let cases = [
    Case("path: ./raw", "path: ./nowhere", "sources.windows.path", "/nowhere: there is no such file or folder"),
    Case("path: ./raw", "path: \"./no*\"", "sources.windows.path", "/no*: matches no file or folder"),
    Case("path: ./raw", "path: ./raw/shard.00000.mds", "sources.windows.path", "is not a folder"),
    Case(
      "      features: {dtype: float32", "      featurs: {dtype: float32", "sources.windows.columns.featurs", "there is no column featurs",
      "features, id, label, name"),
    Case("shape: [4, 3], ch", "shape: [5, 3], ch", "sources.windows.columns.features", "float32 of shape [5, 3]", "48 bytes, expected 60"),
    Case("{dtype: float32, shape: [4, 3], channels: [lat, lon, cog]}", "{channels: [a, b]}", "sources.windows.columns.features", "no last axis"),
    Case(
      "column: features\n", "column: featurs\n", "views.train.tensors.input.column", "there is no column \"featurs\"; did you mean \"features\"?",
      "id, label, name"),
    Case("column: features\n", "column: name\n", "views.train.tensors.input.slice", "column name has rows of differing length"),
    Case("columns: [label, id]", "columns: [label, ids]", "views.train.tensors.numbers.columns.1", "there is no column \"ids\"; did you mean \"id\"?"),
    Case("columns: [label, id]", "columns: [\"px_*\"]", "views.train.tensors.numbers.columns.0", "there is no column that matches \"px_*\""),
    Case("columns: [label, id]", "columns: [label, features]", "views.train.tensors.numbers", "[]", "[4, 3]"),
    Case("columns: [label, id]", "columns: [label, label]", "views.train.tensors.numbers", "label"),
    Case("slice: \"1:\"", "slice: \"1:5\"", "views.train.tensors.input.slice", "axis 0, whose length is 4"),
    Case("slice: \"1:\"", "slice: \"4:\"", "views.train.tensors.input.slice", "4"),
    Case("slice: \"1:\"", "slice: \"2:2\"", "views.train.tensors.input.slice", "keeps nothing of axis 0"),
    Case("slice: \"1:\"", "slice: \":, :, :\"", "views.train.tensors.input.slice", "3 components for 2 axes"),
    Case("slice: \"1:\"", "slice: \"a:b\"", "views.train.tensors.input.slice", "a:b"),
    Case("slice: \"1:\"", "slice: \"::0\"", "views.train.tensors.input.slice", "the step is 0"),
    Case("lat: [{sub", "latt: [{sub", "views.train.tensors.input.transform.latt", "unknown channel \"latt\"; the channels are lat, lon, cog"),
    Case("channels: [lon], dtype", "channels: [lonn], dtype", "views.train.tensors.target.channels.0", "unknown channel \"lonn\"; the channels are lat, lon"),
    Case("channels: [lon], dtype", "channels: [cog], dtype", "views.train.tensors.target.channels.0", "unknown channel \"cog\""),
    Case("slice: \"1:\"", "slice: \"..., 0\"", "views.train.tensors.input.transform.lat", "no channel names"),
    Case("memory: 8MiB", "memory: 4KiB", "memory", "cannot hold one shard while it is decoded and one batch", "bytes) is needed"),
    Case("batch_size: 8", "batch_size: 2000000000", "memory", "at least"),
    Case("format: mds\n", "format: dbn\n", "sources.windows.format", "dbn"),
    Case("algorithm: window", "algorithm: py1s, nodes: 4", "views.train.order.nodes", "2 ranks do not divide over 4 nodes"),
    Case("algorithm: window", "algorithm: py1e, canonical_nodes: 61", "views.train.order.canonical_nodes", "60 samples are fewer than 61 canonical nodes"),
    Case("window, seed: 42, block: 20", "py1br, block: 1", "views.train.order.block", "1 samples, are too few for py1br; at least 2"),
    Case("source: packed", "source: packd", "views.plain.source", "did you mean \"packed\"?"),
  ]

  @Test(arguments: cases) func refused(item: Case) throws {
    let yaml = MountingRig.yaml.replacing(first: item.old, with: item.new)
    let problem = try MountingRig().refusal(yaml)
    #expect(problem.place.file == "config.yaml" && problem.place.key == item.key, "\(problem)")
    for word in item.words { #expect(problem.message.contains(word), "\(problem)") }
    // The line of the key that is to blame; not of the value that brought it up elsewhere.
    let line = try #require(
      yaml.line(of: item.key == "memory" ? "memory:" : item.new.split(separator: Character("\n")).first.map { String($0.drop { $0 == " " }) } ?? item.new))
    #expect(item.key == "views.train.tensors.input.transform.lat" || problem.place.line == line, "\(problem)")
  }

  @Test func sourcesOfAListNeedTheSameColumns() throws {
    let yaml = MountingRig.yaml.replacing(first: "plain: {source: packed", with: "plain: {source: [packed, bare]")
      .replacing(first: "views:\n", with: "  bare: {format: mds, path: ./zstd}\nviews:\n")
    let problem = try MountingRig().refusal(yaml)
    #expect(problem.place.key == "views.plain.source.1")
    #expect(problem.message.contains("column features is bytes without a fixed shape in source bare, and float32 of shape [4, 3] in packed"), "\(problem)")
  }

  @Test func aValueOfTheCommandLineIsNamedSo() throws {
    let problem = try MountingRig().refusal(MountingRig.yaml, overrides: ["views.train.tensors.input.column=featurs"])
    #expect(problem.place.file == "--set views.train.tensors.input.column=featurs" && problem.place.line == nil, "\(problem)")
  }

  @Test func withoutAFixedColumnTensorsMustBeDeclared() throws {
    let rig = try MountingRig()
    let yaml = """
      version: 1
      name: t
      sources: {w: {format: mds, path: "\(TestFiles.fixtures)/workers"}}
      views: {all: {source: w}}

      """
    let problem = try rig.refusal(yaml)
    #expect(problem.place.key == "views.all" && problem.place.line == 4)
    #expect(problem.message.contains("no column of source w has a fixed shape (features: bytes); declare one"), "\(problem)")
  }

  @Test func filesOfMoreBytesThanCanBeAreRefused() throws {
    let yaml = """
      version: 1
      name: t
      sources: {c: {format: mds, path: "\(TestFiles.fixtures)/columns", columns: {bare: {dtype: uint8, shape: [300, 1]}}}}
      views:
        all: {source: c, batch_size: 2000000000, tensors: {x: {column: bare, dtype: float64}}}

      """
    let problem = try MountingRig().refusal(yaml)
    #expect(problem.place.key == "views.all.batch_size" && problem.place.line == 5 && problem.message.contains("tensor x"), "\(problem)")
  }

  @Test func anIndexThatCannotBeReadIsNamed() throws {
    let rig = try MountingRig()
    try TestFiles.write("{", to: rig.folder.path("zstd/index.json"))
    let problem = try rig.refusal(MountingRig.yaml)
    #expect(problem.place.key == "sources.packed.path" && problem.message.contains("zstd/index.json"), "\(problem)")
    TestFiles.remove(rig.folder.path("zstd/index.json"))
    #expect(try rig.refusal(MountingRig.yaml).message.contains("has no index.json"))
  }

  /// Missing and damaged shards do not stop a mount.
  @Test func shardsAreNotLookedAt() throws {
    let rig = try MountingRig()
    TestFiles.remove(rig.folder.path("raw/shard.00001.mds"))
    try TestFiles.write([1, 2], to: rig.folder.path("zstd/shard.00000.mds.zstd"))
    _ = try rig.plan()
  }
}
