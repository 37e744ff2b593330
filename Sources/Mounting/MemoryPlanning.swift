// Whether the cap can hold the work.

internal import BatchAssembly
internal import MountConfiguration
internal import Platform
internal import SampleOrder

enum MemoryPlanning {
  /// Refuses a cap that cannot hold one shard being decoded and one batch.
  static func check(_ capByteCount: Int, _ views: [ViewPlan], _ configuration: Configuration) throws(ConfigurationError) {
    let least = BatchAssembler.leastByteCount(views: views)
    if capByteCount < least {
      throw ConfigurationError(
        configuration.memory.place,
        "a memory cap of \(ByteCount.text(capByteCount)) cannot hold one shard while it is decoded and one batch; at least \(ByteCount.text(least)) (\(least) bytes) is needed"
      )
    }
  }

  /// Warns where reading an epoch in order will decode shards more than once.
  static func warnings(_ capByteCount: Int, _ threadCount: Int, _ views: [ViewPlan], _ configuration: Configuration) -> [ConfigurationProblem] {
    let free = capByteCount - BatchAssembler.workingByteCount(views: views, threadCount: threadCount, capByteCount: capByteCount)
    return zip(views, configuration.views).compactMap { view, written in
      guard view.order.algorithm == .window else { return nil }
      let block = min(view.order.blockSampleCount, view.numbering.sampleCount)
      let byteCount = view.blockByteCount
      guard byteCount * (block < view.numbering.sampleCount ? 2 : 1) > free else { return nil }
      let times = max(1, Int((Double(byteCount) / Double(max(1, free))).rounded(.up)))
      let needed = capByteCount - free + 2 * byteCount
      return ConfigurationProblem(
        written.order.block.place,
        "the memory cap of \(ByteCount.text(capByteCount)) does not hold two blocks (\(block) samples each, \(ByteCount.text(byteCount)) as batches): reading an epoch in order will decode each shard about \(times) time\(times == 1 ? "" : "s"), with nothing prepared ahead; give `memory` \(ByteCount.text(needed)) or lower `order.block`"
      )
    }
  }
}
