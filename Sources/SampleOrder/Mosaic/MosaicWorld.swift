// A number of ranks that read an epoch together: how many batches each has, and which sample of the shuffled line stands in each row.

/// The batches of a world, by their ordinal: batch t of rank r of W is number t * W + r. Row i of it is number i of its batch.
public struct MosaicWorld: Sendable, Equatable {
  /// W
  public let size: Int
  /// One more than the last batch's ordinal; a multiple of `size` but for `device_per_stream`.
  public let ordinalCount: Int
  let nodeCount: Int
  private let batchSize: Int
  private let batching: MosaicBatching
  private let dropLast: Bool
  /// By group.
  private let partitions: [MosaicPartition]
  /// Of `stratified`: where each stream's samples begin in the batch of all ranks, and its size after them.
  private let portionStarts: [Int]
  private let canonicalNodesPerNode: Int

  private var ranksPerNode: Int { size / nodeCount }

  /// - Parameter size: at least 1.
  /// - Throws: where the ranks do not divide over the nodes, or the nodes over the canonical nodes, and where batching needs more samples than there are.
  init(size: Int, plan: MosaicPlan) throws(MosaicError) {
    let settings = plan.settings
    // A single reader is one node, whatever the training's nodes are.
    let nodeCount = size == 1 ? 1 : settings.nodeCount
    guard size.isMultiple(of: nodeCount) else { throw MosaicError(.nodes, "\(size) ranks do not divide over \(nodeCount) nodes") }
    self.size = size
    self.nodeCount = nodeCount
    let ranksPerNode = size / nodeCount
    batchSize = settings.batchSize
    batching = settings.batching
    dropLast = settings.dropLast
    canonicalNodesPerNode = settings.canonicalNodeCount / nodeCount
    if batching == .devicePerStream, !settings.canonicalNodeCount.isMultiple(of: nodeCount) {
      throw MosaicError(.canonicalNodes, "\(settings.canonicalNodeCount) must be a multiple of the \(nodeCount) nodes for device_per_stream batches")
    }
    guard plan.sampleCount > 0 else {
      (partitions, portionStarts, ordinalCount) = ([], [], 0)
      return
    }
    let partitionNodeCount = batching == .stratified ? 1 : batching == .devicePerStream ? settings.canonicalNodeCount : nodeCount
    var partitions: [MosaicPartition] = []
    for group in plan.groups.indices {
      guard
        let partition = MosaicPartition(
          sampleCount: plan.sampleCount(ofGroup: group), canonicalNodeCount: settings.canonicalNodeCount, nodeCount: partitionNodeCount,
          ranksPerNode: ranksPerNode)
      else {
        throw MosaicError(
          .nodes,
          "\(nodeCount) nodes and \(settings.canonicalNodeCount) canonical nodes: one must be a multiple of the other, with samples enough for each node")
      }
      partitions.append(partition)
    }
    self.partitions = partitions
    switch batching {
    case .random:
      let count = partitions[0].samplesPerRank
      ordinalCount = (dropLast ? count / batchSize : (count - 1) / batchSize + 1) * size
      portionStarts = []
    case .stratified:
      let portions = try Self.portions(of: plan.streams, globalBatchSize: batchSize * size)
      var starts = [0]
      var count = Int.max
      for (portion, partition) in zip(portions, partitions) {
        starts.append(starts[starts.count - 1] + portion)
        count = min(count, partition.samplesPerRank * ranksPerNode / portion)
      }
      portionStarts = starts
      ordinalCount = count * size
    case .perStream:
      var count = 0
      for (stream, partition) in partitions.enumerated() {
        guard partition.samplesPerRank >= settings.batchSize else {
          throw MosaicError(.stream(stream), "\(partition.sampleCount) samples do not fill one batch of \(settings.batchSize) for each of \(size) ranks")
        }
        count += partition.samplesPerRank / batchSize
      }
      ordinalCount = count * size
      portionStarts = []
    case .devicePerStream:
      var count = 0
      for (stream, partition) in partitions.enumerated() {
        let batches = canonicalNodesPerNode * partition.samplesPerRank * ranksPerNode / settings.batchSize
        guard batches > 0 else { throw MosaicError(.stream(stream), "\(partition.sampleCount) samples do not fill one batch of \(settings.batchSize) a node") }
        count += batches
      }
      ordinalCount = count * nodeCount
      portionStarts = []
    }
  }

  // MARK: - Batches

  /// The batches of one rank, in 0 ..< `size`.
  public func batchCount(ofRank rank: Int) -> Int { rank < ordinalCount ? (ordinalCount - 1 - rank) / size + 1 : 0 }

