// Configurations that are right, and what is planned from them.

import BatchAssembly
import MountConfiguration
import NumPyFormat
import SampleOrder
import ShardStore
import TensorPrograms
import Testing

@testable import Mounting

struct PlanTests {
  @Test func viewsTensorsAndOrdersAreAsWritten() throws {
    let plan = try MountingRig().plan()
    #expect(plan.capByteCount == 8 << 20 && plan.threadCount == 2 && plan.warnings.isEmpty)
    #expect(plan.sources.map(\.name) == ["windows", "packed"])
    let train = plan.views[0]
    #expect(train.name == "train" && train.source.name == "windows" && train.listedEpochCount == 2 && train.listedRankCount == 2)
    #expect(train.numbering == BatchNumbering(sampleCount: 60, batchSize: 8, dropLast: false))
    #expect(train.order == OrderPlan(algorithm: .window, seed: 42, blockSampleCount: 20))
    #expect(train.tensors.map(\.name) == ["input", "target", "numbers"])
    #expect(train.tensors.map(\.program.outputShape) == [[3, 3], [2, 1], [2]])
    #expect(train.tensors.map(\.program.outputType) == [.float32, .float64, .float32])
    #expect(train.tensors.map(\.program.outputChannels) == [["lat", "lon", "cog"], ["lon"], ["label", "id"]])
    // Each column is decoded once for all tensors.
    #expect(train.sourceColumns.map { train.source.columns[$0].name } == ["features", "label", "id"])
    #expect(train.tensors.map(\.inputs) == [[0], [0], [1, 2]])
    let plain = plan.views[1]
    #expect(plain.listedEpochCount == nil && plain.order.algorithm == .sequential)
    #expect(plain.tensors.map(\.name) == ["features", "id", "label"])
  }

  /// floor(bytes * samples / raw bytes), at least 1.
  @Test func blocksInBytesAreMeasuredByTheIndex() throws {
    let rig = try MountingRig()
    let rawByteCount = try rig.plan().sources[0].rawByteCount
    for (text, byteCount) in [("3KiB", 3072), ("1B", 1), ("1GiB", 1 << 30)] {
      let plan = try rig.plan(MountingRig.yaml.replacing(first: "block: 20", with: "block: \(text)"))
      #expect(plan.views[0].order.blockSampleCount == max(1, byteCount * 60 / rawByteCount))
    }
    // Never from the machine: 512 MiB unless given.
    let plan = try rig.plan(MountingRig.yaml.replacing(first: ", block: 20", with: ""))
    #expect(plan.views[0].order.blockSampleCount == (512 << 20) * 60 / rawByteCount)
  }

  @Test func valuesFromTheCommandLineWin() throws {
    let plan = try MountingRig().plan(overrides: ["views.train.batch_size=5", "threads=7", "memory=16MiB"])
    #expect(plan.views[0].numbering.batchSize == 5 && plan.threadCount == 7 && plan.capByteCount == 16 << 20)
  }

  @Test func automaticValuesComeFromTheMachine() throws {
    let plan = try MountingRig().plan(MountingRig.yaml.replacing(first: "memory: 8MiB\nthreads: 2\n", with: ""))
    #expect(plan.threadCount >= 1 && plan.capByteCount > 16 << 20)
  }

  @Test func pathsMayBeListsPatternsAndWorkers() throws {
    let rig = try MountingRig()
    func sampleCount(_ path: String) throws -> Int {
      try rig.plan(MountingRig.yaml.replacing(first: "path: ./raw", with: "path: \(path)")).sources[0].shards.sampleCount
    }
    #expect(try sampleCount("[./zstd, ./raw]") == 105)
    #expect(try sampleCount("[./raw, ./raw]") == 120)
    #expect(try sampleCount("\"./raw/../z*\"") == 45)
    #expect(try sampleCount("./raw/index.json") == 60)
    try TestFiles.makeFolder(rig.folder.path("w"))
    try TestFiles.copy(rig.folder.path("raw"), to: rig.folder.path("w/a"))
    try TestFiles.copy(rig.folder.path("zstd"), to: rig.folder.path("w/b"))
    try TestFiles.copy(rig.folder.path("zstd"), to: rig.folder.path("w/_c"))
    #expect(try sampleCount("./w") == 105)
    #expect(try sampleCount("\"./w/*\"") == 105)
    // A folder whose own name has such characters is no pattern.
    try TestFiles.copy(rig.folder.path("raw"), to: rig.folder.path("we[i]rd"))
    #expect(try sampleCount("\"./we[i]rd\"") == 60)
  }

  @Test(arguments: [
    ("[\"*d\", \"*l\"]", ["id", "label"]), ("[\"*l\", \"*d\"]", ["label", "id"]), ("[\"?d\"]", ["id"]), ("[id, \"*bel\"]", ["id", "label"]),
    ("[id, \"*d\", label]", nil),
    ("[label, id, label]", nil),
  ]) func patternsOfColumnsStackInStoredOrder(columns: String, names: [String]?) throws {
    let rig = try MountingRig()
    let yaml = MountingRig.yaml.replacing(first: "columns: [label, id]", with: "columns: \(columns)")
    if let names {
      #expect(try rig.plan(yaml).views[0].tensors[2].program.outputChannels == names)
    } else {
      // A column twice, or a pattern that finds nothing new.
      #expect(throws: ConfigurationError.self) { try rig.plan(yaml) }
    }
  }

  @Test(arguments: [
    ("*", "", true), ("*", "abc", true), ("a*c", "abc", true), ("a*c", "ac", true), ("a*c", "acb", false), ("?", "", false), ("?", "é", true),
    ("a?c", "abc", true),
    ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false), ("bid_px_*", "bid_px_00", true), ("bid_px_*", "ask_px_00", false), ("", "", true),
    ("", "a", false),
    ("a**b", "ab", true), ("*?", "a", true), ("*?*?", "a", false),
  ]) func wildcards(pattern: String, name: String, matches: Bool) { #expect(Wildcard.matches(pattern, name) == matches) }

  @Test(.timeLimit(.minutes(1))) func wildcardsOfManyStarsEnd() {
    #expect(!Wildcard.matches(String(repeating: "*a", count: 200) + "b", String(repeating: "a", count: 5000)))
  }
}
