// Sources of MDS folders: what they say about themselves, and the rows they decode.

import BatchCache
import Glibc
import NumPyFormat
import Platform
import SampleOrder
import Testing

@testable import ShardStore

struct MDSSourceTests {
  @Test(arguments: ["raw", "zstd", "gz", "bz2", "br", "snappy"], Verification.allCases)
  func fixturesHoldWhatNumPyWrote(folder: String, verification: Verification) throws {
    let declaration = ColumnDeclaration(name: "features", elementType: .float32, shape: [16, 5], channels: nil)
    let source = try open("\(TestFiles.fixtures)/\(folder)", declaring: [declaration], verification: verification)
    #expect(source.name == "source" && source.formatName == "mds")
    #expect(source.shards.shardCount == 2 && source.shards.sampleCount == 40)
    #expect(source.rawByteCount == (folder == "raw" ? 7963 + 6567 : source.rawByteCount) && source.rawByteCount > 14_000)
    #expect(source.columns.map(\.name) == ["features", "id", "name"] && source.columns.map(\.encodingName) == ["bytes", "int", "str"])
    #expect(source.columns[0].array.map { $0.elementType == .float32 && $0.shape == [16, 5] } == true)
    #expect(source.columns[2].array == nil)
    #expect(try allRows(source, "features") == TestFiles.elements("features"))
    #expect(try allRows(source, "id") == TestFiles.elements("id"))
  }