  /// The rows of a batch: the last one of a rank may be shorter. 0 for numbers that no batch has.
  public func rowCount(ofOrdinal ordinal: Int) -> Int {
    guard ordinal >= 0, ordinal < ordinalCount else { return 0 }
    return batching == .random ? min(batchSize, partitions[0].samplesPerRank - ordinal / size * batchSize) : batchSize
  }

  /// How many samples of each stream the batch of all ranks has.
  private static func portions(of streams: [MosaicStream], globalBatchSize: Int) throws(MosaicError) -> [Int] {
    var portions = streams.map { Int($0.proportion * Double(globalBatchSize)) }
    let missing = globalBatchSize - portions.reduce(0, +)
    let rests = streams.indices.map { Double(globalBatchSize) * streams[$0].proportion - Double(portions[$0]) }
    // Who was closest to one sample more gets it; of equals the later one, as of a sorted list that is read from its end.
    let ranking = streams.indices.sorted { (rests[$0], $0) > (rests[$1], $1) }
    for stream in ranking.prefix(max(0, missing)) { portions[stream] += 1 }
    if let empty = portions.firstIndex(where: { $0 <= 0 }) {
      throw MosaicError(
        .stream(empty), "its share of a batch of \(globalBatchSize) samples (of all ranks) is less than one sample; raise batch_size, or its share")
    }
    return portions
  }

  // MARK: - Samples

  /// Per group and node of the batches' own order: how many batches of each stream there are. Empty where batches are not of single streams.
  var originCounts: [Int] {
    switch batching {
    case .random, .stratified: []
    case .perStream: partitions.map { $0.samplesPerRank / batchSize }
    case .devicePerStream: partitions.map { canonicalNodesPerNode * $0.samplesPerRank * ranksPerNode / batchSize }
    }
  }

  /// Calls `body` with group, sample of the group's shuffled line, and row, for every row of a batch that exists.
  func forEachRow(ofOrdinal ordinal: Int, origins: [BatchOrigins], _ body: (Int, Int, Int) -> Void) {
    let (round, rank) = ordinal.quotientAndRemainder(dividingBy: size)
    let (node, rankOfNode) = rank.quotientAndRemainder(dividingBy: ranksPerNode)
    let count = rowCount(ofOrdinal: ordinal)
    switch batching {
    case .random:
      for row in 0..<count { body(0, partitions[0].sample(node: node, rank: rankOfNode, position: round * batchSize + row), row) }
    case .stratified:
      var stream = 0
      for row in 0..<count {
        let place = rank * batchSize + row
        while place >= portionStarts[stream + 1] { stream += 1 }
        let portion = portionStarts[stream + 1] - portionStarts[stream]
        body(stream, partitions[stream].sample(node: 0, position: round * portion + place - portionStarts[stream]), row)
      }
    case .perStream:
      let origin = origins[0][round]
      let partition = partitions[origin.stream]
      for row in 0..<count { body(origin.stream, partition.sample(node: node, rank: rankOfNode, position: origin.batch * batchSize + row), row) }
    case .devicePerStream:
      // The nodes' batches in turn, dealt out to all ranks in turn: as the library does, though a node's batches then go to ranks of others.
      let (number, sourceNode) = ordinal.quotientAndRemainder(dividingBy: nodeCount)
      let origin = origins[sourceNode][number]
      let partition = partitions[origin.stream]
      for row in 0..<count {
        let place = origin.batch * batchSize + row
        let (position, lane) = place.quotientAndRemainder(dividingBy: canonicalNodesPerNode * ranksPerNode)
        let (canonicalNode, laneRank) = lane.quotientAndRemainder(dividingBy: ranksPerNode)
        body(
          origin.stream,
          partition.sample(node: sourceNode * canonicalNodesPerNode + canonicalNode, rank: laneRank, position: position), row)
      }
    }
  }
}

extension MosaicPlan {
  /// The batches of `size` ranks.
  /// - Throws: where mosaicml-streaming makes none of them.
  public func world(_ size: Int) throws(MosaicError) -> MosaicWorld { try MosaicWorld(size: size, plan: self) }
}

/// Which stream each batch is of, where batches are of single streams.
struct BatchOrigins: Sendable {
  /// By batch.
  private let streams: [UInt32]
  /// How many batches of the same stream came before.
  private let batches: [UInt32]

  /// The batches of all streams, shuffled.
  init(counts: [Int], generator: inout NumPyGenerator) {
    var streams: [UInt32] = []
    for (stream, count) in counts.enumerated() { streams += repeatElement(UInt32(stream), count: count) }
    generator.shuffle(&streams)
    var seen = [UInt32](repeating: 0, count: counts.count)
    batches = streams.map { stream in
      defer { seen[Int(stream)] += 1 }
      return seen[Int(stream)]
    }
    self.streams = streams
  }

  subscript(batch: Int) -> (stream: Int, batch: Int) { (Int(streams[batch]), Int(batches[batch])) }
}
