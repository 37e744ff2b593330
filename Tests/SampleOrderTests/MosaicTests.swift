// What must hold of mosaicml-streaming's orders whatever the library says: passing over draws, limits, what is refused, memory.

import Testing

@testable import SampleOrder

@Suite struct MosaicTests {
  @Test(arguments: [0, 1, 2, 31, 32, 33, 1000, 65_537])
  func passingOverIsLikeDoing(_ count: Int) {
    var doing = NumPyGenerator(seed: 77)
    _ = doing.next32()
    var passing = doing
    var values = Array(0..<count)
    doing.shuffle(&values)
    passing.skipShuffle(count)
    #expect(doing.next64() == passing.next64())
    for chosen in [0, count / 60, count / 2, count] {
      _ = doing.choice(count, chosen)
      passing.skipChoice(count, chosen)
      #expect(doing.next32() == passing.next32(), "\(chosen) of \(count)")
    }
    for _ in 0..<count { _ = doing.next64() }
    passing.skip64(count)
    #expect(doing.next32() == passing.next32())
    let mark = doing.mark
    let next = (0..<3).map { _ in doing.next32() }
    var again = NumPyGenerator(seed: 77).at(mark)
    #expect((0..<3).map { _ in again.next32() } == next)
  }

  @Test func numbersAreSortedWithTheirSlots() {
    var random = SplitMix(seed: 5)
    var numbers = TaggedNumbers()
    for slot in 0..<3000 { numbers.append(random.next() >> UInt64(slot % 64), slot: UInt32(slot)) }
    let expected = zip(numbers.numbers, numbers.slots).sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    numbers.sort()
    #expect(numbers.numbers == expected.map(\.0))
    #expect(numbers.slots == expected.map(\.1))
  }

  private func settings(_ algorithm: MosaicAlgorithm, block: Int = 64, canonicalNodes: Int = 1, batchSize: Int = 4) -> MosaicSettings {
    MosaicSettings(algorithm: algorithm, seed: 9176, blockSampleCount: block, canonicalNodeCount: canonicalNodes, batchSize: batchSize)
  }

  /// Every sample once, whatever the algorithm; shards without samples among others.
  @Test(arguments: MosaicAlgorithm.allCases, [1, 3, 64])
  func anEpochHasEverySampleOnce(_ algorithm: MosaicAlgorithm, _ canonicalNodes: Int) throws {
    let table = try ShardTable([0, 100, 37, 0, 250, 1, 99, 64, 0])
    let plan = try MosaicPlan(settings(algorithm, canonicalNodes: canonicalNodes), table: table, streams: [(0..<9, nil)])
    let epoch = try MosaicEpoch(plan, table: table, world: plan.world(1), epoch: 3)
    let samples = epoch.batches(piece: 20).flatMap { $0 }
    #expect(Set(samples) == Set(0..<551))
    // A canonical node with a sample less than others has its last one twice.
    #expect(samples.count == (551 + canonicalNodes - 1) / canonicalNodes * canonicalNodes)
  }