  /// Every type of fixed shape, and those that carry or are given their shape.
  @Test func everyColumnOfFixedShape() throws {
    let declarations = [
      ColumnDeclaration(name: "typed", elementType: .float32, shape: [4], channels: nil),
      ColumnDeclaration(name: "bare", elementType: .uint8, shape: [300, 1], channels: nil),
      ColumnDeclaration(name: "unknown", elementType: .uint8, shape: [16], channels: nil),
      ColumnDeclaration(name: "fixed", elementType: .int16, shape: nil, channels: ["x", "y", "z"]),
    ]
    let source = try open("\(TestFiles.fixtures)/columns", declaring: declarations)
    let fixed = source.columns.indices.filter { source.columns[$0].array != nil }
    #expect(fixed.count == 16)
    for column in fixed { #expect(try allRows(source, source.columns[column].name) == TestFiles.elements("columns.\(source.columns[column].name)")) }
    // All at once.
    let workspace = try workspace(source, columnCount: fixed.count)
    var found = [[UInt8]](repeating: [], count: fixed.count)
    for shard in 0..<source.shards.shardCount {
      let decoded = try source.decode(shard: shard, columns: fixed, with: workspace)
      #expect(decoded.shard == shard && decoded.columns.count == fixed.count)
      for place in fixed.indices { found[place] += rows(decoded, of: source, column: place) }
    }
    for (place, column) in fixed.enumerated() { #expect(try found[place] == TestFiles.elements("columns.\(source.columns[column].name)")) }
  }

  @Test func foldersOfWorkersInTheOrderOfTheManifest() throws {
    let declaration = ColumnDeclaration(name: "features", elementType: .float32, shape: [16, 5], channels: nil)
    let expected = try TestFiles.elements("workers.features")
    #expect(try allRows(open("\(TestFiles.fixtures)/workers", declaring: [declaration]), "features") == expected)
    let folder = try TemporaryFolder()
    try TestFiles.copy("\(TestFiles.fixtures)/workers", to: folder.path("w"))
    try TestFiles.write(#"{"worker_dirs": ["gs://x/worker_01", "gs://x/worker_00/"]}"#, to: folder.path("w/manifest.json"))
    let rowByteCount = 16 * 5 * 4
    let reversed = Array(expected[(17 * rowByteCount)...]) + Array(expected[..<(17 * rowByteCount)])
    let source = try open(folder.path("w"), declaring: [declaration])
    #expect(try allRows(source, "features") == reversed)
    #expect(source.path(ofShard: 0).hasPrefix(folder.path("w/worker_01/shard.00000")))
    // Folders the manifest does not name come after those it names; hidden ones do not come at all.
    try TestFiles.write(#"{"worker_dirs": ["worker_01"]}"#, to: folder.path("w/manifest.json"))
    try TestFiles.copy(folder.path("w/worker_00"), to: folder.path("w/_worker"))
    try TestFiles.copy(folder.path("w/worker_00"), to: folder.path("w/.worker"))
    #expect(try allRows(open(folder.path("w"), declaring: [declaration]), "features") == reversed)
  }

  @Test(arguments: [nil, 3]) func severalPathsOneAfterAnother(level: Int?) throws {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("b"), first: 0, count: 33, level: level)
    try TestDataSet.write(to: folder.path("a"), first: 33, count: 20)
    let source = try open(folder.path("b"), folder.path("a/index.json"), declaring: [featuresDeclaration])
    #expect(source.shards.sampleCount == 53 && source.shards.shardCount > 3)
    #expect(source.columns[0].channels == ["a", "b", "c"])
    #expect(try allRows(source, "id") == (0..<53).flatMap { littleEndian(UInt64($0), 8) })
    #expect(try allRows(source, "features") == (0..<53).flatMap(TestDataSet.features))
    #expect(try allRows(source, "label") == (0..<53).flatMap { TestDataSet.fields($0)[2] })
    for shard in 0..<source.shards.shardCount { #expect(Folder.kind(of: source.path(ofShard: shard)) == .file) }
  }

  @Test func demandsAreWhatDecodingTakes() throws {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("raw"), count: 50)
    try TestDataSet.write(to: folder.path("zstd"), count: 50, level: 3)
    let (raw, zstd) = (try open(folder.path("raw")), try open(folder.path("zstd")))
    #expect(raw.largestDemand(columns: [0]).inputByteCount > 0 && zstd.largestDemand(columns: [0]).inputByteCount > 0)
    #expect((1000...1500).contains(raw.largestDemand(columns: []).outputByteCount))
    // Eight bytes a sample for every column more.
    for source in [raw, zstd] {
      let (one, three) = (source.largestDemand(columns: [0]), source.largestDemand(columns: [0, 1, 2]))
      #expect(
        (three.outputByteCount - one.outputByteCount) % 16 == 0 && three.outputByteCount > one.outputByteCount && one.inputByteCount == three.inputByteCount)
    }
    // A cap without room for it makes no workspace, and leaves nothing charged.
    let demand = zstd.largestDemand(columns: [0])
    let small = MemoryBudget(capByteCount: demand.chargedByteCount - 1)
    #expect(DecodeWorkspace(demand: demand, budget: small) == nil && small.usedByteCount == 0)
    let enough = MemoryBudget(capByteCount: demand.chargedByteCount)
    let workspace = try #require(DecodeWorkspace(demand: demand, budget: enough))
    #expect(enough.usedByteCount == demand.chargedByteCount)
    _ = try zstd.decode(shard: 0, columns: [1], with: workspace)
  }

  @Test func rowsThatAreKeptStayAsTheyWere() throws {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("d"), count: 60, level: 3)
    let source = try open(folder.path("d"))
    let workspace = try workspace(source, columnCount: 1)
    let kept = try source.decode(shard: 0, columns: [1], with: workspace)
    let before = rows(kept, of: source)
    let budget = MemoryBudget(capByteCount: 1 << 20)
    let rest = try #require(kept.copy(rows: 3..<source.shards.count(of: 0), budget: budget))
    #expect(kept.copy(rows: 0..<2, budget: MemoryBudget(capByteCount: 4095)) == nil)
    for shard in 1..<source.shards.shardCount { _ = try source.decode(shard: shard, columns: [1], with: workspace) }
    let rowByteCount = kept.columns[0].rowByteCount
    #expect(rest.firstRow == 3 && rows(rest, of: source) == Array(before[(3 * rowByteCount)...]))
  }

  @Test(arguments: [0..<5000, 300..<4999, 4990..<5000, 17..<17]) func copiesHoldTheirRows(range: Range<Int>) throws {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("d"), count: 5000, sizeLimit: 1 << 20)
    let source = try open(folder.path("d"))
    #expect(source.shards.shardCount == 1)
    let budget = MemoryBudget(capByteCount: 8 << 20)
    let workspace = try #require(DecodeWorkspace(demand: source.largestDemand(columns: [0, 1]), budget: budget))
    let whole = try source.decode(shard: 0, columns: [1, 2], with: workspace)
    let used = budget.usedByteCount
    let copy = try #require(whole.copy(rows: range, budget: budget))
    #expect(budget.usedByteCount - used >= whole.copyByteCount(rowCount: range.count) && (range.isEmpty || copy.firstRow == range.lowerBound))
    let region = copy.region.region
    let bytes = region.bytes
    for row in range {
      for (place, expected) in [TestDataSet.fields(row)[1], TestDataSet.fields(row)[2]].enumerated() {
        let offset = copy.columns[place].byteOffset(ofRow: row, in: bytes)
        let found = bytes.extracting(offset..<offset + copy.columns[place].rowByteCount)
        let isSame = unsafe found.withUnsafeBytes { unsafe $0.elementsEqual(expected) }  // Sound: looked at while the region is alive.
        if !isSame { Issue.record("row \(row), column \(place)") }
      }
    }
    // Without room there is no copy.
    #expect(whole.copy(rows: 0..<5000, budget: MemoryBudget(capByteCount: 4096)) == nil)
  }

  @Test func modifiedIsTheNewestOfItsFiles() throws {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("d"), count: 60)
    for name in try Folder.names(in: folder.path("d")) { try TestFiles.setTime(folder.path("d/\(name)"), timespec(tv_sec: 1000, tv_nsec: 5)) }
    try TestFiles.setTime(folder.path("d/shard.00001.mds"), timespec(tv_sec: 2000, tv_nsec: 7))
    #expect(try open(folder.path("d")).modified == FileTimestamp(seconds: 2000, nanoseconds: 7))
  }
}
