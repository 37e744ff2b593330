// Filters, groups and path columns of configurations: which rows the tree serves, and what is refused.

import BatchAssembly
import BatchCache
import FileTree
import MountConfiguration
import Platform
import SampleOrder
import ShardStore
import Testing

@testable import Mounting

@Suite struct SelectingTests {
  /// `filter`: of the source; `view`: lines of the view.
  private func yaml(path: String = "./raw", filter: String? = nil, view: [String]) -> String {
    """
    version: 1
    name: test
    memory: 8MiB
    threads: 2
    sources:
      windows:
        format: mds
        path: "\(path)"
        columns: {features: {dtype: float32, shape: [4, 3]}}
        \(filter.map { "filter: \"\($0)\"" } ?? "verify: auto")
    views:
      some:
        source: windows
        \(view.joined(separator: "\n    "))

    """
  }

  /// The ids of all batches of a folder, in order.
  private func ids(_ reader: TreeReader, _ folder: String) throws -> [Int] {
    let files = try reader.files(folder).filter { $0.hasSuffix(".id.npy") }.sorted()
    return try files.flatMap { try integers(Array(reader.bytes($0).dropFirst(128))) }
  }

  private func integers(_ bytes: [UInt8]) -> [Int] {
    stride(from: 0, to: bytes.count, by: 8).map { begin in (0..<8).reduce(0) { $0 | Int(bytes[begin + $1]) << (8 * $1) } }
  }

  @Test func filteredSourcesServeTheirRows() throws {
    let rig = try MountingRig()
    let cases: [(filter: String, rows: [Int])] = [
      ("id < 10 or id >= 55", (0..<60).filter { $0 < 10 || $0 >= 55 }), ("name == 'sample 7éé' or name in ('sample 20', 'sample 21')", [7, 20]),
      ("label > 300 and not id between 20 and 40", (0..<60).filter { TestDataSet.label($0) > 300 && !(20...40).contains($0) }),
    ]
    for (filter, rows) in cases {
      let plan = try rig.plan(yaml(filter: filter, view: ["batch_size: 3"]))
      let reader = try TreeReader(plan, of: rig)
      #expect(try ids(reader, "some") == rows, "\(filter)")
      #expect(plan.sources[0].shards.sampleCount == rows.count)
      #expect(try Array(reader.bytes("some/batch-0000.features.npy").dropFirst(128)) == rows.prefix(3).flatMap(TestDataSet.features))
    }
  }

  @Test func filtersOfSourceAndViewBothHold() throws {
    let rig = try MountingRig()
    let reader = try TreeReader(try rig.plan(yaml(filter: "id >= 20", view: ["batch_size: 4", "filter: \"id < 31 and label < 0\""])), of: rig)
    #expect(try ids(reader, "some") == (20..<31).filter { TestDataSet.label($0) < 0 })
  }

  @Test func epochsOfFilteredRowsHoldEachOnce() throws {
    let rig = try MountingRig()
    let expected = (0..<60).filter { TestDataSet.label($0) < 100 }
    let view = ["filter: label < 100", "batch_size: 4", "epochs: 2", "order: {algorithm: window, seed: 3, block: 11}"]
    let reader = try TreeReader(try rig.plan(yaml(view: view)), of: rig)
    let first = try ids(reader, "some/epoch-0")
    let second = try ids(reader, "some/epoch-1")
    #expect(first.sorted() == expected && second.sorted() == expected)
    #expect(first != expected && second != first)
  }

  @Test func aFilterThatKeepsNothingIsAWarning() throws {
    let rig = try MountingRig()
    let plan = try rig.plan(yaml(view: ["filter: id < 0", "epochs: 1"]))
    #expect(plan.warnings.contains { $0.place.key == "views.some.filter" && $0.message.contains("no row of source windows passes") })
    #expect(try ids(try TreeReader(plan, of: rig), "some").isEmpty)
  }

