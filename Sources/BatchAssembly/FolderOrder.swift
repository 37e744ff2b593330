// The order of one epoch as the assembler sees it: positions in blocks, each of which is filled by one pass.

internal import BatchCache
internal import SampleOrder

enum FolderOrder {
  /// `sequential` and `window`: the rows of a block follow from arithmetic.
  case blocks(EpochOrder)
  /// The rows of a block are listed when a pass for it begins.
  case mosaic(MosaicOrder)

  /// Whether rows stand as they are stored, so that those of a batch lie together.
  var isStored: Bool {
    switch self {
    case .blocks(let order): order.algorithm == .sequential
    case .mosaic: false
    }
  }

  /// One more than the last position.
  var positionCount: Int {
    switch self {
    case .blocks(let order): order.sampleCount
    case .mosaic(let order): order.numbering.sampleCount
    }
  }

  var blockCount: Int {
    switch self {
    case .blocks(let order): order.blockCount
    case .mosaic(let order): (order.numbering.batchCount - 1) / order.batchesPerBlock + 1
    }
  }

  func block(containing position: Int) -> Int {
    switch self {
    case .blocks(let order): order.block(containing: position)
    case .mosaic(let order): position / order.blockPositionCount
    }
  }

  func positions(ofBlock block: Int) -> Range<Int> {
    switch self {
    case .blocks(let order): return order.positions(ofBlock: block)
    case .mosaic(let order):
      let first = block * order.blockPositionCount
      return first..<min(first + order.blockPositionCount, order.numbering.sampleCount)
    }
  }
}

/// An epoch of an order of mosaicml-streaming, and how much of it one pass fills: no part of the order, so free to depend on the memory.
final class MosaicOrder: Sendable {
  let epoch: MosaicEpoch
  let numbering: BatchNumbering
  let batchesPerBlock: Int
  /// The tables' memory.
  private let charge: SharedCharge

  init(epoch: MosaicEpoch, numbering: BatchNumbering, batchesPerBlock: Int, charge: SharedCharge) {
    self.epoch = epoch
    self.numbering = numbering
    self.batchesPerBlock = batchesPerBlock
    self.charge = charge
  }

  var blockPositionCount: Int { batchesPerBlock * numbering.batchSize }
}

/// Where the rows of a pass come from.
enum PassRows {
  /// Of shards on the epoch's line; a line number is a shard's ordinal there.
  case places(EpochOrder, BlockOrder)
  /// Not known yet.
  case unlisted(MosaicOrder)
  /// A line number is a shard's ordinal in the list.
  case listed(MosaicOrder, BlockRows)

  func shard(atLine line: Int) -> Int {
    switch self {
    case .places(let order, _): order.shard(atLine: line)
    case .listed(_, let rows): rows.shards[line]
    case .unlisted: preconditionFailure("a pass without rows has no shards")
    }
  }
}
