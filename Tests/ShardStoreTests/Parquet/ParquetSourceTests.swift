// Parquet files as a source: stripes and pieces of columns hold what pyarrow reads of the row groups, in every way of asking.

import BatchCache
import Checksums
import NumPyFormat
import Platform
import SampleOrder
import Testing

@testable import ShardStore

@Suite struct ParquetSourceTests {
  private static let names = [
    "encodings-snappy-v1", "encodings-none-v2", "nulls-pages-v1", "nested-pages-v2", "fixed-pages-v1", "fixed-pages-v2", "long-index-v1", "long-bare-v2",
    "fallback-v1",
    "duckdb-v1", "polars", "fastparquet", "empty-groups", "no-rows", "required", "int96", "decimals-binary",
  ]

  /// The elements of the pieces of each column in each row group hash to what the fixture's script found.
  @Test(arguments: names)
  func piecesHoldWhatPyarrowReads(name: String) throws {
    let source = try open(name)
    let rig = try Rig()
    let expected = try ParquetFixtures.values(name)
    for (column, description) in source.storedColumns.enumerated() {
      var found: [Int: [UInt8]] = [:]
      for piece in 0..<source.pieces(ofColumn: column).shardCount {
        let group = source.runs(ofColumn: column).place(of: piece).rowGroup
        let decoded = try source.decode(column: column, piece: piece, with: rig.workspace, budget: rig.budget)
        #expect(decoded.rowCount == source.pieces(ofColumn: column).count(of: piece))
        // A null row of a fixed list has elements here, and none as pyarrow tells them.
        if case .fixed(_, let shape) = description.values, !shape.isEmpty, decoded.rowNulls != nil { continue }
        found[group, default: []] += decoded.bytes(decoded.values)
      }
      for (group, bytes) in found {
        #expect(
          try HashAlgorithm.sha1.digest(of: unsafe bytes.span.bytes).hex == expected[group]?[column],  // Sound: bytes of bytes.
          "\(name): \(description.name) of row group \(group)")
      }
    }
  }

  /// What a view reads (stripes of its columns) is what the columns hold, by every kind of request.
  @Test(arguments: names)
  func stripesAreThePiecesOfColumns(name: String) throws {
    let whole = try open(name, name)
    let rig = try Rig()
    let fixed = whole.columns.indices.filter { whole.columns[$0].array != nil }
    for chosen in [fixed, Array(fixed.prefix(1)), fixed.last.map { [$0] } ?? [], Array(fixed.suffix(2))] where !chosen.isEmpty {
      let source = whole.projected(to: chosen)
      let wanted = try chosen.map { try columnBytes(whole, $0, rig) }
      let found = try stripeBytes(source, chosen, rig) { 0..<$0 }
      #expect(found == wanted, "\(name): \(chosen)")
      // The second half of each stripe alone.
      let halves = try stripeBytes(source, chosen, rig) { $0 / 2..<$0 }
      var first = 0
      var sliced = [[UInt8]](repeating: [], count: chosen.count)
      for shard in 0..<source.shards.shardCount {
        let count = source.shards.count(of: shard)
        for (place, column) in chosen.enumerated() {
          let rowByteCount = whole.data.columns[column].rowByteCount ?? 0
          sliced[place] += wanted[place][(first + count / 2) * rowByteCount..<(first + count) * rowByteCount]
        }
        first += count
      }
      #expect(halves == sliced, "\(name): \(chosen)")
    }
    #expect(whole.shards.sampleCount == 2 * (try open(name)).shards.sampleCount)
  }

  @Test func longRowsAreCutIntoStripesAtPages() throws {
    let source = try open("long-bare-v1")
    // Rows of 18,560 bytes: a row group of seven is one stripe, the rest another.
    #expect((0..<source.projected(to: [0]).shards.shardCount).map { source.projected(to: [0]).shards.count(of: $0) } == [7, 5])
    #expect(source.projected(to: [0]).rawByteCount > 0 && source.projected(to: [0]).rawByteCount < 12 * 18_560 * 2)
  }

  /// Whatever runs of rows are called shards.
  @Test(arguments: names + ["long-bare-v1"]) func rowsAreCountedInTheirFile(name: String) throws {
    let whole = try open(name, name)
    for source in [whole, whole.projected(to: [0])] as [any ShardSource] {
      for shard in 0..<source.shards.shardCount {
        let start = source.shards.start(of: shard)
        for row in [0, source.shards.count(of: shard) - 1] {
          #expect(source.fileRow(row, ofShard: shard) == whole.fileTable.location(ofSample: start + row).row, "\(name): \(shard)")
        }
      }
    }
  }

  /// What footers count of nulls is what the pages have; where it is not said which kind they are, all together.
  @Test(arguments: names + ["bare", "fixed-whole-v1", "ones", "nulls-whole-v1", "nested-whole-v2"]) func knownNullsAreThoseOfTheValues(name: String) throws {
    let source = try open(name, name)
    let rig = try Rig()
    for (column, description) in source.storedColumns.enumerated() {
      // A null list in a list is one null of the file and many elements.
      guard let depth = Self.listDepth(description), depth <= 1 else { continue }
      let known = try #require(source.knownNulls(ofColumn: column))
      var (rows, elements) = (0, 0)
      for piece in 0..<source.pieces(ofColumn: column).shardCount {
        let decoded = try source.decode(column: column, piece: piece, with: rig.workspace, budget: rig.budget)
        let nullRows = decoded.nulls(level: 0).map { decoded.bytes($0).reduce(0) { $0 + Int($1) } } ?? 0
        rows += nullRows
        guard depth == 1, let range = decoded.nulls(level: 1) else { continue }
        elements += decoded.bytes(range).reduce(0) { $0 + Int($1) }
        // All elements of a null array are marked, and take one slot in the file.
        if case .fixed = description.values { elements -= nullRows * range.count / decoded.rowCount }
      }
      #expect(known.rowCount <= rows && known.elementCount <= elements, "\(name): \(description.name)")
      if known.isComplete { #expect(known.count(rows: true, elements: true) == rows + elements, "\(name): \(description.name)") }
      if known.isComplete, known.otherCount == 0 { #expect(known.rowCount == rows, "\(name): \(description.name)") }
    }
  }

  /// The levels of lists above the values; nil where these cannot be read.
  private static func listDepth(_ column: StoredColumn) -> Int? {
    switch column.values {
    case .fixed(_, let shape): shape.count
    case .ragged(_, let depth): depth - (column.isText || column.isBytes ? 1 : 0)
    case .unreadable: nil
    }
  }

  // MARK: - Helpers

  private func open(_ names: String...) throws -> ParquetSource {
    try ParquetSource(name: "source", paths: names.map(ParquetFixtures.path), declarations: [], verification: .auto)
  }

  private struct Rig {
    let budget = MemoryBudget(capByteCount: 64 << 20)
    let workspace: DecodeWorkspace

    init() throws {
      guard let made = DecodeWorkspace(demand: DecodeDemand(inputByteCount: 0, outputByteCount: 4 << 20), budget: budget) else { throw NoRoom() }
      workspace = made
    }
  }

  private func columnBytes(_ source: ParquetSource, _ column: Int, _ rig: Rig) throws -> [UInt8] {
    try (0..<source.pieces(ofColumn: column).shardCount).flatMap { piece in
      let decoded = try source.decode(column: column, piece: piece, with: rig.workspace, budget: rig.budget)
      return decoded.bytes(decoded.values)
    }
  }

  /// The values of columns of all stripes, of the rows that `rows` chooses of a stripe's.
  private func stripeBytes(_ source: any ShardSource, _ columns: [Int], _ rig: Rig, rows: (Int) -> Range<Int>) throws -> [[UInt8]] {
    var found = [[UInt8]](repeating: [], count: columns.count)
    for shard in 0..<source.shards.shardCount {
      let wanted = rows(source.shards.count(of: shard))
      var next = wanted.lowerBound
      _ = try source.decode(ShardRequest(shard: shard, columns: columns, rows: wanted, keeping: 0..<0), with: rig.workspace) { decoded, range in
        #expect(range.lowerBound == next)
        next = range.upperBound
        let region = decoded.region.region
        let bytes = region.bytes
        for (place, column) in decoded.columns.enumerated() {
          for row in range {
            let offset = column.byteOffset(ofRow: row, in: bytes)
            let value = bytes.extracting(offset..<offset + column.rowByteCount)
            found[place] += unsafe value.withUnsafeBytes { unsafe Array($0) }  // Sound: copied while the region is alive.
          }
        }
      }
      #expect(next == wanted.upperBound)
    }
    return found
  }
}

extension ColumnPiece {
  func bytes(_ range: Range<Int>) -> [UInt8] {
    let region = region.region
    let bytes = region.bytes
    return unsafe bytes.extracting(range).withUnsafeBytes { unsafe Array($0) }  // Sound: copied while the region is alive.
  }
}

enum ParquetFixtures {
  static let folder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Fixtures/parquet-rows"

  static func path(_ name: String) -> String { "\(folder)/\(name).parquet" }

  /// By row group and leaf, the SHA-1 of all values. Tests/ParquetReadingTests/write_fixtures.py says how they are found.
  static func values(_ name: String) throws -> [Int: [Int: String]] {
    var values: [Int: [Int: String]] = [:]
    for line in String(decoding: try TestFiles.bytes("\(folder)/\(name).tsv"), as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 6, let group = Int(fields[0]), let leaf = Int(fields[1]) else { throw FileProblem(path: name) }
      if fields[2] == "values" { values[group, default: [:]][leaf] = String(fields[4]) }
    }
    return values
  }
}