  @Test func arraysHoldTheRowsThatAreLeft() throws {
    let rig = try MountingRig()
    let reader = try TreeReader(try rig.plan(yaml(path: "./{set}", view: ["layout: arrays", "filter: set == 'zstd' and id < 1003 or id in (7, 9)"])), of: rig)
    #expect(try integers(Array(reader.bytes("some/id.npy").dropFirst(128))) == [7, 9, 1000, 1001, 1002])
    #expect(try integers(Array(reader.bytes("some/set.offsets.npy").dropFirst(128))) == [0, 3, 6, 10, 14, 18])
    #expect(try String(decoding: reader.bytes("some/set.values.npy").dropFirst(128), as: UTF8.self) == "rawrawzstdzstdzstd")
    #expect(try String(decoding: reader.bytes("some/name.values.npy").dropFirst(128), as: UTF8.self).hasPrefix("sample 7éésample 9éééé"))
  }

  // MARK: - Groups

  @Test(arguments: ["plain", "hive"]) func groupsHaveTheirOwnBatches(style: String) throws {
    let rig = try MountingRig()
    let plan = try rig.plan(yaml(path: "./{set}", view: ["group_by: [set]", "group_style: \(style)", "batch_size: 7"]))
    let reader = try TreeReader(plan, of: rig)
    let names = style == "hive" ? ["set=raw", "set=zstd"] : ["raw", "zstd"]
    #expect(try ids(reader, "some/\(names[0])") == Array(0..<60))
    #expect(try ids(reader, "some/\(names[1])") == Array(1000..<1045))
    #expect(plan.sources[0].shards.sampleCount == 105)
  }

  @Test func groupsByColumnsOfTheDataWithFilterAndEpochs() throws {
    let rig = try MountingRig()
    let view = ["group_by: [set, name]", "filter: id in (3, 8, 1002)", "epochs: 1", "batch_size: 2"]
    let reader = try TreeReader(try rig.plan(yaml(path: "./{set}", view: view)), of: rig)
    #expect(try ids(reader, "some/raw/sample 3ééé/epoch-0") == [3])
    #expect(try ids(reader, "some/zstd/sample 1002éé/epoch-0") == [1002])
    #expect(try reader.files("some/raw").count == 2 * 4)
  }

  @Test func hiveFoldersOfThePathAreColumns() throws {
    let rig = try MountingRig()
    try TestFiles.makeFolder(rig.folder.path("day=001"))
    try TestDataSet.write(to: rig.folder.path("day=001/set"), count: 5)
    try TestFiles.makeFolder(rig.folder.path("day=002"))
    try TestDataSet.write(to: rig.folder.path("day=002/set"), first: 5, count: 5)
    let reader = try TreeReader(try rig.plan(yaml(path: "./day=*/set", view: ["filter: day == 2"])), of: rig)
    #expect(try ids(reader, "some") == [5, 6, 7, 8, 9])
  }

  // MARK: - Lists of sources

  /// `raw` (ids 0 to 59) and `zstd` (ids 1000 to 1044) as a list.
  private func list(_ sources: String = "[raw, zstd]", filter: String? = nil, view: [String]) -> String {
    """
    version: 1
    name: test
    memory: 8MiB
    threads: 2
    sources:
      raw:
        {format: mds, path: ./raw, columns: {features: {dtype: float32, shape: [4, 3]}}\(filter.map { ", filter: \"\($0)\"" } ?? "")}
      zstd: {format: mds, path: ./zstd, columns: {features: {dtype: float32, shape: [4, 3]}}}
    views:
      some:
        source: \(sources)
        \(view.joined(separator: "\n    "))

    """
  }

  @Test func listsServeTheSelectedRowsOfEach() throws {
    let rig = try MountingRig()
    for (sources, source, filter, rows) in [
      ("[raw, zstd]", nil, "id in (3, 59, 1000, 1044)", [3, 59, 1000, 1044]),
      ("[zstd, raw]", nil, "id in (3, 59, 1000, 1044)", [1000, 1044, 3, 59]), ("[raw, zstd]", "id > 10", "id < 13 or id > 1042", [11, 12, 1043, 1044]),
      ("[raw, zstd]", nil, "id >= 1040", Array(1040..<1045)), ("[raw, zstd]", nil, "id < 4", [0, 1, 2, 3]), ("[raw, raw]", nil, "id < 2", [0, 1, 0, 1]),
    ] as [(String, String?, String, [Int])] {
      let plan = try rig.plan(list(sources, filter: source, view: ["filter: \(filter)", "batch_size: 3"]))
      #expect(try ids(try TreeReader(plan, of: rig), "some") == rows, "\(sources) \(filter)")
      #expect(plan.views[0].numbering.sampleCount == rows.count)
    }
  }

