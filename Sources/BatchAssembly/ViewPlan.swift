// What a view is: a source, the tensors of a row, the size of a batch and the order of an epoch. Immutable after the mount.

public import SampleOrder
public import ShardStore

public final class ViewPlan: Sendable {
  /// Its place in the configuration, 0-based.
  public let ordinal: Int
  public let name: String
  public let source: any ShardSource
  /// The columns of the source that its tensors need.
  public let sourceColumns: [Int]
  public let tensors: [TensorPlan]
  /// The files of every batch, at least one.
  public let files: [BatchFile]
  /// Ragged tensors and rows as JSON, where it shows any.
  public let values: ValuePlan?
  /// Where the rows of the tensors go.
  let sinks: [RowSink]
  public let numbering: BatchNumbering
  public let order: OrderPlan
  /// How many epochs are listed; nil for a view without the epoch level.
  public let listedEpochCount: Int?
  /// The world size whose ranks are listed.
  public let listedRankCount: Int?
  /// What differs with the number of ranks; nil where nothing does.
  public let worlds: MosaicWorlds?
  /// The files of a batch of `batchSize` rows.
  private let fullLayout: BatchLayout

  public init(
    ordinal: Int, name: String, source: any ShardSource, sourceColumns: [Int], tensors: [TensorPlan], numbering: BatchNumbering, order: OrderPlan,
    listedEpochCount: Int?, listedRankCount: Int?, files: [BatchFile]? = nil, values: ValuePlan? = nil
  ) {
    self.ordinal = ordinal
    self.name = name
    self.source = source
    self.sourceColumns = sourceColumns
    self.tensors = tensors
    self.numbering = numbering
    self.order = order
    self.listedEpochCount = listedEpochCount
    self.listedRankCount = listedRankCount
    let files = files ?? BatchFile.files(tensors: tensors.map(\.name))
    self.files = files
    self.values = values
    sinks = files.enumerated().flatMap { place, file -> [RowSink] in
      switch file.content {
      case .tensor(let tensor): [RowSink(tensor: tensor, file: place)]
      case .archive: tensors.indices.map { RowSink(tensor: $0, file: place) }
      case .offsets, .elements, .lines: []
      }
    }
    fullLayout = BatchLayout(tensors, files, sinks, values, rowCount: numbering.batchSize)
    worlds = order.mosaic.map(MosaicWorlds.init)
  }

  /// The order of an epoch that is cut into blocks, so of every view whose order is `sequential` or `window`.
  public func epochOrder(_ epoch: Int) -> EpochOrder {
    EpochOrder(algorithm: order.algorithm ?? .sequential, table: source.shards, seed: order.seed, epoch: epoch, blockSampleCount: order.blockSampleCount)
  }

  /// The rows of a batch: ranges of positions, in the order of its rows.
  public func runs(of key: BatchKey) -> [Range<Int>] {
    guard worlds != nil else { return Array(numbering.runs(inGlobalBatch: key.ordinal, wrapping: key.isWrapped)) }
    let first = key.ordinal * numbering.batchSize
    return [first..<first + rowCount(of: key)]
  }

  /// The files of a batch of `rowCount` rows.
  func layout(rowCount: Int) -> BatchLayout {
    rowCount == numbering.batchSize ? fullLayout : BatchLayout(tensors, files, sinks, values, rowCount: rowCount)
  }

  /// The exact size of a file of a batch of `rowCount` rows; nil where only its values tell.
  public func byteCount(ofFile file: Int, rowCount: Int) -> Int? { layout(rowCount: rowCount).files[file]?.byteCount }

  /// What a full batch is expected to take.
  var fullChargedByteCount: Int { fullLayout.chargedByteCount(inMemoryFile: true) }

  /// What one decoding thread needs for any shard.
  var decodeDemand: DecodeDemand {
    var demand = sinks.isEmpty ? DecodeDemand(inputByteCount: 0, outputByteCount: 0) : source.largestDemand(columns: sourceColumns)
    if let values { demand = demand.union(values.demand) }
    return demand
  }

  /// 0 for keys that no file of the view has.
  public func rowCount(of key: BatchKey) -> Int {
    guard let worlds else { return numbering.runs(inGlobalBatch: key.ordinal, wrapping: key.isWrapped).rowCount }
    return worlds[key.folder.worldSize]?.rowCount(ofOrdinal: key.ordinal) ?? 0
  }

  /// The batches of an epoch that is read by one.
  public var batchCount: Int { worlds.map { $0[1]?.ordinalCount ?? 0 } ?? numbering.batchCount }

  /// The batches that one of `worldSize` ranks reads in an epoch.
  public func batchCount(ofRank rank: Int, worldSize: Int) -> Int {
    guard let worlds else { return numbering.rankBatchCount(worldSize: worldSize) }
    return worlds[worldSize]?.batchCount(ofRank: rank) ?? 0
  }

  /// How positions are cut into batches where the world has `worldSize` ranks. Positions of a mosaic order are its batches end to end, each with room
  /// for `batchSize` rows: those that a short one has not are nobody's.
  func numbering(worldSize: Int) -> BatchNumbering {
    guard let worlds else { return numbering }
    let count = worlds[worldSize]?.ordinalCount ?? 0
    return BatchNumbering(sampleCount: count * numbering.batchSize, batchSize: numbering.batchSize, dropLast: false)
  }
}

/// The order's part of a view's configuration.
public struct OrderPlan: Sendable, Equatable {
  /// Nil for the orders of mosaicml-streaming.
  public let algorithm: OrderAlgorithm?
  public let mosaic: MosaicPlan?
  public let seed: UInt64
  /// Samples a block of the `window` order, or the shuffle block of a mosaic order.
  public let blockSampleCount: Int

  public init(algorithm: OrderAlgorithm, seed: UInt64, blockSampleCount: Int) {
    self.algorithm = algorithm
    mosaic = nil
    self.seed = seed
    self.blockSampleCount = blockSampleCount
  }

  public init(mosaic: MosaicPlan) {
    algorithm = nil
    self.mosaic = mosaic
    seed = mosaic.settings.seed
    blockSampleCount = mosaic.settings.blockSampleCount
  }

  /// The samples that are mixed with each other, and so come from the same shards.
  public var mixedSampleCount: Int { mosaic?.naturalBlockSampleCount ?? blockSampleCount }

  /// Whether `blockSampleCount` decides about `mixedSampleCount`.
  public var isBlockAdjustable: Bool {
    switch mosaic?.settings.algorithm {
    case .naive, .py1s, .py2s: false
    case .py1br, .py1e, nil: algorithm != .sequential
    }
  }

  /// The algorithm's name in the configuration.
  public var name: String { algorithm?.rawValue ?? mosaic?.settings.algorithm.rawValue ?? "" }
}

extension ViewPlan {
  /// What the batches of one block are charged with.
  public var blockByteCount: Int {
    let rows = min(order.mixedSampleCount, numbering.sampleCount)
    let batch = chargedByteCount(rowCount: min(numbering.batchSize, max(1, rows)), inMemoryFile: true)
    let (byteCount, overflow) = batch.multipliedReportingOverflow(by: (rows - 1) / numbering.batchSize + 1)
    return overflow ? .max / 4 : byteCount
  }

  /// What a batch of `rowCount` rows is charged with, all its files together.
  func chargedByteCount(rowCount: Int, inMemoryFile: Bool) -> Int {
    layout(rowCount: rowCount).chargedByteCount(inMemoryFile: inMemoryFile)
  }
}
