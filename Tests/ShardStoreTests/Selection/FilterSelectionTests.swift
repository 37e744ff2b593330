// Filters and groups over whole sources, against their values row by row.

import BatchCache
import RowFilter
import SampleOrder
import Testing

@testable import ShardStore

@Suite struct FilterSelectionTests {
  private func work(_ threadCount: Int = 3, cap: Int = 1 << 28) -> SelectionWork {
    SelectionWork(budget: MemoryBudget(capByteCount: cap), threadCount: threadCount) { _, _ in }
  }

  private func rows(
    _ filter: String, of source: any ColumnSource, rowCount: Int, within: RowSelection? = nil, work: SelectionWork? = nil
  ) throws -> [Int] {
    let filter = try RowFilter(FilterExpression(parsing: filter)) { source.filterColumn(named: $0) }
    let selection = try RowSelection.rows(of: source, rowCount: rowCount, where: filter, within: within, work: work ?? self.work())
    return all(selection)
  }

  private func all(_ selection: RowSelection) -> [Int] {
    var rows: [Int] = []
    selection.forEachRun(in: 0..<selection.rowCount) { rows += $0 }
    return rows
  }

  private func source(_ pieceRowCounts: [Int], shards: [Int] = [400, 1, 599], hasStatistics: Bool = false) throws -> MemorySource {
    try MemorySource(shards: shards, pieceRowCounts: pieceRowCounts, hasStatistics: hasStatistics)
  }

  @Test(arguments: [[1000, 1000, 1000, 1000, 1000], [7, 64, 100, 9, 1], [333, 1, 10, 5, 5]]) func selectsRowByRow(pieceRowCounts: [Int]) throws {
    let source = try source(pieceRowCounts)
    let cases: [(String, (Int) -> Bool)] = [
      ("id < 100", { $0 < 100 }), ("id >= 990 or f == 2.5", { $0 >= 990 || MemorySource.f($0) == 2.5 }),
      ("s == 'v1' and not f > 2", { MemorySource.s($0) == "v1" && (MemorySource.f($0).map { !($0 > 2) } ?? false) }),
      ("s is null and id between 10 and 600", { MemorySource.s($0) == nil && (10...600).contains($0) }),
      ("s not in ('0', 'v1', null)", { row in MemorySource.s(row).map { !["0", "v1"].contains($0) } ?? false }), ("l is null", { _ in false }),
      ("true", { _ in true }), ("false", { _ in false }),
    ]
    for (filter, expected) in cases { #expect(try rows(filter, of: source, rowCount: 1000) == (0..<1000).filter(expected), "\(filter)") }
    var builder = RowSelectionBuilder(rowCount: 1000)
    builder.append(50..<60)
    builder.append(70..<400)
    #expect(
      try rows("f == 2.5", of: source, rowCount: 1000, within: builder.finish())
        == (50..<400).filter { MemorySource.f($0) == 2.5 && !(60..<70).contains($0) })
  }

  @Test func overASelectedSourceToo() throws {
    let source = try source([100, 13, 17, 10, 10])
    let first = try RowFilter(FilterExpression(parsing: "f < 3")) { source.filterColumn(named: $0) }
    let selected = SelectedSource(source, try RowSelection.rows(of: source, rowCount: 1000, where: first, within: nil, work: work()))
    let kept = (0..<1000).filter { row in MemorySource.f(row).map { $0 < 3 } ?? false }
    let again = try rows("s == 'v1'", of: selected, rowCount: selected.shards.sampleCount)
    #expect(again.map { kept[$0] } == kept.filter { MemorySource.s($0) == "v1" })
  }

  @Test(arguments: [0, 2]) func piecesThatContradictThemselvesAreDamage(column: Int) throws {
    let source = try source([100, 100, 100, 100, 100])
    source.lie([MemorySource.Piece(column: column, piece: 3)])
    do {
      _ = try rows("id < 1000 and s == 'v1'", of: source, rowCount: 1000)
      Issue.record("the contradiction was not seen")
    } catch let error as SelectionError {
      #expect("\(error)".contains("piece 3 of column \(column == 0 ? "id" : "s") has"))
    }
  }

  @Test func statisticsSaveDecoding() throws {
    let source = try source([100, 100, 100, 100, 100], hasStatistics: true)
    #expect(try rows("id >= 250 and id < 400", of: source, rowCount: 1000) == Array(250..<400))
    #expect(source.decodeCount(column: 0) == 1)
    #expect(try rows("id >= 900 and s == 'v1'", of: source, rowCount: 1000) == (900..<1000).filter { MemorySource.s($0) == "v1" })
    #expect(source.decodeCount(column: 0) == 1)
    #expect(source.decodeCount(column: 2) == 1)
  }

  @Test func theFirstDamagedPieceIsNamed() throws {
    let source = try source([10, 10, 10, 10, 10])
    source.fail([.init(column: 2, piece: 40), .init(column: 2, piece: 90)])
    for threadCount in [1, 4] {
      let error = #expect(throws: SelectionError.self) { try rows("s == 'v1'", of: source, rowCount: 1000, work: work(threadCount)) }
      #expect(error == .shard(ShardError(source: "memory", path: "/memory/column-2/40", message: "is made to fail")))
    }
    // Where nobody looks, nothing is damaged.
    #expect(try rows("s == 'v1'", of: source, rowCount: 1000, within: RowSelection(rowCount: 1000, selecting: 0..<400)).isEmpty == false)
  }

  @Test func tooLittleMemoryIsRefused() throws {
    let error = #expect(throws: SelectionError.self) { try rows("id > 3", of: try source([10, 10, 10, 10, 10]), rowCount: 1000, work: work(cap: 4096)) }
    #expect(error?.description.contains("has no room for") == true)
  }

  // MARK: - Groups

  @Test(arguments: [[1000, 1000, 1000, 1000, 1000], [7, 64, 100, 9, 1]]) func groupsHoldEveryRowOnce(pieceRowCounts: [Int]) throws {
    let source = try source(pieceRowCounts)
    let groups = try RowGroup.groups(of: source, rowCount: 1000, by: [2], within: nil, work: work())
    #expect(groups.map(\.selection.count).reduce(0, +) == 1000)
    #expect(Set(groups.map(\.values)).count == groups.count)
    for group in groups {
      let text = group.values[0].map { String(decoding: $0, as: UTF8.self) }
      #expect(all(group.selection) == (0..<1000).filter { MemorySource.s($0) == text })
    }
    let within = RowSelection(rowCount: 1000, selecting: 3..<20)
    let few = try RowGroup.groups(of: source, rowCount: 1000, by: [2, 0], within: within, work: work())
    #expect(few.count == 17)
    #expect(few[2].values == [nil, Array("5".utf8)])
    #expect(all(few[2].selection) == [5])
  }

  @Test func manyGroupsNeedTheirMemory() throws {
    let error = #expect(throws: SelectionError.self) {
      try RowGroup.groups(of: try source([1000, 1, 1, 1, 1], shards: [100_000]), rowCount: 100_000, by: [0], within: nil, work: work(cap: 1 << 20))
    }
    #expect(error?.description.contains("groups take") == true)
  }
}