  @Test func epochsAndRanksOfListsFollowFromTheSelectedRows() throws {
    let rig = try MountingRig()
    let view = ["filter: id between 50 and 1005", "batch_size: 4", "epochs: 2", "ranks: 2", "order: {algorithm: window, seed: 3, block: 7}"]
    let reader = try TreeReader(try rig.plan(list(view: view)), of: rig)
    let expected = Array(50..<60) + Array(1000..<1006)
    // The epoch's own batches come before the ranks' folders.
    let epoch = Array(try ids(reader, "some/epoch-0").prefix(16))
    #expect(epoch.sorted() == expected && epoch != expected)
    let ranks = try (0..<2).map { try ids(reader, "some/epoch-1/rank-\($0)-of-2") }
    #expect(ranks.map(\.count) == [8, 8] && ranks.flatMap { $0 }.sorted() == expected)
  }

  @Test func mixesWeighTheSelectedRows() throws {
    let rig = try MountingRig()
    let order = ["epochs: 1", "batch_size: 2", "order: {algorithm: py1s, block: 100, canonical_nodes: 1}"]
    func epoch(_ sources: String, _ filter: String) throws -> [Int] {
      try ids(try TreeReader(try rig.plan(list(sources, view: order + ["filter: \(filter)"])), of: rig), "some/epoch-0").sorted()
    }
    #expect(try epoch("[{name: raw, repeat: 2}, {name: zstd, choose: 3}]", "id in (5, 6, 1001, 1002, 1003)") == [5, 5, 6, 6, 1001, 1002, 1003])
    let half = try epoch("[{name: raw, proportion: 1}, {name: zstd, proportion: 1}]", "id < 4 or id >= 1040 and id < 1044")
    #expect(half.count == 8 && half.filter { $0 < 1000 }.count == 4)
    let problem = try rig.refusal(list("[{name: raw, repeat: 1}, {name: zstd, repeat: 1}]", view: order + ["filter: id < 10"]))
    #expect(problem.message.contains("source zstd: has no samples"), "\(problem)")
  }

  @Test func groupsOfListsAreOfAllSources() throws {
    let rig = try MountingRig()
    let view = ["group_by: [name]", "filter: id in (7, 8, 1002) or name == 'sample 7éé'", "batch_size: 2"]
    let reader = try TreeReader(try rig.plan(list("[raw, zstd, raw]", view: view)), of: rig)
    #expect(try ids(reader, "some/sample 7éé") == [7, 7] && ids(reader, "some/sample 8ééé") == [8, 8])
    #expect(try ids(reader, "some/sample 1002éé") == [1002])
    // Of a group that the first source has nothing of.
    #expect(try Array(reader.bytes("some/sample 1002éé/batch-0000.features.npy").dropFirst(128)) == TestDataSet.features(1002))
  }

  @Test func groupsOfMixesAreMixedForThemselves() throws {
    let rig = try MountingRig()
    let order = ["epochs: 1", "batch_size: 2", "order: {algorithm: py1s, block: 100, canonical_nodes: 1}", "group_by: [name]"]
    let sources = "[{name: raw, repeat: 2}, {name: raw, choose: 3}, {name: zstd, repeat: 1}]"
    // The samples of both sources are of one name where the filter leaves one of each: they have no name in common.
    let plain = try TreeReader(try rig.plan(list("[raw, zstd, raw]", view: order + ["filter: id in (7, 8, 1002)"])), of: rig)
    #expect(try ids(plain, "some/sample 7éé/epoch-0") == [7, 7] && ids(plain, "some/sample 1002éé/epoch-0") == [1002])
    let weighted = try TreeReader(try rig.plan(list("[{name: raw, repeat: 2}, {name: raw, choose: 3}]", view: order + ["filter: id in (7, 8)"])), of: rig)
    #expect(try ids(weighted, "some/sample 8ééé/epoch-0") == [8, 8, 8, 8, 8])
    let problem = try rig.refusal(list(sources, view: order + ["filter: id in (7, 1002)"]))
    #expect(problem.message.contains("has no samples") && problem.message.contains("(in the group name = sample "), "\(problem)")
  }

