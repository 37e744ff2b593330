// Shards that are missing, changed or damaged: a sentence that says where and what, never wrong rows, never a crash.

import BatchCache
import Glibc
import NumPyFormat
import SampleOrder
import Testing

@testable import ShardStore

struct DamageTests {
  /// A data set and the error of its first shard after `damage` was done to it.
  private func failure(
    level: Int?, verification: Verification = .auto, columns: [Int] = [0, 1], _ damage: (_ path: String) throws -> Void
  ) throws -> ShardError {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("d"), count: 60, level: level)
    let source = try open(folder.path("d"), declaring: [featuresDeclaration], verification: verification)
    let workspace = try workspace(source, columnCount: columns.count)
    try damage(source.path(ofShard: 0))
    // Damage is confined to its shard.
    _ = try source.decode(shard: 1, columns: columns, with: workspace)
    do {
      _ = try source.decode(shard: 0, columns: columns, with: workspace)
    } catch {
      #expect(error.source == "source" && error.path == source.path(ofShard: 0))
      _ = try source.decode(shard: 1, columns: columns, with: workspace)
      return error
    }
    throw NotFound()
  }

  struct NotFound: Error {}

  @Test(arguments: [nil, 3]) func filesThatAreGoneOrOfAnotherSize(level: Int?) throws {
    #expect(try failure(level: level) { TestFiles.remove($0) }.message == "open: No such file or directory")
    let short = try failure(level: level) { try TestFiles.damage($0) { $0.removeLast() } }
    #expect(short.message.contains("bytes, but the index says") && short.message.contains("copy it again"))
    _ = try failure(level: level) { try TestFiles.damage($0) { $0.append(0) } }
    _ = try failure(level: level) { try TestFiles.write([], to: $0) }
    _ = try failure(level: level) { path in
      TestFiles.remove(path)
      try TestFiles.makeFolder(path)
    }
  }

  @Test(arguments: [nil, 3]) func filesThatWereWrittenAgain(level: Int?) throws {
    let error = try failure(level: level) { path in try TestFiles.setTime(path, timespec(tv_sec: 5, tv_nsec: 5)) }
    #expect(error.message.contains("changed since the mount"))
  }

  @Test(arguments: [nil, 3], [Verification.auto, .always]) func hashesAreCompared(level: Int?, verification: Verification) throws {
    let error = try failure(level: level, verification: verification) { try TestFiles.damage($0) { $0[$0.count / 2] ^= 1 } }
    #expect(error.message.contains("xxh64 of shard.00000.mds") && error.message.contains("the data is damaged"))
  }

  /// Without hashes the format itself still holds: a value of another length is an error.
  @Test func withoutHashesTheLayoutIsChecked() throws {
    let error = try failure(level: nil, verification: .never) { try TestFiles.damage($0) { $0[4] ^= 0xFF } }
    #expect(error.message.hasPrefix("byte 8: offset 1 is "), "\(error.message)")
    _ = try failure(level: 3, verification: .never) { try TestFiles.damage($0) { $0[$0.count / 2] ^= 0xFF } }
    _ = try failure(level: nil, verification: .never) { try TestFiles.damage($0) { $0[0] ^= 1 } }
  }

  /// Slow hashes wait for `check`, which compares all whatever `verify` says.
  @Test(arguments: Verification.allCases) func checkComparesEverything(verification: Verification) throws {
    let folder = try TemporaryFolder()
    try TestFiles.copy("\(TestFiles.fixtures)/raw", to: folder.path("d"))
    let index = String(decoding: try TestFiles.bytes(folder.path("d/index.json")), as: UTF8.self)
    // Only sha1 is left.
    let names: [String] = index.split(separator: Character("\"")).map(String.init).filter { $0.count == 16 && $0.allSatisfy(\.isHexDigit) }
    #expect(names.count == 2)
    var text = index
    for name in names { text = text.replacing(", \"xxh64\": \"\(name)\"", with: "") }
    #expect(!text.contains("\"xxh64\": "))
    try TestFiles.write(text, to: folder.path("d/index.json"))
    let source = try open(folder.path("d"), verification: verification)
    let workspace = try workspace(source, columnCount: 1)
    for shard in 0..<2 { try source.check(shard: shard, with: workspace) }
    let before = try source.decode(shard: 0, columns: [1], with: workspace)
    let rowsBefore = rows(before, of: source)
    // In the text of the last sample, which no layout can find fault with.
    try TestFiles.damage(source.path(ofShard: 0)) { $0[$0.count - 1] ^= 1 }
    let error = #expect(throws: ShardError.self) { try source.check(shard: 0, with: workspace) }
    #expect(error?.message.contains("sha1") == true)
    try source.check(shard: 1, with: workspace)
    if verification == .always {
      #expect(throws: ShardError.self) { try source.decode(shard: 0, columns: [1], with: workspace) }
    } else {
      #expect(try rows(source.decode(shard: 0, columns: [1], with: workspace), of: source) == rowsBefore)
    }
  }

  /// Whatever stands in a shard: an error, or rows that lie inside its bytes.
  @Test(arguments: [nil, 3]) func anyBytesAreSurvived(level: Int?) throws {
    let folder = try TemporaryFolder()
    try TestDataSet.write(to: folder.path("d"), count: 20, level: level, sizeLimit: 4000)
    let source = try open(folder.path("d"), declaring: [featuresDeclaration], verification: .never)
    let workspace = try workspace(source, columnCount: 3)
    let path = source.path(ofShard: 0)
    let good = try TestFiles.bytes(path)
    var random = SplitMix(seed: 5)
    var (failed, served) = (0, 0)
    for _ in 0..<400 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Bool.random(using: &random) ? Int.random(in: 0..<min(120, bytes.count), using: &random) : Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
      }
      try TestFiles.damage(path) { $0 = bytes }
      do {
        let shard = try source.decode(shard: 0, columns: [0, 1, 2], with: workspace)
        for column in 0..<3 { #expect(rows(shard, of: source, column: column).count == 20 * [48, 8, 2][column]) }
        served += 1
      } catch { failed += 1 }
    }
    #expect(failed > 0 && served + failed == 400)
  }
}

/// SplitMix64: a failure comes again.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
