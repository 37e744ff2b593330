// The code against the Python model of docs/ORDER.md.

import Testing

@testable import SampleOrder

@Suite struct GoldenTests {
  @Test(arguments: GoldenVector.all("mix"))
  func mixer(_ vector: GoldenVector) throws {
    #expect(try mixed(vector.word("value")) == vector.word("result"))
  }

  @Test(arguments: GoldenVector.all("key"))
  func key(_ vector: GoldenVector) throws {
    let purpose = try #require(OrderKey.Purpose(rawValue: vector.word("purpose")))
    let key = try OrderKey(seed: vector.word("seed"), epoch: vector.int("epoch"), purpose: purpose, ordinal: vector.int("ordinal"))
    #expect(try key.bits == vector.word("result"))
  }

  @Test(arguments: GoldenVector.all("permutation"))
  func wholePermutation(_ vector: GoldenVector) throws {
    let count = try vector.int("count")
    let permutation = try KeyedBijection(count: count, key: vector.word("key"))
    try expectShape(vector, permutation)
    let images = (0..<count).map(permutation.image)
    #expect(try Array(images.prefix(12)) == vector.ints("first"))
    var hash = FNV()
    for image in images { hash.add(image) }
    #expect(try hash.hash == vector.word("hash"))
    for (value, image) in images.enumerated() where permutation.preimage(of: image) != value {
      Issue.record("preimage of \(image) is \(permutation.preimage(of: image)), not \(value)")
    }
  }

  @Test(arguments: GoldenVector.all("images"))
  func largePermutation(_ vector: GoldenVector) throws {
    let permutation = try KeyedBijection(count: vector.int("count"), key: vector.word("key"))
    try expectShape(vector, permutation)
    let values = try vector.ints("values")
    let images = try vector.ints("images")
    #expect(values.map(permutation.image) == images)
    #expect(images.map(permutation.preimage) == values)
  }

  private func expectShape(_ vector: GoldenVector, _ permutation: KeyedBijection) throws {
    let radices = KeyedBijection.radices(count: UInt64(permutation.count))
    #expect(try radices.left == vector.word("left"))
    #expect(try radices.right == vector.word("right"))
    #expect(try permutation.roundCount(ofImage: 0) % vector.int("rounds") == 0)
  }

  @Test(arguments: GoldenVector.all("order"))
  func order(_ vector: GoldenVector) throws {
    let algorithm = try #require(OrderAlgorithm(rawValue: String(vector.text("algorithm"))))
    let table = try ShardTable(vector.ints("counts"))
    let order = try EpochOrder(
      algorithm: algorithm, table: table, seed: vector.word("seed"), epoch: vector.int("epoch"), blockSampleCount: vector.int("block"))
    #expect(try (0..<order.shardCount).map(order.shard) == vector.ints("shards"))
    let samples = (0..<order.sampleCount).map(order.sample)
    #expect(try Array(samples.prefix(10)) == vector.locations("first"))
    var hash = FNV()
    for sample in samples {
      hash.add(sample.shard)
      hash.add(sample.row)
    }
    #expect(try hash.hash == vector.word("hash"))
  }

  @Test(arguments: GoldenVector.all("block"))
  func block(_ vector: GoldenVector) throws {
    let result = try blockSampleCount(fromBytes: vector.int("bytes"), allSamples: vector.int("samples"), allRawBytes: vector.int("raw"))
    #expect(try result == vector.int("result"))
  }

  @Test func everyKindIsThere() {
    let found = Set(goldenVectors.split(separator: "\n").map { GoldenVector($0).kind })
    #expect(found == ["mix", "key", "permutation", "images", "order", "block"])
  }
}
