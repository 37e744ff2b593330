// Data sets of the real writers: every encoding, compression, hash and text format, value by value.

import BatchCache
import Foundation
import NumPyFormat
import Platform
import SampleOrder
import Testing

@testable import ShardStore

struct StreamingTests {
  private func open(_ name: String, _ verification: Verification = .always) throws -> any StoredSource {
    try MDSFamily.open(name: "s", paths: ["\(StreamingFixtures.folder)/\(name)"], declarations: [], verification: verification)
  }

  @Test(arguments: ["encodings", "br", "bz2", "gz", "snappy", "zstd"]) func everyEncoding(folder: String) throws {
    let source = try #require(try open(folder) as? MDSSource)
    let expected = try StreamingFixtures.expected()
    #expect(
      source.storedColumns.count == 30 && expected.columns.count == 30 && source.shards.sampleCount == expected.samples.count && source.shards.shardCount > 1)
    for (name, encoding) in expected.columns {
      let want = expected.samples.map { Array(Data(base64Encoded: $0[name] ?? "") ?? Data()) }
      #expect(try source.values(ofColumn: name) == want, "\(name)")
      let column = try #require(source.storedColumns.first { $0.name == name })
      #expect(column.encodingName == (encoding == "jpeg_array" ? "jpegarray" : encoding))
      #expect(column.isText == ["str", "str_int", "str_float", "str_decimal", "json"].contains(encoding))
      let isFixed = encoding == "int" || ElementType(name: encoding) != nil || encoding == "ndarray:int16:2,3"
      if case .fixed = column.values { #expect(isFixed, "\(name)") } else { #expect(!isFixed && column.values == .ragged(.uint8, depth: 1), "\(name)") }
    }
    let workspace = try workspace(source, columnCount: 1)
    for shard in 0..<source.shards.shardCount { try source.check(shard: shard, with: workspace) }
  }

  static let textFolders = ["json", "json_crlf_zstd", "xsv", "csv", "csv_gz", "tsv_br"]

  @Test(arguments: textFolders) func textShards(folder: String) throws {
    let source = try #require(try open(folder) as? TextShardSource)
    let rows = try StreamingFixtures.rows()
    #expect(rows.count == 25 && source.shards.sampleCount == 25 && source.shards.shardCount > 1)
    #expect(source.storedColumns.map(\.name) == ["n", "text", "x", "é"])
    #expect(
      source.storedColumns.map(\.values) == [.fixed(.int64, shape: []), .ragged(.uint8, depth: 1), .fixed(.float64, shape: []), .ragged(.uint8, depth: 1)])
    #expect(try source.values(ofColumn: "n") == rows.map { littleEndian(UInt64(bitPattern: $0.n), 8) })
    #expect(try source.values(ofColumn: "x") == rows.map { littleEndian($0.x.bitPattern, 8) })
    #expect(try source.values(ofColumn: "text") == rows.map { Array($0.text.utf8) })
    #expect(try source.values(ofColumn: "é") == rows.map { Array($0.é.utf8) })
    // The same by shards, as batches are made.
    let workspace = try #require(DecodeWorkspace(demand: source.largestDemand(columns: [2, 0]), budget: MemoryBudget(capByteCount: 64 << 20)))
    var found: [[UInt8]] = []
    var told: [Range<Int>] = []
    for shard in 0..<source.shards.shardCount {
      let count = source.shards.count(of: shard)
      let request = ShardRequest(shard: shard, columns: [2, 0], rows: 0..<count, keeping: 0..<count)
      let decoded = try source.decode(request, with: workspace) { told.append($1) }
      let region = decoded.region.region
      let bytes = region.bytes
      for row in 0..<count {
        found.append((0..<2).flatMap { littleEndian(bytes.unsignedInteger(at: decoded.columns[$0].byteOffset(ofRow: row, in: bytes)), 8) })
      }
      try source.check(shard: shard, with: workspace)
    }
    #expect(found == rows.map { littleEndian($0.x.bitPattern, 8) + littleEndian(UInt64(bitPattern: $0.n), 8) })
    #expect(told.reduce(0) { $0 + $1.count } == 25)
  }

  /// Each byte of both files is changed in turn: hashes find every change, and nothing stops the program.
  @Test(arguments: textFolders) func damagedTextShards(folder: String) throws {
    let copy = try TemporaryFolder()
    try TestFiles.copy("\(StreamingFixtures.folder)/\(folder)", to: copy.path("d"))
    let name = try #require(try Folder.names(in: copy.path("d")).filter { $0.hasPrefix("shard.00000") }.sorted().first)
    for file in try Folder.names(in: copy.path("d")) where file.hasPrefix("shard.00000") {
      for (verification, step) in [(Verification.auto, 7), (.never, 3)] {
        let source = try MDSFamily.open(name: "s", paths: [copy.path("d")], declarations: [], verification: verification)
        let whole = try TestFiles.bytes(copy.path("d/\(file)"))
        for place in stride(from: 0, to: whole.count, by: step) {
          try TestFiles.damage(copy.path("d/\(file)")) { $0[place] ^= 1 << UInt8(place % 8) }
          defer { try? TestFiles.damage(copy.path("d/\(file)")) { $0 = whole } }
          do {
            for column in ["n", "text"] { _ = try (source as? TextShardSource)?.values(ofColumn: column) }
            #expect(verification == .never, "\(file), byte \(place)")
          } catch let error as ColumnError {
            guard case .shard(let problem) = error else { throw error }
            #expect(problem.path == copy.path("d/\(name.replacingOccurrences(of: ".meta", with: ""))"))
          }
        }
      }
    }
  }

  @Test func whatIsRefused() throws {
    func refusal(_ name: String, _ declarations: [ColumnDeclaration] = []) throws -> SourceError? {
      do throws(SourceError) {
        _ = try MDSFamily.open(name: "s", paths: ["\(StreamingFixtures.folder)/\(name)"], declarations: declarations, verification: .auto)
        return nil
      } catch { return error }
    }
    #expect(try refusal("csv", [ColumnDeclaration(name: "n", elementType: .int64, shape: [], channels: nil)]) == nil)
    let cast = try #require(try refusal("csv", [ColumnDeclaration(name: "n", elementType: .int32, shape: nil, channels: nil)]))
    #expect(cast.subject == .column("n") && cast.message.contains("stored as int, which is int64"))
    let text = try #require(try refusal("json", [ColumnDeclaration(name: "text", elementType: .uint8, shape: [4], channels: nil)]))
    #expect(text.message.contains("which is text"))
    #expect(try refusal("json", [ColumnDeclaration(name: "nope", elementType: nil, shape: nil, channels: nil)])?.message.contains("n, text, x, é") == true)
    // Shards of several formats are no one data set.
    let mixed = #expect(throws: SourceError.self) {
      try MDSFamily.open(name: "s", paths: ["csv", "json"].map { "\(StreamingFixtures.folder)/\($0)" }, declarations: [], verification: .auto)
    }
    #expect(mixed?.message.contains("differ") == true)
  }
}
