// The pieces that a group of streams is shuffled in: a shard for each time an epoch takes all of it, and the samples it takes besides (`resample_streams`).

/// Made for one epoch. Which samples of a shard are taken in part is found again when they are asked for, so that nothing is kept per sample.
struct ShuffleUnits: Sendable {
  /// By unit.
  private(set) var shards: [UInt32] = []
  private(set) var counts: [UInt32] = []
  /// Index of `marks`, or -1 where the unit is the whole shard.
  private var subsets: [Int32] = []
  private var marks: [NumPyGenerator.Mark] = []
  private let generator: NumPyGenerator
  private(set) var sampleCount = 0
  /// The shards of the group and how many samples of each are taken.
  private let firstShard: Int
  private var chosenCounts: [Int] = []

  /// - Parameter epoch: the epoch, where the samples that are taken change with it; else 0.
  init(_ streams: ArraySlice<MosaicStream>, table: ShardTable, seed: UInt64, epoch: Int, granularity: Int) {
    var generator = NumPyGenerator(seed: UInt128(seed) + UInt128(epoch))
    // Marks are places in this generator's stream, wherever it stands itself.
    self.generator = generator
    firstShard = streams.first?.shards.lowerBound ?? 0
    for stream in streams {
      let chosen = Self.chosenCounts(stream, table: table, generator: NumPyGenerator(seed: UInt128(seed) + UInt128(epoch)), granularity: granularity)
      chosenCounts += chosen
      for (shard, count) in zip(stream.shards, chosen) where count > 0 {
        let stored = table.count(of: shard)
        for _ in 0..<count / stored { append(shard, stored, subset: -1) }
        let rest = count % stored
        if rest > 0 {
          append(shard, rest, subset: Int32(marks.count))
          marks.append(generator.mark)
          generator.skipChoice(stored, rest)
        }
      }
    }
  }

  private mutating func append(_ shard: Int, _ count: Int, subset: Int32) {
    shards.append(UInt32(shard))
    counts.append(UInt32(count))
    subsets.append(subset)
    sampleCount += count
  }

  var unitCount: Int { shards.count }

  /// How many samples of a shard the epoch takes.
  func chosenCount(ofShard shard: Int) -> Int {
    let index = shard - firstShard
    return chosenCounts.indices.contains(index) ? chosenCounts[index] : 0
  }

  /// The rows of the shard that the unit has, ascending; nil where it has all of them.
  func subset(ofUnit unit: Int, table: ShardTable) -> [Int]? {
    guard subsets[unit] >= 0 else { return nil }
    var generator = generator.at(marks[Int(subsets[unit])])
    return generator.choice(table.count(of: Int(shards[unit])), Int(counts[unit])).sorted()
  }

  /// How many samples are taken of each shard of a stream (`get_sampling`): whole repetitions of all, then pieces by lot.
  private static func chosenCounts(_ stream: MosaicStream, table: ShardTable, generator: NumPyGenerator, granularity: Int) -> [Int] {
    let stored = stream.shards.map(table.count(of:))
    guard stream.storedSampleCount > 0 else { return stored }
    let (times, rest) = stream.chosenSampleCount.quotientAndRemainder(dividingBy: stream.storedSampleCount)
    var chosen = stored.map { $0 * times }
    guard rest > 0 else { return chosen }
    var pickStarts = [0]
    for count in stored { pickStarts.append(pickStarts[pickStarts.count - 1] + (count == 0 ? 0 : (count - 1) / granularity + 1)) }
    var generator = generator
    var missing = rest
    for pick in generator.permutation(pickStarts[stored.count]) {
      let shard = indexOfRange(containing: pick, starts: pickStarts)
      let taken = min(missing, granularity, stored[shard] - (pick - pickStarts[shard]) * granularity)
      chosen[shard] += taken
      missing -= taken
      if missing == 0 { break }
    }
    return chosen
  }
}
