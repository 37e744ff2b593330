// Sources with columns from their files' paths.

import BatchCache
import RowFilter
import SampleOrder
import Testing

@testable import ShardStore

@Suite struct PathColumnSourceTests {
  private func made() throws -> (base: MemorySource, source: PathColumnSource) {
    let base = try MemorySource(shards: [100, 200, 70_000], pieceRowCounts: [50, 50, 50, 50, 50])
    let columns = [
      PathColumn(name: "partition", texts: ["000", "001", nil, "017"], isCaptured: false),
      PathColumn(name: "day", texts: ["1", "2", "3", "3"], isCaptured: true),
    ]
    return (base, PathColumnSource(base, adding: columns, files: try ShardTable([100, 0, 200, 70_000]), paths: ["/a", "/b", "/c", "/d"]))
  }
  private let work = SelectionWork(budget: MemoryBudget(capByteCount: 1 << 28), threadCount: 2) { _, _ in }

  @Test func piecesAreConstantTexts() throws {
    let (_, source) = try made()
    #expect(source.storedColumns.map(\.name) == ["id", "f", "s", "l", "d", "partition", "day"])
    #expect(source.columns.map(\.name) == source.storedColumns.map(\.name))
    #expect(source.storedColumns[5].isNullable && !source.storedColumns[6].isNullable)
    let table = source.pieces(ofColumn: 5)
    #expect((0..<table.shardCount).map { table.count(of: $0) } == [100, 200, 65_536, 4464])
    let workspace = try #require(DecodeWorkspace(demand: DecodeDemand(inputByteCount: 0, outputByteCount: 0), budget: work.budget))
    let first = try source.decode(column: 5, piece: 0, with: workspace, budget: work.budget)
    #expect(bytes(first.region, first.values) == Array(String(repeating: "000", count: 100).utf8))
    #expect(places(first.region, first.offsets[0]) == (0...100).map { 3 * $0 })
    #expect(first.rowNulls == nil)
    let null = try source.decode(column: 5, piece: 1, with: workspace, budget: work.budget)
    let missing = try #require(null.rowNulls)
    #expect(null.values.isEmpty && bytes(null.region, missing) == [UInt8](repeating: 1, count: 200))
    #expect(source.path(ofColumn: 5, piece: 1) == "/c")
    #expect(source.path(ofColumn: 0, piece: 1) == "/memory/column-0/1")
  }

  @Test func nullsOfPathsAreKnown() throws {
    let (_, source) = try made()
    #expect(source.knownNulls(ofColumn: 5).map { [$0.rowCount, $0.elementCount, $0.otherCount] } == [200, 0, 0])
    #expect(source.knownNulls(ofColumn: 6)?.rowCount == 0 && source.knownNulls(ofColumn: 6)?.isComplete == true)
    #expect(source.knownNulls(ofColumn: 1) == nil)
    var known = KnownNulls()
    known.add(rows: 1, elements: 20, others: 300)
    let counts = [(true, true), (true, false), (false, true), (false, false)].map { known.count(rows: $0.0, elements: $0.1) }
    #expect(counts == [321, 1, 20, 0])
    known.add(rows: .max, elements: .max, others: .max)
    #expect(known.count(rows: true, elements: true) == .max)
  }

  @Test func filtersOnPathsReadNothingElse() throws {
    let (base, source) = try made()
    let filter = try RowFilter(FilterExpression(parsing: "partition in (0, '017') and (day == 1 or id >= 70000)")) { source.filterColumn(named: $0) }
    let selection = try RowSelection.rows(of: source, rowCount: 70_300, where: filter, within: nil, work: work)
    var runs: [Range<Int>] = []
    selection.forEachRun(in: 0..<70_300) { runs.append($0) }
    #expect(runs == [0..<100, 70_000..<70_300])
    // Only rows of day 3 and partition 017 have to be looked at.
    #expect(base.decodeCount(column: 0) == 1400)
    #expect(source.filterColumn(named: "partition")?.values == .pathText(notANumber: nil))
  }

  @Test func groupsByPathsReadNothing() throws {
    let (base, source) = try made()
    let groups = try RowGroup.groups(of: source, rowCount: 70_300, by: [5, 6], within: nil, work: work)
    #expect(groups.map(\.values) == [[Array("000".utf8), Array("1".utf8)], [nil, Array("3".utf8)], [Array("017".utf8), Array("3".utf8)]])
    #expect(groups.map(\.selection.count) == [100, 200, 70_000])
    #expect((0..<5).allSatisfy { base.decodeCount(column: $0) == 0 })
  }
}
