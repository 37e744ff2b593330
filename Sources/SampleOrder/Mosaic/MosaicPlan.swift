// An order of mosaicml-streaming for a table of shards: what is the same in every epoch.

/// The streams and settings of a view, checked. A small value; the tables of an epoch are `MosaicEpoch`.
public struct MosaicPlan: Sendable, Equatable {
  public let settings: MosaicSettings
  public let streams: [MosaicStream]
  /// The samples that an epoch takes, before what ranks repeat and what batching leaves out.
  public let sampleCount: Int
  /// The samples of the largest shard.
  let largestShardSampleCount: Int

  /// Samples of an epoch, so that no product with canonical nodes can overflow.
  static let sampleLimit = 1 << 42
  static let canonicalNodeLimit = 1 << 20

  /// - Parameter streams: consecutive shards of the table and the weight of each; at least one.
  /// - Throws: what mosaicml-streaming refuses, and numbers past these limits.
  public init(_ settings: MosaicSettings, table: ShardTable, streams: [(shards: Range<Int>, weight: StreamWeight?)]) throws(MosaicError) {
    guard settings.canonicalNodeCount <= Self.canonicalNodeLimit else {
      throw MosaicError(.canonicalNodes, "\(settings.canonicalNodeCount) are more than \(Self.canonicalNodeLimit)")
    }
    guard table.sampleCount <= Self.sampleLimit, settings.epochSampleCount ?? 0 <= Self.sampleLimit else {
      throw MosaicError(.epochSize, "an epoch would have more than \(Self.sampleLimit) samples")
    }
    var largest = 0
    for shard in 0..<table.shardCount { largest = max(largest, table.count(of: shard)) }
    guard largest <= UInt32.max, table.shardCount <= UInt32.max else {
      throw MosaicError(.algorithm, "a shard of \(largest) samples is too large for this order; at most \(UInt32.max) are possible")
    }
    self.settings = settings
    self.streams = try MosaicStream.resolve(
      streams.map { ($0.shards, table.start(of: $0.shards.upperBound) - table.start(of: $0.shards.lowerBound), $0.weight) },
      epochSampleCount: settings.epochSampleCount, seed: settings.seed)
    sampleCount = self.streams.reduce(0) { $0 + $1.chosenSampleCount }
    largestShardSampleCount = largest
    for group in groups.indices { try check(group) }
  }

  // MARK: - Groups

  /// The streams that are shuffled together: all of them with `random` batching, else each for itself.
  var groups: [Range<Int>] { settings.batching == .random ? [streams.indices] : streams.indices.map { $0..<$0 + 1 } }

  func sampleCount(ofGroup group: Int) -> Int { groups[group].reduce(0) { $0 + streams[$1].chosenSampleCount } }

  /// The shuffle block of a group: a stream that is shuffled for itself has a part of it.
  func blockSampleCount(ofGroup group: Int) -> Int {
    guard settings.batching != .random else { return settings.blockSampleCount }
    return Int(exactly: (Double(settings.blockSampleCount) * streams[group].proportion).rounded(.towardZero)) ?? settings.blockSampleCount
  }

  private func check(_ group: Int) throws(MosaicError) {
    let count = sampleCount(ofGroup: group)
    let block = blockSampleCount(ofGroup: group)
    let isShared = settings.batching == .random
    if count == 0 {
      guard streams.contains(where: { $0.storedSampleCount > 0 }) || !isShared else { return }
      if isShared { throw MosaicError(.stream(0), "the weights leave an epoch without samples") }
      throw MosaicError(.stream(group), "an epoch takes no samples of it, so that \(settings.batching.rawValue) batches cannot be made")
    }
    let smallest = settings.algorithm == .py1br ? 2 : settings.algorithm == .py1e || settings.batching == .devicePerStream ? 1 : 0
    if block < smallest {
      let share = isShared ? "" : ", of which a stream with a share of \(streams[group].proportion) gets \(block)"
      throw MosaicError(
        .block, "\(settings.blockSampleCount) samples\(share), are too few for \(settings.algorithm.rawValue); at least \(smallest) is needed")
    }
    if settings.algorithm == .py1e, count < settings.canonicalNodeCount {
      throw MosaicError(
        .canonicalNodes,
        "\(count) samples\(isShared ? "" : " of a stream") are fewer than \(settings.canonicalNodeCount) canonical nodes, which py1e cannot shuffle")
    }
  }