  /// The batches of all ranks together are those of one reader with a batch as large as all theirs: other ranks, the same samples in the same step.
  @Test func anyNumberOfRanksTakesTheSameSamplesInAStep() throws {
    let table = try ShardTable([100, 37, 250, 13, 112])
    func steps(world: Int, nodes: Int) throws -> [Set<Int>] {
      var settings = settings(.py1e, canonicalNodes: 4, batchSize: 32 / world)
      settings.nodeCount = nodes
      let plan = try MosaicPlan(settings, table: table, streams: [(0..<5, nil)])
      let batches = try MosaicEpoch(plan, table: table, world: plan.world(world), epoch: 1).batches(piece: 100)
      return stride(from: 0, to: batches.count, by: world).map { Set(batches[$0..<$0 + world].joined()) }
    }
    let one = try steps(world: 1, nodes: 1)
    for (world, nodes) in [(2, 1), (2, 2), (8, 2), (16, 4), (32, 4)] { #expect(try steps(world: world, nodes: nodes) == one, "\(world) ranks, \(nodes) nodes") }
  }

  @Test func onlyNaiveNeedsMemoryPerSample() throws {
    let table = try ShardTable([Int](repeating: 20_000, count: 50))
    for algorithm in MosaicAlgorithm.allCases where algorithm != .naive {
      let plan = try MosaicPlan(settings(algorithm, block: 4096, batchSize: 16), table: table, streams: [(0..<50, nil)])
      #expect(plan.tableByteCount < 100_000, "\(algorithm)")
      #expect(plan.planningByteCount(slotCount: 16) < 1_100_000, "\(algorithm)")
    }
    let naive = try MosaicPlan(settings(.naive), table: table, streams: [(0..<50, nil)])
    #expect(naive.tableByteCount > 8_000_000)
  }

  @Test func whatTheLibraryRefusesIsRefused() throws {
    let table = try ShardTable([30, 0, 20])
    func subject(_ change: (inout MosaicSettings) -> Void, _ weights: [StreamWeight?] = [nil, nil], algorithm: MosaicAlgorithm = .py1e, world: Int = 1)
      -> MosaicError.Subject?
    {
      var settings = settings(algorithm)
      change(&settings)
      do throws(MosaicError) {
        _ = try MosaicPlan(settings, table: table, streams: [(0..<1, weights[0]), (1..<3, weights[1])]).world(world)
        return nil
      } catch { return error.subject }
    }
    #expect(subject { _ in } == nil)
    #expect(subject({ _ in }, [.proportion(1), nil]) == .stream(1))
    #expect(subject({ _ in }, [.proportion(1), .repeat(1)]) == .stream(1))
    #expect(subject({ $0.epochSampleCount = 10 }, [.choose(1), nil]) == .epochSize)
    #expect(subject({ _ in }, [.repeat(1e300), nil]) == .stream(0))
    #expect(subject({ _ in }, [.choose(1 << 50), nil]) == .stream(0))
    #expect(subject { $0.canonicalNodeCount = 51 } == .canonicalNodes)
    #expect(subject { $0.canonicalNodeCount = 1 << 30 } == .canonicalNodes)
    #expect(subject({ $0.canonicalNodeCount = 51 }, algorithm: .py1s) == nil)
    #expect(subject({ $0.blockSampleCount = 1 }, algorithm: .py1br) == .block)
    #expect(subject({ $0.nodeCount = 2 }, world: 3) == .nodes)
    #expect(subject({ ($0.nodeCount, $0.canonicalNodeCount) = (2, 3) }, world: 4) == .nodes)
    #expect(subject({ ($0.batching, $0.batchSize) = (.perStream, 25) }) == .stream(1))
    #expect(subject({ ($0.batching, $0.batchSize) = (.stratified, 1) }) == .stream(1))
    #expect(subject({ ($0.batching, $0.nodeCount) = (.devicePerStream, 2) }, world: 2) == .canonicalNodes)
    #expect(subject({ $0.batching = .devicePerStream }, [nil, .choose(0)]) == .stream(1))
  }

  @Test func anEmptySourceHasNoBatches() throws {
    let table = try ShardTable([0, 0])
    let plan = try MosaicPlan(settings(.py1e), table: table, streams: [(0..<2, nil)])
    let world = try plan.world(8)
    #expect(world.ordinalCount == 0 && world.batchCount(ofRank: 3) == 0 && world.rowCount(ofOrdinal: 0) == 0)
    #expect(MosaicEpoch(plan, table: table, world: world, epoch: 0).rows(ofOrdinals: [], first: 0).shards.isEmpty)
  }

  /// Inode numbers are made with it.
  @Test(arguments: [MosaicBatching.random, .stratified, .perStream, .devicePerStream])
  func noWorldHasMoreBatchesThanTheBound(_ batching: MosaicBatching) throws {
    var random = SplitMix(seed: 9)
    for _ in 0..<200 {
      let table = try ShardTable((0..<4).map { _ in Int.random(in: 1...60, using: &random) })
      var settings = settings(.naive, canonicalNodes: [1, 2, 4, 32].randomElement(using: &random) ?? 1, batchSize: Int.random(in: 1...9, using: &random))
      settings.batching = batching
      settings.nodeCount = [1, 2, 4].randomElement(using: &random) ?? 1
      guard let plan = try? MosaicPlan(settings, table: table, streams: [(0..<1, nil), (1..<4, nil)]) else { continue }
      let bound = try #require(plan.ordinalBound(largestWorldSize: 64))
      for size in 1...64 {
        guard let world = try? plan.world(size) else { continue }
        #expect(world.ordinalCount <= bound)
        #expect((0..<size).reduce(0) { $0 + world.batchCount(ofRank: $1) } == world.ordinalCount)
        #expect((0..<world.ordinalCount).allSatisfy { (1...settings.batchSize).contains(world.rowCount(ofOrdinal: $0)) })
      }
    }
  }
}
