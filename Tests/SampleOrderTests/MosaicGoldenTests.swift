// The code against NumPy and mosaicml-streaming themselves.

import Testing

@testable import SampleOrder

@Suite struct MosaicGoldenTests {
  @Test(arguments: GoldenVector.all("numpy", in: mosaicVectors))
  func generator(_ vector: GoldenVector) throws {
    let seed = try #require(UInt128(vector.text("seed")))
    var raw = NumPyGenerator(seed: seed)
    #expect(try vector.words("raw") == (0..<3).map { _ in raw.next64() })
    // The draws of the vector follow one another, halves of words left over among them.
    var generator = NumPyGenerator(seed: seed)
    generator.skip64(3)
    #expect(try vector.ints("integers") == [1, 3, 1000, 1 << 32, 1 << 33 + 1, 7].map { generator.integer(0..<$0) })
    var values = Array(0..<40)
    generator.shuffle(&values)
    #expect(try vector.ints("shuffled") == values)
    #expect(try vector.text("doubles").split(separator: ",").map { Double(String($0)) } == (0..<2).map { _ in generator.uniform(-3, 8) })
    let choices = [(5, 5), (30, 7), (10_001, 3)].map { generator.choice($0.0, $0.1) }
    var hash = FNV()
    for value in generator.choice(10_001, 250) { hash.add(value) }
    let texts = choices.map { $0.map(String.init).joined(separator: "/") } + ["\(hash.hash)"]
    #expect(try vector.text("choices").split(separator: ",").map(String.init) == texts)
    hash = FNV()
    for value in generator.permutation(5000) { hash.add(value) }
    #expect(try vector.word("permutation") == hash.hash)
  }

  @Test(arguments: GoldenVector.all("sum", in: mosaicVectors))
  func sum(_ vector: GoldenVector) throws {
    let values = try vector.words("bits").map(Double.init(bitPattern:))
    #expect(try numPySum(values[...]).bitPattern == vector.word("result"))
  }

  @Test(arguments: GoldenVector.all("randomsum", in: mosaicVectors))
  func longSum(_ vector: GoldenVector) throws {
    var generator = try NumPyGenerator(seed: UInt128(vector.word("seed")))
    let values = try (0..<vector.int("count")).map { _ in generator.uniform(0, 1) }
    #expect(try numPySum(values[...]).bitPattern == vector.word("result"))
  }

  @Test(arguments: GoldenVector.all("mosaic", in: mosaicVectors))
  func orders(_ vector: GoldenVector) throws {
    let world = try vector.int("world")
    let plan: MosaicPlan
    let ranks: MosaicWorld
    let table = try vector.table()
    do throws(MosaicError) {
      plan = try vector.plan(table).get()
      ranks = try plan.world(world)
    } catch {
      #expect(throws: Never.self, "\(error)") { try vector.text("refused") }
      return
    }
    // What the library cannot do is not done either.
    let counts = try vector.text("batches").split(separator: "/").map { try #require(Int($0)) }
    #expect((0..<world).map(ranks.batchCount(ofRank:)) == counts)
    let epoch = try MosaicEpoch(plan, table: table, world: ranks, epoch: vector.int("epoch"))
    // The whole at once, then in pieces, then batch by batch from the end: the same.
    for piece in [max(1, ranks.ordinalCount), 7, 1] {
      let batches = epoch.batches(piece: piece)
      var hash = FNV()
      hash.add(world)
      for rank in 0..<world {
        hash.add(counts[rank])
        for batch in 0..<counts[rank] {
          hash.add(batches[batch * world + rank].count)
          for sample in batches[batch * world + rank] { hash.add(sample) }
        }
      }
      #expect(try hash.hash == vector.word("hash"), "in pieces of \(piece)")
    }
  }
}

extension MosaicEpoch {
  /// All batches by ordinal, as stored sample numbers; asked for `piece` at a time, from the last to the first.
  func batches(piece: Int) -> [[Int]] {
    let size = plan.settings.batchSize
    var batches = (0..<world.ordinalCount).map { Array(repeating: -1, count: world.rowCount(ofOrdinal: $0)) }
    for first in stride(from: 0, to: world.ordinalCount, by: piece).reversed() {
      let rows = rows(ofOrdinals: Array(first..<min(first + piece, world.ordinalCount)), first: first)
      for index in rows.shards.indices {
        for entry in rows.range(ofShardAt: index) {
          let slot = Int(rows.slots[entry])
          batches[first + slot / size][slot % size] = table.start(of: rows.shards[index]) + Int(rows.rows[entry])
        }
      }
    }
    return batches
  }
}

extension GoldenVector {
  func words(_ name: Substring) throws -> [UInt64] { try text(name).split(separator: ",").map { try #require(UInt64($0)) } }

  private func streams() throws -> [[Int]] {
    try text("streams").split(separator: "/").map { try $0.split(separator: ",").map { try #require(Int($0)) } }
  }

  func table() throws -> ShardTable { try ShardTable(streams().flatMap { $0 }) }

  func plan(_ table: ShardTable) throws(MosaicError) -> Result<MosaicPlan, MosaicError> {
    let (settings, streams): (MosaicSettings, [(shards: Range<Int>, weight: StreamWeight?)])
    do { (settings, streams) = try (self.settings(), weighted()) } catch { preconditionFailure("\(error)") }
    return Result { () throws(MosaicError) in try MosaicPlan(settings, table: table, streams: streams) }
  }

  private func settings() throws -> MosaicSettings {
    var settings = try MosaicSettings(
      algorithm: #require(MosaicAlgorithm(rawValue: String(text("algorithm")))), seed: word("seed"), blockSampleCount: int("block"),
      canonicalNodeCount: int("canonical_nodes"), batchSize: int("batch_size"))
    settings.nodeCount = try int("nodes")
    settings.batching = try #require(MosaicBatching(rawValue: String(text("batching"))))
    settings.sampling = try #require(MosaicSampling(rawValue: String(text("sampling"))))
    settings.granularity = try int("granularity")
    settings.epochSampleCount = try text("epoch_size") == "None" ? nil : int("epoch_size")
    settings.dropLast = try text("drop_last") == "True"
    return settings
  }

  private func weighted() throws -> [(shards: Range<Int>, weight: StreamWeight?)] {
    var begin = 0
    return try zip(streams(), text("weights").split(separator: "/")).map { counts, weight in
      defer { begin += counts.count }
      let parts = weight.split(separator: ":")
      let value = try parts.count == 2 ? #require(Double(String(parts[1]))) : 0
      let weights: [Substring: StreamWeight] = ["proportion": .proportion(value), "repeat": .repeat(value), "choose": .choose(Int(value))]
      return (begin..<begin + counts.count, weights[parts[0]])
    }
  }
}