  // MARK: - Sizes

  /// More ordinals of batches than any world of up to `largestWorldSize` ranks has; nil where they cannot be counted.
  public func ordinalBound(largestWorldSize: Int) -> Int? {
    let nodes = settings.canonicalNodeCount * (settings.batching == .devicePerStream ? 2 + largestWorldSize : 2)
    let (madeUp, overflow) = (nodes + 3 * largestWorldSize).multipliedReportingOverflow(by: streams.count)
    let (total, totalOverflow) = sampleCount.addingReportingOverflow(madeUp)
    return overflow || totalOverflow ? nil : total / settings.batchSize + 2 * largestWorldSize + 1
  }

  /// The shuffled pieces of an epoch, at most: each repetition of a shard is one, and every canonical node may cut one in two.
  private var spanBound: Int {
    let canonicalNodes = settings.canonicalNodeCount * groups.count
    return streams.reduce(canonicalNodes) { sum, stream in
      sum + stream.shards.count * (stream.storedSampleCount == 0 ? 0 : stream.chosenSampleCount / stream.storedSampleCount + 1)
    }
  }

  /// What the tables of an epoch weigh, at most: nothing that grows with the samples, but for `naive`, whose permutation takes eight bytes each, and for small
  /// blocks of `py1br`, each of which is remembered.
  public var tableByteCount: Int {
    var byteCount = spanBound * 128 + streams.reduce(0) { $0 + $1.shards.count * 8 }
    switch settings.algorithm {
    case .naive: byteCount += sampleCount * 8
    case .py1br:
      for group in groups.indices {
        let least = max(1, Int(0.75 * Double(blockSampleCount(ofGroup: group))))
        byteCount += (sampleCount(ofGroup: group) / least + 4 * settings.canonicalNodeCount) * 64
      }
    case .py1s, .py2s, .py1e: break
    }
    if settings.batching == .perStream || settings.batching == .devicePerStream { byteCount += sampleCount / settings.batchSize * 8 }
    return byteCount
  }

  /// What making an epoch's tables takes beside them: where not all samples are used, a number for each piece of `granularity` samples, shuffled.
  public var resamplingByteCount: Int {
    streams.map { stream in
      guard stream.storedSampleCount > 0, stream.chosenSampleCount % stream.storedSampleCount != 0 else { return 0 }
      return (stream.storedSampleCount / settings.granularity + stream.shards.count) * 8
    }.max() ?? 0
  }

  /// About as many samples as are mixed with each other: what one reading of shards should fill at once.
  public var naturalBlockSampleCount: Int {
    let whole = max(1, sampleCount)
    let part: Int
    switch settings.algorithm {
    case .naive: return whole
    case .py1s, .py2s: part = largestShardSampleCount * 2
    case .py1br, .py1e: part = settings.blockSampleCount
    }
    let (product, overflow) = part.multipliedReportingOverflow(by: settings.canonicalNodeCount)
    return overflow ? whole : min(whole, max(product, 8192))
  }

  /// What `planningByteCount` grows by with each slot.
  public var planningByteCountPerSlot: Int { settings.algorithm == .py1e ? 104 : 64 }

  /// What finding the rows of `slotCount` rows of batches takes, at most.
  public func planningByteCount(slotCount: Int) -> Int {
    let lists = slotCount * planningByteCountPerSlot
    let shard = largestShardSampleCount * 40
    let block = groups.indices.map { blockSampleCount(ofGroup: $0) }.max() ?? 0
    let count = groups.indices.map { sampleCount(ofGroup: $0) }.max() ?? 0
    switch settings.algorithm {
    case .naive: return lists + shard
    case .py1s, .py2s: return lists + shard
    case .py1br: return lists + shard + min(count, block > 1 << 40 ? .max : 5 * block) * 8
    case .py1e: return lists + shard + min(count, block > 1 << 40 ? .max : slotCount + 3 * block) * 8
    }
  }
}
