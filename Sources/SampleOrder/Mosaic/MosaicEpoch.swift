// One epoch of an order of mosaicml-streaming, for one world of ranks: the rows of any of its batches.

/// Its tables grow with the shards, not with the samples (`MosaicPlan.tableByteCount` says what they weigh). Made in time that grows with the samples: the
/// generator is followed through the whole epoch, some nanoseconds a sample. Immutable.
public final class MosaicEpoch: Sendable {
  public let plan: MosaicPlan
  public let world: MosaicWorld
  let table: ShardTable
  /// By group.
  private let shuffles: [MosaicShuffle]
  /// By node of the batches' order; empty where batches are not of single streams.
  private let origins: [BatchOrigins]

  /// - Parameter epoch: from 0.
  /// - Precondition: `table` and `world` are the plan's.
  public init(_ plan: MosaicPlan, table: ShardTable, world: MosaicWorld, epoch: Int) {
    self.plan = plan
    self.world = world
    self.table = table
    let settings = plan.settings
    // Which samples are taken, and which stream a batch is of, changes with the epoch only where sampling is balanced.
    let sampledEpoch = settings.sampling == .balanced ? epoch : 0
    let isEmpty = plan.sampleCount == 0
    shuffles =
      isEmpty
      ? []
      : plan.groups.enumerated().map { group, streams in
        let units = ShuffleUnits(plan.streams[streams], table: table, seed: settings.seed, epoch: sampledEpoch, granularity: settings.granularity)
        return MosaicShuffle(
          settings.algorithm, units, canonicalNodeCount: settings.canonicalNodeCount, seed: settings.seed, epoch: epoch,
          blockSampleCount: plan.blockSampleCount(ofGroup: group))
      }
    let counts = world.originCounts
    var generator = NumPyGenerator(seed: UInt128(settings.seed) + UInt128(sampledEpoch))
    let nodeCount = counts.isEmpty || isEmpty ? 0 : settings.batching == .devicePerStream ? world.nodeCount : 1
    origins = (0..<nodeCount).map { _ in BatchOrigins(counts: counts, generator: &generator) }
  }

  /// How many samples of a shard the epoch takes, without those that ranks have twice.
  public func chosenCount(ofShard shard: Int) -> Int {
    let group = plan.groups.firstIndex { streams in streams.contains { plan.streams[$0].shards.contains(shard) } }
    return group.flatMap { shuffles.indices.contains($0) ? shuffles[$0].units.chosenCount(ofShard: shard) : nil } ?? 0
  }

  /// The rows of some batches, given by ascending ordinals of which none is below `first`; slots count from the batch `first` on.
  ///
  /// - Complexity: the rows and the blocks (for `py1s` and `py2s` the shards) they come from.
  /// - Precondition: no slot is above 2^32 - 1.
  public func rows(ofOrdinals ordinals: [Int], first: Int) -> BlockRows {
    var positions = [TaggedNumbers](repeating: TaggedNumbers(), count: shuffles.count)
    for ordinal in ordinals {
      let slot = (ordinal - first) * plan.settings.batchSize
      world.forEachRow(ofOrdinal: ordinal, origins: origins) { group, sample, row in positions[group].append(UInt64(sample), slot: UInt32(slot + row)) }
    }
    var places = TaggedNumbers()
    for group in positions.indices {
      shuffles[group].locate(&positions[group], table: table)
      places.append(positions[group])
      positions[group] = TaggedNumbers()
    }
    places.sort()
    return BlockRows(places)
  }
}
