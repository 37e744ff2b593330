// What a right configuration means.

import MountConfiguration
import TensorPrograms
import Testing

struct ModelTests {
  @Test func everyValueOfASmallConfiguration() throws {
    let configuration = try parse(sampleYAML)
    #expect(configuration.version == 1 && configuration.name.value == "ais" && configuration.file == "config.yaml")
    #expect(configuration.memory.value == .automatic && configuration.threads.value == .automatic)
    #expect(configuration.serve == .automatic && configuration.verify == .automatic && !configuration.allowOther)
    #expect(configuration.uid == nil && configuration.gid == nil && configuration.state == "/var/cache/epochfs")
    #expect(configuration.warnings.isEmpty)

    let source = try #require(configuration.sources.first)
    #expect(configuration.sources.count == 1 && source.name.value == "windows" && source.format == .mds)
    #expect(source.paths.map(\.value.expanded) == ["/configs/mds"] && source.paths.map(\.value.written) == ["./mds"])
    #expect(source.columns.count == 1 && source.columns[0].name.value == "features")
    #expect(source.columns[0].dtype?.value == .float32 && source.columns[0].shape?.value == [928, 5])
    #expect(source.columns[0].channels?.value == ["lat", "lon", "sog", "cog", "dt_seconds"])

    #expect(configuration.views.map(\.name.value) == ["train", "plain"])
    let train = configuration.views[0]
    #expect(train.sources.map(\.name.value) == ["windows"] && train.batchSize.value == 64 && !train.dropLast && train.epochs?.value == 3 && train.ranks == nil)
    #expect(train.layout == .batches && train.files == [.npy])
    #expect(train.order.algorithm.value == .window && train.order.seed == 42 && train.order.block.value == .bytes(512 << 20))
    #expect(train.tensors.map(\.name.value) == ["input", "target"])
    let input = train.tensors[0]
    #expect(input.columns.map(\.value) == ["features"] && !input.isStacked && input.slice?.value == ":128" && input.channels == nil)
    #expect(input.transform.map(\.channel.value) == ["lat", "cog", "dt_seconds"])
    #expect(input.transform.map { $0.operations.map(\.value) } == [[.divide(90)], [.sinCos(.degrees)], [.log1p, .divide(10)]])
    #expect(train.tensors[1].channels?.map(\.value) == ["lat", "lon"])

    let plain = configuration.views[1]
    #expect(plain.batchSize.value == 1 && plain.epochs == nil && plain.order.algorithm.value == .sequential && plain.order.seed == 0 && plain.tensors.isEmpty)
  }

  @Test func placesNameFileLineAndKey() throws {
    let configuration = try parse(sampleYAML)
    let input = configuration.views[0].tensors[0]
    #expect(input.columns[0].place == SourcePlace(file: "config.yaml", line: 17, key: "views.train.tensors.input.column"))
    #expect(input.slice?.place.description == "config.yaml:18: views.train.tensors.input.slice")
    #expect(input.transform[1].channel.place.description == "config.yaml:21: views.train.tensors.input.transform.cog")
    #expect(input.transform[2].operations[1].place.description == "config.yaml:22: views.train.tensors.input.transform.dt_seconds.1")
    #expect(configuration.views[0].tensors[1].channels?[1].place.description == "config.yaml:23: views.train.tensors.target.channels.1")
    // A default is placed at the mapping that could have held it.
    #expect(configuration.views[0].order.block.place.description == "config.yaml:14: views.train.order.block")
    #expect(configuration.memory.place.description == "config.yaml:1: memory")
  }

