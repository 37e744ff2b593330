// Sources of selected rows: shards and whole columns hold the selected rows and no others.

import BatchCache
import Platform
import RowFilter
import SampleOrder
import Testing

@testable import ShardStore

@Suite struct SelectedSourceTests {
  private let budget = MemoryBudget(capByteCount: 1 << 26)

  private func made(_ seed: Int) throws -> (source: MemorySource, selected: SelectedSource, rows: [Int]) {
    var random = Random(UInt64(seed))
    let counts = (0..<1 + random.next(6)).map { _ in random.next(30) }
    let source = try MemorySource(shards: counts, pieceRowCounts: (0..<5).map { _ in 1 + random.next(20) })
    let keep = random.next(4)
    let rows = (0..<counts.reduce(0, +)).filter { _ in keep == 3 || random.next(4) <= keep }
    var builder = RowSelectionBuilder(rowCount: source.shards.sampleCount)
    for row in rows { builder.append(row..<row + 1) }
    return (source, SelectedSource(source, builder.finish()), rows)
  }

  private func ids(_ shard: DecodedShard, _ rows: Range<Int>) -> [Int] {
    rows.map { row in
      let mapping = shard.region.region
      let offset = shard.columns[0].byteOffset(ofRow: row, in: mapping.bytes)
      return places(shard.region, offset..<offset + 8)[0]
    }
  }

