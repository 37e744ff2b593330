// What is left out because of page indexes and dictionaries is none of the rows that pyarrow.dataset keeps, and is not read.

import BatchCache
import ByteParsing
import Checksums
import NumPyFormat
import RowFilter
import SampleOrder
import Testing

@testable import ParquetFormat
@testable import ParquetReading
@testable import ShardStore

@Suite struct PruningTests {
  private static let folder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Fixtures/parquet-pruning"

  @Test(arguments: ["index-dictionary", "index-plain-v2", "dictionary", "polars"])
  func rowsArePyArrowsWhateverIsKnown(name: String) throws {
    let source = try open("\(Self.folder)/\(name).parquet")
    var decodedByteCounts: [WatchedSource.Knowledge: Int] = [:]
    for line in String(decoding: try TestFiles.bytes("\(Self.folder)/\(name).tsv"), as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: "\t").map(String.init)
      for knowledge in WatchedSource.Knowledge.allCases {
        let watched = WatchedSource(source, telling: knowledge)
        let found = try rows(fields[0], of: watched, rowCount: source.shards.sampleCount)
        let bytes = found.flatMap { raw(Int32($0)) }
        let digest = try HashAlgorithm.sha1.digest(of: unsafe bytes.span.bytes).hex  // Sound: bytes of bytes.
        #expect(found.count == Int(fields[1]) && digest == fields[2], "\(name), \(knowledge): \(fields[0])")
        decodedByteCounts[knowledge, default: 0] += watched.decodedCounts.byteCount
      }
    }
    // Each kind of knowledge saves something where there is something to know.
    let all = try #require(decodedByteCounts[.nothing])
    let saved = decodedByteCounts.mapValues { all - $0 }
    #expect(saved[.pieces] ?? 0 > 0 && saved[.all] ?? 0 > saved[.pieces] ?? 0)
    if name != "dictionary" { #expect(saved[.pages] ?? 0 > saved[.pieces] ?? 0) }
    if name == "dictionary" || name == "index-dictionary" { #expect(saved[.values] ?? 0 > 0) }
  }

  @Test func whatTheIndexLeavesOutIsNotRead() throws {
    let path = "\(Self.folder)/index-dictionary.parquet"
    let file = try ParquetFile(reading: path)
    let chunk = try file.metadata.columnChunk(rowGroup: 0, leaf: 0)
    var bytes = try TestFiles.bytes(path)
    let range = try #require(chunk.offsetIndexRange)
    let index = try ParquetOffsetIndex(
      parsing: Array(bytes[range]).rawSpan, fileByteOffset: range.lowerBound, chunk: chunk, rowCount: file.metadata.rowGroups[0].rowCount)
    #expect(index.firstRows.count > 3)
    let victim = index.byteOffsets[1]
    for offset in victim..<victim + index.byteCounts[1] { bytes[offset] = 0xA5 }
    let folder = try TemporaryFolder()
    try TestFiles.write(bytes, to: folder.path("damaged.parquet"))
    let source = try open(folder.path("damaged.parquet"))
    let (first, next) = (index.firstRows[1], index.firstRows[2])
    for (filter, expected) in [
      ("id < \(first)", Array(0..<first)), ("id >= \(next) and id <= \(next)", [next]), ("id < 2 or id >= 6998", [0, 1, 6998, 6999]),
      ("id in (0, \(next), 5000)", [0, next, 5000]),
    ] { #expect(try rows(filter, of: source, rowCount: 7000) == expected, "\(filter)") }
    #expect(throws: SelectionError.self) { try rows("id == \(first)", of: source, rowCount: 7000) }
    // Within rows that lie elsewhere it is of no interest either.
    #expect(try rows("id != 3", of: source, rowCount: 7000, within: RowSelection(rowCount: 7000, selecting: 0..<first)).count == first - 1)
  }

  @Test func ofADictionaryWithoutTheValueNoPageIsRead() throws {
    let source = try open("\(Self.folder)/dictionary.parquet")
    let bounds = try rows("c == 'red'", of: source, rowCount: 7000)
    #expect(!bounds.isEmpty)
    for filter in ["c == 'cyan'", "c in ('cyan', 'magenta')", "k == 4", "bucket(c, 1000) == 1000", "c != 'red' and c != 'green' and c != 'blue'"] {
      let watched = WatchedSource(source, telling: .all)
      #expect(try rows(filter, of: watched, rowCount: 7000).isEmpty)
      #expect(watched.decodedCounts.rowCount == 0 || filter.contains("and"), "\(filter)")
    }
    // What every value passes is settled as well: no row is null.
    let watched = WatchedSource(source, telling: .all)
    #expect(try rows("c != 'cyan'", of: watched, rowCount: 7000).count == 7000)
    #expect(watched.decodedCounts.rowCount == 0)
  }

  /// Whatever stands in an index, nothing crashes, and what is read is right.
  @Test func damagedIndexesAreHarmless() throws {
    let path = "\(Self.folder)/index-dictionary.parquet"
    let metadata = try ParquetFile(reading: path).metadata
    let bytes = try TestFiles.bytes(path)
    var random = Random(5)
    let folder = try TemporaryFolder()
    for _ in 0..<60 {
      var damaged = bytes
      let chunk = try metadata.columnChunk(rowGroup: random.next(2), leaf: 1)
      let range = try #require(random.next(2) == 0 ? chunk.offsetIndexRange : chunk.columnIndexRange)
      damaged[range.lowerBound + random.next(range.count)] = UInt8(random.next(256))
      try TestFiles.write(damaged, to: folder.path("damaged.parquet"))
      let source = try open(folder.path("damaged.parquet"))
      let everything = try rows("a >= 0", of: WatchedSource(source, telling: .nothing), rowCount: 7000)
      #expect(Set(try rows("a >= 0", of: source, rowCount: 7000)).isSubset(of: everything))
    }
  }

  /// What only saves reading needs no higher cap.
  @Test(arguments: ["index-dictionary", "polars"]) func knowledgeTakesNoMoreMemory(name: String) throws {
    let source = try open("\(Self.folder)/\(name).parquet")
    func leastCap(_ knowledge: WatchedSource.Knowledge) throws -> Int {
      var least = 1 << 24
      for cap in stride(from: 1 << 20, to: 0, by: -(1 << 15)) {
        let watched = WatchedSource(source, telling: knowledge)
        guard let found = try? rows("a < 60 and s > 'ab'", of: watched, rowCount: 7000, cap: cap) else { break }
        #expect(found.count > 10)
        least = cap
      }
      return least
    }
    #expect(try leastCap(.pages) <= leastCap(.nothing))
  }

  // MARK: - Helpers

  private func open(_ path: String) throws -> ParquetSource { try ParquetSource(name: "source", paths: [path], declarations: [], verification: .auto) }

  private func rows(_ filter: String, of source: any ColumnSource, rowCount: Int, within: RowSelection? = nil, cap: Int = 1 << 26) throws -> [Int] {
    let filter = try RowFilter(FilterExpression(parsing: filter)) { source.filterColumn(named: $0) }
    let work = SelectionWork(budget: MemoryBudget(capByteCount: cap), threadCount: 2) { _, _ in }
    let selection = try RowSelection.rows(of: source, rowCount: rowCount, where: filter, within: within, work: work)
    var rows: [Int] = []
    selection.forEachRun(in: 0..<rowCount) { rows += $0 }
    return rows
  }
}
