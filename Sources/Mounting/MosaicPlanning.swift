// An order of mosaicml-streaming made real: its settings and streams checked, and the worlds that are listed.

internal import MountConfiguration
internal import SampleOrder
internal import ShardStore

enum MosaicPlanning {
  /// - Throws: what mosaicml-streaming refuses too, at the key that is to blame.
  static func plan(_ view: ViewConfiguration, _ source: any ShardSource) throws(ConfigurationError) -> MosaicPlan {
    let order = view.order
    guard let algorithm = MosaicAlgorithm(rawValue: order.algorithm.value.rawValue), let batching = MosaicBatching(rawValue: order.batching.value.rawValue),
      let sampling = MosaicSampling(rawValue: order.sampling.rawValue), case .samples(let block) = order.block.value
    else { throw order.algorithm.failure("\(order.algorithm.value.rawValue) is no order of mosaicml-streaming") }
    var settings = MosaicSettings(
      algorithm: algorithm, seed: order.seed, blockSampleCount: block, canonicalNodeCount: order.canonicalNodes.value, batchSize: view.batchSize.value)
    settings.nodeCount = order.nodes.value
    settings.batching = batching
    settings.sampling = sampling
    settings.granularity = order.granularity
    settings.epochSampleCount = order.epochSize?.value
    settings.dropLast = view.dropLast
    let ranges = (source as? ConcatenatedSource)?.shardRanges ?? [0..<source.shards.shardCount]
    let streams = zip(ranges, view.sources).map { range, part in (shards: range, weight: part.weight.map { StreamWeight($0.value) }) }
    do throws(MosaicError) {
      let plan = try MosaicPlan(settings, table: source.shards, streams: streams)
      // Whoever is told of ranks must find their batches; else the epoch's own must be there.
      _ = try plan.world(view.ranks?.value ?? 1)
      return plan
    } catch {
      throw failure(error, view)
    }
  }

  private static func failure(_ error: MosaicError, _ view: ViewConfiguration) -> ConfigurationError {
    let order = view.order
    let place =
      switch error.subject {
      case .block: order.block.place
      case .canonicalNodes: order.canonicalNodes.place
      case .nodes: order.nodes.place
      case .epochSize: order.epochSize?.place ?? order.algorithm.place
      case .batching: order.batching.place
      case .algorithm: order.algorithm.place
      case .stream(let index): view.sources[index].name.place
      }
    if case .stream(let index) = error.subject { return ConfigurationError(place, "source \(view.sources[index].name.value): \(error)") }
    return ConfigurationError(place, "\(error)")
  }
}

extension StreamWeight {
  init(_ weight: MixingWeight) {
    switch weight {
    case .proportion(let share): self = .proportion(share)
    case .repeat(let times): self = .repeat(times)
    case .choose(let count): self = .choose(count)
    }
  }
}
