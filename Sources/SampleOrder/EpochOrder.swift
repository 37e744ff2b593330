// The order of one epoch: which sample stands at which position. Specified in docs/ORDER.md.

/// The samples of one epoch as positions `0..<sampleCount`, which batches count in.
///
/// The shards stand on a *line* in the epoch's order of shards, and their samples are its *places* `0..<sampleCount`. The line is cut into *blocks*, and the
/// positions of a block are its places, permuted. Reading an epoch in order touches one block's shards after another's.
///
/// A value that is cheap to copy; its memory is the line's, `tableByteCount`.
public struct EpochOrder: Sendable {
  public let algorithm: OrderAlgorithm
  /// The places of a block of `window`; the last block may have fewer. Blocks of `sequential` are the shards.
  public let blockSampleCount: Int
  public let sampleCount: Int
  /// For `window` no block is empty. For `sequential` the blocks are the shards, and those without samples are empty.
  public let blockCount: Int

  private let line: ShardLine
  /// The key of the blocks before the block's number is absorbed.
  private let blockKey: OrderKey

  /// - Complexity: O(shards) for `window`.
  /// - Precondition: `epoch` is not negative, `blockSampleCount` at least 1.
  public init(algorithm: OrderAlgorithm, table: ShardTable, seed: UInt64, epoch: Int, blockSampleCount: Int) {
    precondition(epoch >= 0, "epoch \(epoch)")
    precondition(blockSampleCount >= 1, "a block of \(blockSampleCount) samples")
    self.algorithm = algorithm
    self.blockSampleCount = blockSampleCount
    sampleCount = table.sampleCount
    blockKey = .beforeOrdinal(seed: seed, epoch: epoch, purpose: .block)
    switch algorithm {
    case .sequential:
      line = ShardLine(stored: table)
      blockCount = table.shardCount
    case .window:
      line = ShardLine(permuting: table, key: OrderKey(seed: seed, epoch: epoch, purpose: .shards, ordinal: 0))
      blockCount = table.sampleCount == 0 ? 0 : (table.sampleCount - 1) / blockSampleCount + 1
    }
  }

  /// What an order of so many shards allocates beyond the table it is made from.
  public static func tableByteCount(algorithm: OrderAlgorithm, shardCount: Int) -> Int {
    switch algorithm {
    case .sequential: 0
    case .window: ShardTable.byteCount(shardCount: shardCount)
    }
  }

  public var table: ShardTable { line.table }
  public var shardCount: Int { line.starts.count - 1 }

  // MARK: - Blocks

  /// The block of a position in `0..<sampleCount`. Blocks hold the same range of positions as of places.
  public func block(containing position: Int) -> Int {
    precondition(position >= 0 && position < sampleCount, "position \(position) of \(sampleCount)")
    switch algorithm {
    case .sequential: return indexOfRange(containing: position, starts: line.starts)
    case .window: return position / blockSampleCount
    }
  }

  /// The positions of the block `block`, in `0..<blockCount`; they are also its places.
  public func positions(ofBlock block: Int) -> Range<Int> {
    precondition(block >= 0 && block < blockCount, "block \(block) of \(blockCount)")
    switch algorithm {
    case .sequential: return places(ofLineShard: block)
    case .window:
      let start = block * blockSampleCount
      return start..<(start + min(blockSampleCount, sampleCount - start))
    }
  }

  /// The permutation of the block `block`, in `0..<blockCount`.
  public func blockOrder(_ block: Int) -> BlockOrder {
    let positions = positions(ofBlock: block)
    guard algorithm == .window, !positions.isEmpty else { return BlockOrder(stored: positions) }
    return BlockOrder(positions: positions, key: blockKey.absorbing(UInt64(block)))
  }

  // MARK: - The line

  /// The shards on the line that have places in the block `block`, as ordinals on the line; those without samples may lie between.
  public func lineShards(ofBlock block: Int) -> Range<Int> {
    let places = positions(ofBlock: block)
    guard let first = places.first, let last = places.last else { return 0..<0 }
    let firstShard = indexOfRange(containing: first, starts: line.starts)
    if algorithm == .sequential { return firstShard..<(firstShard + 1) }
    return firstShard..<(indexOfRange(containing: last, starts: line.starts) + 1)
  }

  /// The stored ordinal of the shard that is the `ordinal`th on the line, in `0..<shardCount`.
  public func shard(atLine ordinal: Int) -> Int {
    precondition(ordinal >= 0 && ordinal < shardCount, "shard \(ordinal) of \(shardCount) on the line")
    return line.shard(at: ordinal)
  }

  /// The places of the `ordinal`th shard on the line, in `0..<shardCount`: its rows, in stored order.
  public func places(ofLineShard ordinal: Int) -> Range<Int> { line.starts[ordinal]..<line.starts[ordinal + 1] }

  /// The shard on the line that holds a place in `0..<sampleCount`, as its ordinal on the line.
  ///
  /// - Complexity: O(log shards).
  public func lineShard(containingPlace place: Int) -> Int {
    precondition(place >= 0 && place < sampleCount, "place \(place) of \(sampleCount)")
    return indexOfRange(containing: place, starts: line.starts)
  }

  // MARK: - Samples

  /// The sample at a position in `0..<sampleCount`.
  ///
  /// For whole blocks take `blockOrder` and the line's shards instead: they need no search.
  /// - Complexity: O(log shards).
  public func sample(at position: Int) -> SampleLocation {
    let place = blockOrder(block(containing: position)).place(ofPosition: position)
    let ordinal = indexOfRange(containing: place, starts: line.starts)
    return SampleLocation(shard: line.shard(at: ordinal), row: place - line.starts[ordinal])
  }
}
