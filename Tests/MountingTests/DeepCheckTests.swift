// `check --deep`: every shard, every hash, in order.

import MountConfiguration
import Platform
import SampleOrder
import ShardStore
import Testing

@testable import Mounting

struct DeepCheckTests {
  private func check(_ rig: MountingRig, overrides: [String] = []) throws -> (errors: [ShardError], progress: [Int]) {
    let progress = Lock<[Int]>([])
    let errors = DeepCheck.run(try rig.plan(overrides: overrides)) { done in progress.withLock { $0.append(done) } }
    return (errors, progress.withLock { $0 })
  }

  @Test(arguments: ["1", "2", "8"]) func soundDataHasNoErrors(threads: String) throws {
    let rig = try MountingRig()
    let shardCount = try rig.plan().sources.reduce(0) { $0 + $1.shards.shardCount }
    let (errors, progress) = try check(rig, overrides: ["threads=\(threads)"])
    #expect(errors == [])
    #expect(progress.sorted() == Array(1...shardCount))
  }

  @Test(arguments: ["auto", "always", "never"]) func everyBadShardIsNamedInOrder(verify: String) throws {
    let rig = try MountingRig()
    // In the text of a sample, which only a hash can find; gone; cut short; in the middle of a compressed one.
    try TestFiles.damage(rig.folder.path("raw/shard.00002.mds")) { $0[$0.count - 1] ^= 1 }
    TestFiles.remove(rig.folder.path("raw/shard.00000.mds"))
    try TestFiles.damage(rig.folder.path("raw/shard.00001.mds")) { $0.removeLast(5) }
    try TestFiles.damage(rig.folder.path("zstd/shard.00001.mds.zstd")) { $0[$0.count / 2] ^= 0x10 }
    let (errors, progress) = try check(rig, overrides: ["verify=\(verify)"])
    #expect(errors.map(\.source) == ["windows", "windows", "windows", "packed"])
    #expect(
      errors.map(\.path)
        == ["raw/shard.00000.mds", "raw/shard.00001.mds", "raw/shard.00002.mds", "zstd/shard.00001.mds.zstd"].map { rig.folder.path + "/./" + $0 }
        || errors.map(\.path) == ["raw/shard.00000.mds", "raw/shard.00001.mds", "raw/shard.00002.mds", "zstd/shard.00001.mds.zstd"].map { rig.folder.path($0) })
    #expect(progress.count == (try rig.plan().sources.reduce(0) { $0 + $1.shards.shardCount }))
  }

  /// A cap below two workspaces still checks all.
  @Test func theSmallestCapChecksAll() throws {
    let rig = try MountingRig()
    TestFiles.remove(rig.folder.path("zstd/shard.00000.mds.zstd"))
    let cap = try rig.leastCap()
    for _ in 0..<50 {
      let (errors, progress) = try check(rig, overrides: ["memory=\(cap)", "threads=8"])
      #expect(errors.count == 1 && !progress.isEmpty)
    }
  }
}
