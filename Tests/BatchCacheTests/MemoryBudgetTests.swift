// The cap holds, charges end with their owners, mappings are used again.

import BatchCache
import Platform
import Testing

struct MemoryBudgetTests {
  @Test func nothingIsHandedOutBeyondTheCap() throws {
    let budget = MemoryBudget(capByteCount: 1 << 20)
    let first = try #require(budget.region(byteCount: 600_000))
    #expect(budget.region(byteCount: 600_000) == nil)
    #expect(budget.usedByteCount == first.region.byteCount)
    #expect(budget.availableByteCount == (1 << 20) - first.region.byteCount)
  }

  @Test func aChargeEndsWithItsOwner() {
    let budget = MemoryBudget(capByteCount: 1000)
    do {
      let charge = budget.charge(800)
      #expect(budget.usedByteCount == 800)
      let isRefused = budget.charge(300) == nil
      #expect(isRefused)
      withExtendedLifetime(charge) {}
    }
    #expect(budget.usedByteCount == 0 && budget.peakByteCount == 800)
  }

  @Test func aReturnedMappingServesTheNextTakerOfItsSize() throws {
    let budget = MemoryBudget(capByteCount: 1 << 20)
    var region = budget.region(byteCount: 500_000)
    let identity = try ObjectIdentifier(#require(region).region)
    region = nil
    #expect(budget.usedByteCount == 0 && budget.availableByteCount == 1 << 20)
    let again = try #require(budget.region(byteCount: 499_999))
    #expect(ObjectIdentifier(again.region) == identity)
  }

  @Test func keptMappingsGiveWayToAnotherSize() throws {
    let budget = MemoryBudget(capByteCount: 1 << 20)
    for _ in 0..<3 { _ = budget.region(byteCount: 900_000) }
    let other = try #require(budget.region(byteCount: 1 << 20))
    #expect(other.region.byteCount == 1 << 20 && budget.peakByteCount <= 1 << 20)
  }

  @Test(arguments: [100, 300_000]) func anEvictedBufferStaysChargedWhileItIsRead(byteCount: Int) throws {
    let budget = MemoryBudget(capByteCount: 1 << 20)
    var cached = BatchBuffer(byteCount: byteCount, rowByteCount: byteCount, inMemoryFile: false, budget: budget)
    let reader = try #require(cached)
    cached = nil
    #expect(budget.usedByteCount >= byteCount)
    #expect(reader.byteCount == byteCount)
  }

  @Test func whoWaitsIsToldWhenMemoryComesBack() throws {
    let budget = MemoryBudget(capByteCount: 1 << 20)
    let count = Lock(0)
    budget.notifyOnReturn { count.withLock { $0 += 1 } }
    do { _ = budget.charge(10) }
    _ = budget.region(byteCount: 10)
    #expect(count.withLock { $0 } == 2)
  }

  /// The listener is called as it was given, however often: it once grew by a layer at every call, until the stack was full.
  @Test func tellingCostsTheSameEachTime() {
    let budget = MemoryBudget(capByteCount: 1 << 20)
    let count = Lock(0)
    budget.notifyOnReturn { count.withLock { $0 += 1 } }
    for _ in 0..<200_000 { _ = budget.charge(10) }
    #expect(count.withLock { $0 } == 200_000)
  }
}
