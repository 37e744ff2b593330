// `--set KEY=VALUE`.

import MountConfiguration
import TensorPrograms
import Testing

struct OverrideTests {
  @Test func valuesWinInTurn() throws {
    let configuration = try parse(
      sampleYAML,
      overrides: [
        "views.train.batch_size=32", "memory=64MiB", "views.train.order.seed=7", "views.train.order.seed=8", "sources.windows.path=/other",
        "views.train.drop_last=true",
        "views.train.tensors.input.transform.lat.0.divide=45", "views.train.tensors.input.transform.lat.1={add: 1}",
        "views.train.tensors.target.channels=[lon]", "views.plain.order={algorithm: window}", "views.extra={source: windows, batch_size: 2}", "name=a=b",
      ])
    let train = configuration.views[0]
    #expect(train.batchSize.value == 32 && train.order.seed == 8 && train.dropLast && configuration.memory.value == .bytes(64 << 20))
    #expect(configuration.sources[0].paths.map(\.value.expanded) == ["/other"] && configuration.name.value == "a=b")
    #expect(train.tensors[0].transform[0].operations.map(\.value) == [.divide(45), .add(1)])
    #expect(train.tensors[1].channels?.map(\.value) == ["lon"])
    #expect(configuration.views.map(\.name.value) == ["train", "plain", "extra"] && configuration.views[1].order.algorithm.value == .window)
    #expect(train.batchSize.place.description == "--set views.train.batch_size=32: views.train.batch_size")
  }

  @Test func namesWithDotsAreQuoted() throws {
    let yaml = sampleYAML.replacing(first: "plain:", with: "a.b:")
    #expect(try parse(yaml, overrides: ["views.\"a.b\".batch_size=9"]).views[1].batchSize.value == 9)
    #expect(complaints(yaml, overrides: ["views.\"a.b\".batch_size=0"]).contains("views.\"a.b\".batch_size: found 0"))
  }

  @Test(arguments: [
    ("views.train.batchsize=3", ["--set views.train.batchsize=3: views.train.batchsize: unknown key; did you mean \"batch_size\"?"]),
    ("views.train.batch_size=0", ["--set views.train.batch_size=0: views.train.batch_size: found 0; expected"]),
    ("views.train.batch_size=", ["--set", "has no value"]),
    ("views.trian.batch_size=3", ["--set", "views.trian: there is no \"trian\"; did you mean \"train\"? allowed: train, plain"]),
    ("views.train.ordr.seed=3", ["views.train.ordr: unknown key; did you mean \"order\"?"]),
    ("views.train.batch_size.x=3", ["views.train.batch_size is 64 and holds no keys"]),
    ("batch_size", ["expected KEY=VALUE"]), ("=3", ["expected KEY=VALUE"]), ("a..b=3", ["expected KEY=VALUE"]),
    ("memory=[", ["--set memory=[: not valid YAML"]),
    ("sources.windows.columns.features.shape.9=1", ["this is a list of 2; expected a position from 0 to 2"]),
    ("s3.region=x", ["s3: not supported by this version"]),
    ("views.x={source: nope}", ["--set", "views.x.source", "there is no source \"nope\""]),
  ])
  func errorsNameTheOption(override: String, words: [String]) {
    let text = complaints(sampleYAML, overrides: [override])
    for word in words { #expect(text.contains(word)) }
  }
}
