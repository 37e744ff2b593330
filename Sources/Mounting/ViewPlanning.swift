// A view's configuration made real.

internal import BatchAssembly
internal import MountConfiguration
internal import SampleOrder
internal import ShardStore
internal import TensorPrograms

enum ViewPlanning {
  static func plan(_ view: ViewConfiguration, ordinal: Int, source: any ShardSource) throws(ConfigurationError) -> ViewPlan {
    var planner = TensorPlanning(source: source)
    var tensors: [TensorPlan] = []
    if view.tensors.isEmpty {
      tensors = try planner.everyFixedColumn(place: view.name)
    } else {
      for tensor in view.tensors { tensors.append(try planner.plan(tensor)) }
    }
    let source = source.projected(to: planner.columns)
    let numbering = BatchNumbering(sampleCount: source.shards.sampleCount, batchSize: view.batchSize.value, dropLast: view.dropLast)
    try checkSizes(view, tensors, numbering)
    let order = try view.order.algorithm.value.isMosaic ? OrderPlan(mosaic: MosaicPlanning.plan(view, source)) : order(view.order, source)
    return ViewPlan(
      ordinal: ordinal, name: view.name.value, source: source, sourceColumns: planner.columns, tensors: tensors,
      numbering: order.mosaic.map { BatchNumbering(sampleCount: $0.sampleCount, batchSize: view.batchSize.value, dropLast: view.dropLast) } ?? numbering,
      order: order, listedEpochCount: view.epochs?.value, listedRankCount: view.ranks?.value)
  }

  private static func order(_ order: OrderConfiguration, _ source: any ShardSource) throws(ConfigurationError) -> OrderPlan {
    guard let algorithm = OrderAlgorithm(rawValue: order.algorithm.value.rawValue) else {
      throw order.algorithm.failure(
        "the order \(order.algorithm.value.rawValue) is not supported by this version; allowed: \(OrderAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    let block =
      switch order.block.value {
      case .samples(let count): count
      case .bytes(let count): blockSampleCount(fromBytes: count, allSamples: source.shards.sampleCount, allRawBytes: source.rawByteCount)
      }
    return OrderPlan(algorithm: algorithm, seed: order.seed, blockSampleCount: block)
  }

  /// No file may have more bytes than can be counted.
  private static func checkSizes(_ view: ViewConfiguration, _ tensors: [TensorPlan], _ numbering: BatchNumbering) throws(ConfigurationError) {
    for tensor in tensors {
      let (byteCount, overflow) = tensor.rowByteCount.multipliedReportingOverflow(by: numbering.batchSize)
      if overflow || byteCount > Self.largestFileByteCount {
        throw view.batchSize.failure(
          "a batch of \(numbering.batchSize) rows of tensor \(tensor.name) (\(tensor.rowByteCount) bytes each) has more than \(Self.largestFileByteCount) bytes; lower batch_size"
        )
      }
    }
  }

  /// 1 TiB: no cap holds more.
  private static let largestFileByteCount = 1 << 40
}
