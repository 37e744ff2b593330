// One spelling of each name resolves, and no other.

import Testing

@testable import FileTree

struct EntryNameTests {
  @Test(arguments: [
    (0, 4, "batch-0000.npy"), (42, 4, "batch-0042.npy"), (9999, 4, "batch-9999.npy"), (10_000, 5, "batch-10000.npy"), (7, 5, "batch-00007.npy"),
  ])
  func batchesReadAsTheyAreWritten(ordinal: Int, digitCount: Int, name: String) throws {
    #expect(EntryName.batch(ordinal, digitCount: digitCount, suffix: ".npy") == name)
    let found = try #require(EntryName.batch(parsing: Substring(name), digitCount: digitCount))
    #expect(found.ordinal == ordinal && found.suffix == ".npy")
    let several = EntryName.batch(ordinal, digitCount: digitCount, suffix: ".in.put.npy")
    let tensor = try #require(EntryName.batch(parsing: Substring(several), digitCount: digitCount))
    #expect(tensor.ordinal == ordinal && tensor.suffix == ".in.put.npy")
  }

  @Test(arguments: [
    "batch-000.npy", "batch-00000.npy", "batch-0000", "batch-0000.np", "batch-0000.NPY", "Batch-0000.npy", "batch--001.npy", "batch-+001.npy", "batch- 001.npy",
    "batch-000a.npy", "batch-.npy", "batch-99999999999999999999.npy", "batch-٠٠٠٠.npy", "batch-000１.npy", "xbatch-0000.npy", "", ".npy",
    "batch-0000\u{301}.npy",
  ])
  func otherSpellingsOfBatchesAreNone(name: String) {
    // What follows the number is the tree's to judge.
    let suffix = EntryName.batch(parsing: Substring(name), digitCount: 4)?.suffix
    #expect(suffix.map { EntryName.isSame(".npy", $0) } != true)
  }

  @Test(arguments: [(0, "epoch-0"), (7, "epoch-7"), (10, "epoch-10"), (999_999, "epoch-999999")])
  func epochsReadAsTheyAreWritten(epoch: Int, name: String) {
    #expect(EntryName.epoch(epoch) == name && EntryName.epoch(parsing: Substring(name)) == epoch)
  }

  @Test(arguments: [
    "epoch-1000000", "epoch-01", "epoch-00", "epoch--1", "epoch-+1", "epoch- 1", "epoch-1 ", "epoch-", "epoch", "epoch-1.0", "Epoch-1", "epoch-٣",
    "epoch-99999999999999999999999999",
  ])
  func otherSpellingsOfEpochsAreNone(name: String) { #expect(EntryName.epoch(parsing: Substring(name)) == nil) }

  @Test(arguments: [(0, 1), (3, 8), (4095, 4096)]) func ranksReadAsTheyAreWritten(rank: Int, world: Int) throws {
    let value = try #require(Rank(rank, of: world))
    #expect(value.name == "rank-\(rank)-of-\(world)" && EntryName.rank(parsing: Substring(value.name)) == value)
  }

  @Test(arguments: [
    "rank-8-of-8", "rank-0-of-0", "rank-0-of-4097", "rank-00-of-8", "rank-0-of-08", "rank-0-of-", "rank--of-8", "rank-0of8", "rank-0-of-8-", "rank-0-OF-8",
    "rank-1-of",
    "rank--1-of-8", "rank-0-of-8-of-8", "rank-0-in-8",
  ])
  func otherSpellingsOfRanksAreNone(name: String) { #expect(EntryName.rank(parsing: Substring(name)) == nil) }
}
