// What a Parquet source refuses when it is opened, and what it says of files that are damaged or changed afterwards.

import BatchCache
import NumPyFormat
import Platform
import Testing

@testable import ShardStore

@Suite struct ParquetRefusalTests {
  private func open(_ paths: [String], _ declarations: [ColumnDeclaration] = []) throws(SourceError) -> ParquetSource {
    try ParquetSource(name: "source", paths: paths, declarations: declarations, verification: .auto)
  }

  private func refusal(_ paths: [String], _ declarations: [ColumnDeclaration] = []) -> String {
    do throws(SourceError) {
      _ = try open(paths, declarations)
      return "nothing refused"
    } catch { return error.message }
  }

  @Test func filesOfOtherColumnsAreRefusedWithBothNames() {
    for (one, other) in [("checksums-v1", "bare"), ("bare", "checksums-v1"), ("fixed-pages-v1", "nulls-pages-v1"), ("decimals-binary", "required")] {
      let message = refusal([ParquetFixtures.path(one), ParquetFixtures.path(other)])
      #expect(message.contains(one + ".parquet") && message.contains(other + ".parquet"), "\(message)")
    }
    #expect(throws: Never.self) { try open([ParquetFixtures.path("checksums-v1"), ParquetFixtures.path("checksums-v2")]) }
  }

  @Test func declarationsThatTheFileContradictsAreRefused() {
    let path = ParquetFixtures.path("fixed-pages-v1")
    func declare(_ name: String, _ type: ElementType?, _ shape: [Int]?, _ channels: [String]? = nil) -> String {
      refusal([path], [ColumnDeclaration(name: name, elementType: type, shape: shape, channels: channels)])
    }
    #expect(declare("v7", nil, [7]) == "nothing refused")
    #expect(declare("v8", .int8, [2, 4], ["a", "b", "c", "d"]) == "nothing refused")
    #expect(declare("plain", nil, [2, 1]) == "nothing refused")
    #expect(declare("v6", nil, [6]).contains("v7"))
    #expect(declare("v7", nil, [6]).contains("v7"))
    #expect(declare("v7", .float64, [7]).contains("float32"))
    #expect(declare("v8", nil, [2, 4], ["a", "b"]).contains("4"))
    #expect(declare("texts", nil, [2]).contains("texts"))
    // Tried on the first row.
    #expect(declare("plain", nil, [3]).contains("plain"))
    #expect(declare("ragged", nil, [5]).contains("ragged"))
  }

  @Test func whatIsNoParquetFileIsRefused() throws {
    let folder = try TemporaryFolder()
    for (name, bytes) in [("empty", []), ("short", [UInt8](repeating: 80, count: 7)), ("other", [UInt8](repeating: 1, count: 300))] as [(String, [UInt8])] {
      try TestFiles.write(bytes, to: folder.path(name))
      #expect(refusal([folder.path(name)]).contains(folder.path(name)))
    }
    #expect(refusal([folder.path("missing")]).contains("missing"))
    #expect(refusal([]).contains("no Parquet files"))
  }

  @Test func damageIsToldWithItsFileAndStaysInItsRowGroup() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("x.parquet")
    try TestFiles.write(try TestFiles.bytes(ParquetFixtures.path("encodings-zstd-v1")), to: path)
    // Its first page has a checksum; the header of a page is shorter than 60 bytes.
    try TestFiles.damage(path) { $0[90] ^= 0x10 }
    let source = try open([path])
    let budget = MemoryBudget(capByteCount: 16 << 20)
    let workspace = try #require(DecodeWorkspace(demand: DecodeDemand(inputByteCount: 0, outputByteCount: 1 << 20), budget: budget))
    let request = ShardRequest(shard: 0, columns: [0], rows: 0..<90, keeping: 0..<0)
    do throws(ShardError) {
      _ = try source.projected(to: [0]).decode(request, with: workspace) { _, _ in }
      Issue.record("the damage was not seen")
    } catch {
      #expect(error.path == path && error.message.contains("CRC"))
    }
    #expect(throws: ShardError.self) { try source.check(shard: 0, with: workspace) }
    // The other row group, and the other columns of this one.
    #expect(throws: Never.self) { try source.check(shard: 1, with: workspace) }
    #expect(throws: Never.self) { _ = try source.decode(column: 1, piece: 0, with: workspace, budget: budget) }
    #expect(throws: ColumnError.self) { _ = try source.decode(column: 0, piece: 0, with: workspace, budget: budget) }
  }

  @Test func aFileThatWasChangedIsNotRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("x.parquet")
    try TestFiles.write(try TestFiles.bytes(ParquetFixtures.path("checksums-v1")), to: path)
    let source = try open([path])
    let budget = MemoryBudget(capByteCount: 16 << 20)
    let workspace = try #require(DecodeWorkspace(demand: DecodeDemand(inputByteCount: 0, outputByteCount: 1 << 20), budget: budget))
    try TestFiles.write(try TestFiles.bytes(ParquetFixtures.path("checksums-v2")), to: path)
    do throws(ColumnError) {
      _ = try source.decode(column: 0, piece: 0, with: workspace, budget: budget)
      Issue.record("the change was not seen")
    } catch {
      #expect("\(error)".contains("changed since the mount"))
    }
  }
}