  @Test func laterChecksThrowTheSameError() throws {
    let column = try parse(sampleYAML).views[0].tensors[0].columns[0]
    #expect(
      Located("featurs", at: column.place).unknown("column", allowed: ["label", "features"]).description
        == "config.yaml:17: views.train.tensors.input.column: there is no column \"featurs\"; did you mean \"features\"? allowed: label, features")
    #expect(column.failure("holds text").description == "config.yaml:17: views.train.tensors.input.column: holds text")
  }

  @Test func jsonIsYAML() throws {
    let json = """
      {"version": 1, "name": "x \\ud83d\\ude00 \\u00e9 \\/", "memory": "256MiB",
      \t"sources": {"s": {"format": "mds", "path": ["/a", "b"]}}, "views": {"v": {"source":"s","batch_size":2, "drop_last":true}}}
      """
    let configuration = try parse(json)
    #expect(configuration.name.value == "x 😀 é /")
    #expect(configuration.memory.value == .bytes(256 << 20) && configuration.views[0].dropLast && configuration.views[0].batchSize.value == 2)
    #expect(configuration.sources[0].paths.map(\.value.expanded) == ["/a", "/configs/b"])
  }

  @Test func aliasesStandForWholeValues() throws {
    let yaml = sampleYAML.replacing(first: "transform:\n", with: "transform: &t\n").replacing(first: "channels: [lat, lon]}", with: "transform: *t}")
    let tensors = try parse(yaml).views[0].tensors
    #expect(tensors[1].transform == tensors[0].transform && tensors[1].transform.count == 3)
  }

  @Test(arguments: [
    ("memory: 1.5 GiB", MemorySetting.bytes(1_610_612_736)), ("memory: 2GB", .bytes(2_000_000_000)), ("memory: 123", .bytes(123)), ("memory: auto", .automatic),
  ])
  func memory(line: String, expected: MemorySetting) throws {
    #expect(try parse(sampleYAML + line + "\n").memory.value == expected)
  }

  @Test func scalarsOfTheTop() throws {
    let more = "threads: 7\nserve: replies\nverify: never\nuid: 1000\ngid: 0\nallow_other: true\nstate: ${HOME}/s\n"
    let configuration = try parse(sampleYAML + more, environment: ["HOME": "/home/u"])
    #expect(configuration.threads.value == .count(7) && configuration.serve == .replies && configuration.verify == .never)
    #expect(configuration.uid == 1000 && configuration.gid == 0 && configuration.allowOther && configuration.state == "/home/u/s")
    #expect(configuration.sources[0].verify == .never)
  }

  @Test(arguments: [
    ([:], "/var/cache/epochfs"), (["HOME": "/h"], "/h/.cache/epochfs"), (["HOME": "/h", "XDG_CACHE_HOME": "/x"], "/x/epochfs"),
    (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/epochfs"), (["CACHE_DIRECTORY": "/var/cache/e:/b", "HOME": "/h"], "/var/cache/e"),
  ])
  func stateFolder(environment: [String: String], expected: String) throws {
    #expect(try parse(sampleYAML, environment: environment).state == expected)
  }

  @Test func blocks() throws {
    func block(_ text: String) throws -> ShuffleBlock {
      try parse(sampleYAML.replacing(first: "seed: 42", with: "seed: 42, block: \(text)")).views[0].order.block.value
    }
    #expect(try block("4096") == .samples(4096))
    #expect(try block("4096B") == .bytes(4096))
    #expect(try block("\"64 MiB\"") == .bytes(64 << 20))
  }

  @Test func everyOperation() throws {
    let list =
      "[{add: 1}, {subtract: -2.5}, {multiply: 1e3}, {divide: .5}, {clamp: [-.inf, 3]}, log1p, {sin_cos: radians}, {standardize: {mean: 0, std: 2}}, {nan_to: 0}]"
    let yaml = sampleYAML.replacing(first: "[{divide: 90}]", with: list).replacing(first: "lat: ", with: "\"*\": ")
    let transform = try parse(yaml).views[0].tensors[0].transform[0]
    #expect(transform.channel.value == "*")
    #expect(
      transform.operations.map(\.value) == [
        .add(1), .subtract(-2.5), .multiply(1000), .divide(0.5), .clamp(low: -.infinity, high: 3), .log1p, .sinCos(.radians), .standardize(mean: 0, std: 2),
        .nanTo(0),
      ])
  }

  @Test func constantsMayNeedFloat64() throws {
    let yaml = sampleYAML.replacing(first: "{divide: 90}", with: "{divide: 1e-300}")
    #expect(complaints(yaml).contains("found 1e-300; expected a finite number other than 0 in float32"))
    #expect(try parse(yaml.replacing(first: "slice: \":128\"", with: "dtype: float64")).views[0].tensors[0].transform[0].operations[0].value == .divide(1e-300))
  }

  @Test func stackedColumns() throws {
    let tensor = try parse(sampleYAML.replacing(first: "column: features\n", with: "columns: [bid_*, ask]\n")).views[0].tensors[0]
    #expect(tensor.isStacked && tensor.columns.map(\.value) == ["bid_*", "ask"])
  }

  @Test func warnings() throws {
    #expect(
      try parse(sampleYAML.replacing(first: "epochs: 3", with: "ranks: 8")).warnings.map(\.description) == [
        "config.yaml:13: views.train.ranks: has no effect without epochs: ranks are folders of an epoch"
      ])
    #expect(
      try parse(sampleYAML.replacing(first: "algorithm: window", with: "algorithm: sequential")).warnings.map(\.description) == [
        "config.yaml:14: views.train.order: seed and block have no effect on the sequential order"
      ])
    let unused = sampleYAML.replacing(first: "views:\n", with: "  spare: {format: mds, path: /x}\nviews:\n")
    #expect(try parse(unused).warnings.map(\.description) == ["config.yaml:9: sources.spare: no view uses this source"])
  }
}