  @Test(arguments: [
    (["filter: idd < 3"], "views.some.filter", "source raw: at character 1: there is no column \"idd\""),
    (["filter: id == 'x'"], "views.some.filter", "source raw: at character 7: column id (int64) is compared"),
    (["group_by: [labl]"], "views.some.group_by.0", "source raw: there is no column \"labl\""),
  ])
  func refusedOfLists(lines: [String], key: String, message: String) throws {
    let problem = try MountingRig().refusal(list(view: lines))
    #expect(problem.place.key == key && problem.message.contains(message), "\(problem)")
  }

  // MARK: - Refusals

  @Test(arguments: [
    ("filter: idd < 3", "views.some.filter", "at character 1: there is no column \"idd\"; did you mean \"id\"? allowed: features, id, label, name"),
    ("filter: id < 'x'", "views.some.filter", "at character 6: column id (int64) is compared with the text 'x'; expected a number"),
    ("filter: id <", "views.some.filter", "at character 5: found the end of the filter"),
    ("filter: features > 1", "views.some.filter", "column features (a float32 array of shape [4, 3]) cannot be compared"),
    ("filter: bucket(name, 2) is null", "views.some.filter", "only a column can be asked for null"),
    ("group_by: [labl]", "views.some.group_by.0", "there is no column \"labl\"; did you mean \"label\"?"),
    ("group_by: [label, label]", "views.some.group_by.1", "is there twice"),
    ("group_by: [features]", "views.some.group_by.0", "grouped by columns of text, integers or booleans"),
  ])
  func refused(line: String, key: String, message: String) throws {
    let problem = try MountingRig().refusal(yaml(view: [line]))
    #expect(problem.place.key == key && problem.place.line != nil && problem.message.contains(message), "\(problem)")
  }

  @Test func pathsThatNameAColumnOfTheFilesAreRefused() throws {
    let problem = try MountingRig().refusal(yaml(path: "./{name}", view: ["batch_size: 2"]))
    #expect(problem.place.key == "sources.windows.path" && problem.message.contains("the files have a column of that name"), "\(problem)")
  }

  @Test func damageWhereAFilterLooksIsRefusedAndNamed() throws {
    let rig = try MountingRig()
    try TestFiles.write([1, 2, 3], to: rig.folder.path("raw/shard.00001.mds"))
    let problem = try rig.refusal(yaml(filter: "label < 100", view: ["batch_size: 2"]))
    #expect(problem.place.key == "sources.windows.filter" && problem.message.contains("raw/shard.00001.mds"), "\(problem)")
    // What the paths tell is told without a look into the files.
    let plan = try rig.plan(yaml(path: "./{set}", filter: "set == 'raw'", view: ["batch_size: 2", "group_by: [set]"]))
    #expect(plan.sources[0].shards.sampleCount == 60)
  }

  @Test func selectionsCountAsMemory() throws {
    let rig = try MountingRig()
    let text = yaml(filter: "id != 30", view: ["batch_size: 2"])
    let plan = try rig.plan(text)
    // Enough for a shard and a batch, but not for what is selected, or not for what filtering takes beside a shard.
    let least = AssemblyWork(views: plan.views).leastByteCount
    let message = try rig.refusal(text, overrides: ["memory=\(least)B"]).message
    #expect(message.contains("for the rows that filters and groups select") || message.contains("raise `memory`"), "\(message)")
    let assembler = try plan.makeAssembler { _ in }
    defer { assembler.stop() }
    #expect(assembler.budget.usedByteCount >= 1024)
  }
}
