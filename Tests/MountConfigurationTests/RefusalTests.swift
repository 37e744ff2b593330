// What is refused, and that the message says where, what was found and what is allowed.

import MountConfiguration
import Testing

struct RefusalTests {
  /// A line that is replaced, what it becomes, and what the message must hold.
  struct Case: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var words: [String]
    var testDescription: String { new }
    init(_ old: String, _ new: String, _ words: String...) { (self.old, self.new, self.words) = (old, new, words) }
  }

  static let cases = [
    Case("batch_size: 64", "batchsize: 64", "config.yaml:12: views.train.batchsize: unknown key; did you mean \"batch_size\"? allowed: source, filter, layout"),
    Case("batch_size: 64", "batch_size: many", "config.yaml:12: views.train.batch_size: found \"many\"; expected an integer from 1"),
    Case("batch_size: 64", "batch_size: 0", "views.train.batch_size: found 0; expected an integer from 1"),
    Case("batch_size: 64", "batch_size: -3", "found -3"),
    Case("batch_size: 64", "batch_size: 64.5", "found 64.5"),
    Case("batch_size: 64", "batch_size: \"64\"", "found \"64\"; expected an integer"),
    Case("batch_size: 64", "batch_size: 99999999999999999999", "found 99999999999999999999"),
    Case("batch_size: 64", "batch_size: [1, 2]", "found a list of 2"),
    Case("batch_size: 64", "batch_size: {a: 1}", "found a mapping with a"),
    Case("batch_size: 64", "batch_size:", "config.yaml:12: views.train.batch_size: has no value; leave the key out"),
    Case("batch_size: 64", "batch_size: 064", "found \"064\""),
    Case("batch_size: 64", "batch_size: 1:30", "found \"1:30\""),
    Case("batch_size: 64", "drop_last: yes", "views.train.drop_last: found \"yes\"; expected true or false"),
    Case("epochs: 3", "epochs: 1000001", "found 1000001; expected an integer from 1 to 1000000"),
    Case("epochs: 3", "ranks: 4097", "found 4097; expected an integer from 1 to 4096"),
    Case("algorithm: window", "algorithm: py9z", "views.train.order.algorithm: found \"py9z\"", "allowed: sequential, window"),
    Case("seed: 42", "seed: -1", "found -1; expected an integer from 0 to 18446744073709551615"),
    Case("seed: 42", "block: 512", "views.train.order.sead", "unknown key"),
    Case("seed: 42", "block: 0", "views.train.order.block: found 0; expected samples as an integer above 0"),
    Case("seed: 42", "block: \"512\"", "found \"512\"; expected samples"),
    Case("source: windows", "source: windws", "config.yaml:11: views.train.source: there is no source \"windws\"; did you mean \"windows\"? allowed: windows"),
    Case("format: mds", "format: msd", "found \"msd\"; did you mean \"mds\"?"),
    Case("format: mds", "format: jsnl", "found \"jsnl\"; allowed: mds, parquet"),
    Case("    format: mds\n", "", "config.yaml:5: sources.windows: the key format is missing"),
    Case("path: ./mds", "path: []", "found an empty list"),
    Case("path: ./mds", "path: ${AIS}/mds", "sources.windows.path: the environment variable AIS is not set"),
    Case("path: ./mds", "path: $AIS/mds", "write ${NAME}"),
    Case("path: ./mds", "path: ${}", "expected ${NAME}"),
    Case("path: ./mds", "path: ${A", "write ${NAME}"),
    Case("path: ./mds", "path: ~/mds", "~ is not expanded"),
    Case("path: ./mds", "path: ftp://host/mds", "the scheme ftp:// is not known"),
    Case("path: ./mds", "path: 12", "found 12, which is no text; expected a path: put it in quotes"),
    Case("dtype: float32", "dtype: float31", "did you mean \"float32\"?"),
    Case("shape: [928, 5]", "shape: [928, 6]", "columns.features.channels: found 5 names, but the last axis of shape [928, 6] has 6"),
    Case("shape: [928, 5]", "shape: [928, 0]", "columns.features.shape.1: found 0"),
    Case("shape: [928, 5]", "shape: []", "found 5 names, but a scalar has no axis"),
    Case("shape: [928, 5]", "shape: 5", "found 5; expected a list of integers"),
    Case("shape: [928, 5]", "shape: [4611686018427387904, 5]", "more than 128 TiB"),
    Case("[lat, lon, sog, cog, dt_seconds]", "[lat, lat, sog, cog, dt_seconds]", "\"lat\" is there twice"),
    Case("[lat, lon, sog, cog, dt_seconds]", "[\"*\", lat, sog, cog, dt_seconds]", "means every channel"),
    Case("{divide: 90}", "{divide: 0}", "transform.lat.0.divide: found 0; expected a finite number other than 0"),
    Case("{divide: 90}", "{divide: -0.0}", "found -0.0"),
    Case("{divide: 90}", "{add: .nan}", "found .nan"),
    Case("{divide: 90}", "{add: .inf}", "found .inf"),
    Case("{divide: 90}", "{add: 1e39}", "found 1e39; expected a finite number in float32"),
    Case("{divide: 90}", "{clamp: [30, 0]}", "found [30, 0]; expected two numbers [lo, hi] with lo <= hi"),
    Case("{divide: 90}", "{clamp: [0]}", "found a list of 1"),
    Case("{divide: 90}", "{standardize: {mean: 1, std: 0}}", "standardize.std: found 0"),
    Case("{divide: 90}", "{standardize: {mean: 1}}", "the key std is missing"),
    Case("{divide: 90}", "{devide: 90}", "did you mean \"divide\"?"),
    Case("{divide: 90}", "{divide: 90, add: 1}", "one operation in each pair of braces"),
    Case("{divide: 90}", "log2p", "did you mean \"log1p\"?"),
    Case("{divide: 90}", "divide", "expected divide with its value"),
    Case("{divide: 90}", "{log1p: 1}", "the bare word log1p"),
    Case("[{divide: 90}]", "{divide: 90}", "transform.lat: found a mapping with divide; expected a list of operations"),
    Case("[{divide: 90}]", "[]", "found an empty list"),
    Case("{sin_cos: degrees}", "{sin_cos: degree}", "did you mean \"degrees\"?"),
    Case("slice: \":128\"", "dtype: bool", "a type that values can be cast to"),
    Case("slice: \":128\"", "slice: 1.5", "found 1.5"),
    Case("column: features\n", "columns: []\n", "found an empty list"),
    Case("column: features\n", "columns: [a]\n        column: b\n", "only one of them"),
    Case("        column: features\n", "", "views.train.tensors.input: the key column is missing"),
    Case("  plain:", "  ../x:", "config.yaml:24: views.\"../x\": the name \"../x\" holds a slash"),
    Case("  plain:", "  ..:", "begins with a dot"),
    Case("  plain:", "  .epochfs:", "begins with a dot"),
    Case("  plain:", "  \"a\\0b\":", "holds a control character"),
    Case("  plain:", "  \"\":", "is empty"),
    Case("      target:", "      a/b:", "it is part of a file name"),
    Case("      target:", "      .a:", "begins with a dot"),
    Case("      target:", "      x.offsets:", "as the files of ragged columns do"),
    Case("  plain:", "  train:", "config.yaml:24: views.train: written more than once", "on line 10"),
    Case("  plain:", "  <<:", "merge keys are not allowed"),
    Case("  plain:", "  ? [a]\n  :", "a key must be a text"),
    Case("version: 1", "version: 2", "config.yaml:1: version: found 2; expected an integer from 1 to 1"),
    Case("name: ais\n", "", "config.yaml:1: the key name is missing"),
    Case("name: ais", "name: 12", "put it in quotes"),
    Case("name: ais", "name: !!int 12", "the tag"),
    Case("name: ais", "name: ais\nmemory: 0", "memory: found 0; expected auto, or a size"),
    Case("name: ais", "name: ais\nmemory: -1", "found -1"),
    Case("name: ais", "name: ais\nmemory: 5 apples", "found \"5 apples\""),
    Case("name: ais", "name: ais\nmemory: 99999999PiB", "found \"99999999PiB\""),
    Case("name: ais", "name: ais\nthreads: 1025", "found 1025; expected auto, or an integer from 1 to 1024"),
    Case("name: ais", "name: ais\nserve: replyes", "found \"replyes\"; did you mean \"replies\"?"),
    Case("name: ais", "name: ais\nuid: 4294967295", "expected an integer from 0 to 4294967294"),
    Case(
      "source: windows", "source: [{name: windows, proportion: 1}]", "views.train.source.0.proportion: sources are mixed by mosaicml-streaming's orders only"),
    Case(
      "source: windows", "source: [{name: windows, proportion: 1, choose: 2}]", "views.train.source.0: found proportion and choose; only one of them is allowed"
    ),
    Case("source: windows", "source: []", "views.train.source: found an empty list"),
    Case("source: windows", "source: [windows, window]", "views.train.source.1: there is no source \"window\"", "windows"),
    Case("algorithm: window", "canonical_nodes: 2", "views.train.order.canonical_nodes: belongs to mosaicml-streaming's orders"),
    Case(
      "algorithm: window", "algorithm: py1e, nodes: 2, canonical_nodes: 3",
      "views.train.order.canonical_nodes: found 3, with 2 nodes; expected a multiple or a divisor of nodes"),
    Case("algorithm: window", "algorithm: naive, nodes: 6, canonical_nodes: 4, batching: per_stream", "found 4, with 6 nodes"),
    Case(
      "algorithm: window", "algorithm: py1s, nodes: 4, canonical_nodes: 2, batching: device_per_stream", "expected a multiple of nodes for device_per_stream"),
    Case("algorithm: window", "epoch_size: 2", "epoch_size: belongs to mosaicml-streaming's orders"),
    Case("algorithm: window", "algorithm: py1e, batching: strata", "views.train.order.batching: found \"strata\"", "stratified"),
    Case("algorithm: window", "algorithm: py1e, block: 1GiB", "the block of py1e is in samples, an integer above 0"),
    Case("name: ais", "name: ais\nverify: off", "found \"off\"; allowed: auto, always, never"),
  ]

  @Test(arguments: cases)
  func isRefused(_ refusal: Case) {
    var new = refusal.new
    if new == "block: 512" { new = "block: 512, sead: 42" }
    let text = complaints(sampleYAML.replacing(first: refusal.old, with: new))
    for word in refusal.words { #expect(text.contains(word)) }
    #expect(text.split(separator: "\n").count < 12)
  }

  /// What shapes batches has no meaning where there are none.
  @Test(arguments: [
    ("batch_size: 64", "batch_size: 64"), ("batch_size: 64", "drop_last: true"), ("batch_size: 64", "files: [npy]"), ("epochs: 3", "epochs: 3"),
    ("batch_size: 64", "ranks: 2"), ("order: {", "order: {"), ("tensors:", "tensors:"),
  ])
  func isRefusedWithArrays(old: String, new: String) {
    let text = complaints(sampleYAML.replacing(first: "source: windows", with: "source: windows\n    layout: arrays").replacing(first: old, with: new))
    let key = new.split(separator: Character(":"))[0]
    #expect(text.contains("views.train.\(key): has no meaning with `layout: arrays`"), "\(text)")
  }

  /// Keys and values of the contract that come later.
  static let later = [
    Case("name: ais", "name: ais\ns3: {endpoint: \"http://x\"}", "config.yaml:3: s3: not supported by this version"),
    Case("name: ais", "name: ais\ncache: {path: /c, size: 1GiB}", "cache: not supported"),
    Case("format: mds", "format: dbn", "sources.windows.format: \"dbn\" is not supported by this version; allowed: mds, parquet"),
    Case("path: ./mds", "path: s3://bucket/x", "a remote path is not supported"),
    Case("views:\n", "  made: {from: windows, steps: []}\nviews:\n", "sources.made.from: not supported", "sources.made.steps: not supported"),
  ]

  @Test(arguments: later)
  func isKnownButNotYetSupported(_ refusal: Case) {
    let text = complaints(sampleYAML.replacing(first: refusal.old, with: refusal.new))
    for word in refusal.words { #expect(text.contains(word)) }
    #expect(!text.contains("unknown key") && !text.contains("missing"))
  }

  /// What is refused is not offered.
  @Test func onlyWhatCanBeMountedIsOffered() {
    let text = complaints(sampleYAML.replacing(first: "format: mds", with: "format: jsnl"))
    #expect(text.hasSuffix("sources.windows.format: found \"jsnl\"; allowed: mds, parquet"), "\(text)")
  }

  @Test func severalProblemsAreToldAtOnceInTheOrderOfLines() {
    let text = complaints(sampleYAML.replacing(first: "batch_size: 64", with: "batch_size: 0").replacing(first: "./mds", with: "$x") + "memry: 1\n")
    #expect(text.split(separator: "\n").map { $0.prefix(16) }.count == 3)
    #expect(text.split(separator: "\n").map { String($0.split(separator: " ")[0]) } == ["config.yaml:6:", "config.yaml:12:", "config.yaml:25:"])
  }

  @Test func atMostTenProblemsArePrinted() {
    let text = complaints(sampleYAML + (0..<500).map { "bad\($0): 1\n" }.joined())
    #expect(text.split(separator: "\n").count == 11)
    #expect(text.hasSuffix("and 490 more problems"))
  }

  @Test func messagesStayOnTheirLines() {
    let text = complaints(sampleYAML + "\"a\\nb\\e[31m\": 1\n")
    #expect(text.split(separator: "\n").count == 1)
    #expect(text.contains("a\\nb\\u{1b}[31m"))
  }

  @Test(arguments: ["", "# nothing\n", "--- ~\n", "[]", "just text", "12"])
  func isNoMapping(yaml: String) {
    #expect(complaints(yaml).hasPrefix("config.yaml:1: "))
  }
}