  @Test(arguments: 0..<40) func shardsHoldTheSelectedRows(seed: Int) throws {
    let (source, selected, rows) = try made(seed)
    var random = Random(UInt64(seed + 1000))
    #expect(selected.shards.sampleCount == rows.count)
    for shard in 0..<selected.shards.shardCount {
      let workspace = try #require(DecodeWorkspace(demand: selected.largestDemand(columns: [0, 1]), budget: budget))
      let count = selected.shards.count(of: shard)
      #expect(count > 0)
      let expected = Array(rows[selected.shards.start(of: shard)..<selected.shards.start(of: shard + 1)])
      #expect((0..<count).map { selected.fileRow($0, ofShard: shard) } == expected.map { source.shards.location(ofSample: $0).row })
      for _ in 0..<4 {
        let wanted = random.next(count)..<count
        let keeping = random.next(2) == 0 ? 0..<0 : wanted.lowerBound + random.next(wanted.count)..<count
        var told: [Int] = []
        let request = ShardRequest(shard: shard, columns: [0, 1], rows: wanted, keeping: keeping)
        let decoded = try selected.decode(request, with: workspace) { decoded, range in
          #expect(range.lowerBound == wanted.lowerBound + told.count)
          told += ids(decoded, range)
          for row in range {
            let mapping = decoded.region.region
            #expect(decoded.columns[1].isNull(row: row, in: mapping.bytes) == (MemorySource.f(expected[row]) == nil))
          }
        }
        #expect(told == Array(expected[wanted]))
        let copy = try #require(decoded.copy(rows: keeping, budget: budget))
        if !keeping.isEmpty {
          #expect(ids(copy, keeping) == Array(expected[keeping]))
          let mapping = copy.region.region
          for row in keeping { #expect(copy.columns[1].isNull(row: row, in: mapping.bytes) == (MemorySource.f(expected[row]) == nil)) }
        }
      }
    }
  }

  /// Also as the shards of a concatenation, which numbers them anew.
  @Test(arguments: 0..<40) func withoutMemoryForKeptRowsThereIsNoCopy(seed: Int) throws {
    let (_, selected, rows) = try made(seed)
    let sources: [any StoredSource] = [selected, try ConcatenatedSource([selected, selected])]
    for source in sources {
      let tight = MemoryBudget(capByteCount: source.largestDemand(columns: [0, 1]).chargedByteCount)
      let workspace = try #require(DecodeWorkspace(demand: source.largestDemand(columns: [0, 1]), budget: tight))
      for shard in 0..<source.shards.shardCount {
        let count = source.shards.count(of: shard)
        let begin = source.shards.start(of: shard) % rows.count
        var told: [Int] = []
        let request = ShardRequest(shard: shard, columns: [0, 1], rows: 0..<count, keeping: 0..<count)
        let decoded = try source.decode(request, with: workspace) { told += ids($0, $1) }
        #expect(told == Array(rows[begin..<begin + count]))
        #expect(decoded.shard == shard)
        #expect(decoded.copy(rows: 0..<count, budget: budget) == nil)
        #expect(decoded.shifted(by: 1, shard: shard).copy(rows: 1..<count + 1, budget: budget) == nil)
      }
    }
  }

  @Test func keptNullsAreOfTheSameKind() throws {
    let bytes: [UInt8] = [0, 0, 0, 0, 0, 1, 2, 0]
    let column = DecodedColumn(valuesByteOffset: 0, rowByteCount: 1, nullsByteOffset: 4)
    let shard = DecodedShard(shard: 0, region: region(bytes), columns: [column], byteCount: 4, storedByteCount: 4)
    let workspace = try #require(DecodeWorkspace(demand: DecodeDemand(inputByteCount: 0, outputByteCount: 0), budget: budget))
    let kept = KeptRows(ShardRequest(shard: 0, columns: [0], rows: 0..<4, keeping: 0..<4), workspace)
    kept.take(0..<4, of: shard)
    let found = kept.finish(shard, shard: 0)
    let mapping = found.region.region
    #expect((0..<4).map { found.columns[0].isNull(row: $0, in: mapping.bytes) } == [false, true, true, false])
    #expect((0..<4).map { found.columns[0].isNullElement(row: $0, in: mapping.bytes) } == [false, false, true, false])
  }

  @Test(arguments: 0..<40) func columnsHoldTheSelectedRows(seed: Int) throws {
    let (_, selected, rows) = try made(seed)
    let workspace = try #require(DecodeWorkspace(demand: DecodeDemand(inputByteCount: 0, outputByteCount: 0), budget: budget))
    var found: [[UInt8]] = Array(repeating: [], count: 5)
    var nulls: [[UInt8]] = found
    var counts: [[Int]] = Array(repeating: [], count: 5)
    var innerCounts: [Int] = []
    for column in 0..<5 {
      let table = selected.pieces(ofColumn: column)
      #expect(table.sampleCount == rows.count)
      for ordinal in 0..<table.shardCount {
        let piece = try selected.decode(column: column, piece: ordinal, with: workspace, budget: budget)
        #expect(piece.rowCount == table.count(of: ordinal))
        #expect(([piece.values] + piece.offsets).allSatisfy { $0.lowerBound % 8 == 0 })
        found[column] += bytes(piece.region, piece.values)
        for range in piece.nulls { if let range { nulls[column] += bytes(piece.region, range) } }
        for (level, range) in piece.offsets.enumerated() {
          let all = places(piece.region, range)
          #expect(all.first == 0)
          let differences = zip(all.dropFirst(), all).map { $0 - $1 }
          if level == 0 { counts[column] += differences } else { innerCounts += differences }
        }
      }
    }
    #expect(found[0] == rows.flatMap { raw(Int64($0)) })
    #expect(found[1] == rows.flatMap { raw(MemorySource.f($0) ?? .nan) })
    #expect(nulls[1] == rows.map { MemorySource.f($0) == nil ? 1 : 0 })
    #expect(found[2] == rows.flatMap { Array((MemorySource.s($0) ?? "").utf8) })
    #expect(counts[2] == rows.map { MemorySource.s($0)?.utf8.count ?? 0 })
    #expect(nulls[2] == rows.map { MemorySource.s($0) == nil ? 1 : 0 })
    #expect(found[3] == rows.flatMap { MemorySource.l($0).flatMap { raw($0) } })
    #expect(counts[3] == rows.map { MemorySource.l($0).count })
    #expect(found[4] == rows.flatMap { MemorySource.d($0).flatMap { Array(($0 ?? "").utf8) } })
    #expect(counts[4] == rows.map { MemorySource.d($0).count })
    #expect(nulls[4] == rows.flatMap { MemorySource.d($0).map { $0 == nil ? 1 : 0 } })
    #expect(innerCounts == rows.flatMap { MemorySource.d($0).map { $0?.utf8.count ?? 0 } })
  }

  @Test func rawBytesAreInProportion() throws {
    let source = try MemorySource(shards: [10, 10], pieceRowCounts: [5, 5, 5, 5, 5])
    let selected = SelectedSource(source, RowSelection(rowCount: 20, selecting: 8..<13))
    #expect(selected.rawByteCount == 5000)
    #expect(selected.path(ofShard: 1) == "/memory/1")
    #expect(SelectedSource(source, RowSelection(rowCount: 20, selecting: 13..<15)).path(ofShard: 0) == "/memory/1")
  }
}
