// Whether the cap can hold the work.

internal import BatchAssembly
internal import FileTree
internal import MountConfiguration
internal import Platform
internal import SampleOrder

enum MemoryPlanning {
  /// Refuses a cap that cannot hold one shard being decoded and one batch.
  /// - Parameter selectionByteCount: what selections of rows keep.
  static func check(
    _ capByteCount: Int, _ selectionByteCount: Int, _ work: AssemblyWork, _ configuration: Configuration
  ) throws(ConfigurationError) {
    let least = work.leastByteCount + selectionByteCount
    if capByteCount < least {
      let selections = selectionByteCount > 0 ? " beside \(ByteCount.text(selectionByteCount)) for the rows that filters and groups select" : ""
      throw ConfigurationError(
        configuration.memory.place,
        "a memory cap of \(ByteCount.text(capByteCount)) cannot hold one shard while it is decoded and one batch or piece of a column\(tables(work))\(selections); at least \(size(least)) (\(least) bytes) is needed"
      )
    }
  }

  /// What of the least is an order's.
  private static func tables(_ work: AssemblyWork) -> String {
    let byteCount = work.orderByteCount
    guard byteCount > 0 else { return "" }
    return ", with \(ByteCount.text(byteCount)) for the tables of mosaicml-streaming's orders: naive takes 8 bytes a sample"
  }

  /// Warns where reading an epoch in order will decode shards more than once.
  static func warnings(
    _ capByteCount: Int, _ threadCount: Int, _ work: AssemblyWork, _ folders: [ViewFolder], _ configuration: Configuration
  ) -> [ConfigurationProblem] {
    let free = capByteCount - work.workingByteCount(threadCount: threadCount, capByteCount: capByteCount)
    return zip(folders, configuration.views).compactMap { folder, written in
      // Of groups the one with the largest blocks tells.
      let plans = folder.leaves.compactMap { if case .batches(let plan) = $0 { plan } else { nil } }
      guard let view = plans.max(by: { $0.blockByteCount < $1.blockByteCount }), view.order.algorithm == .window || view.order.mosaic != nil else {
        return nil
      }
      let block = min(view.order.mixedSampleCount, view.numbering.sampleCount)
      let byteCount = view.blockByteCount
      guard byteCount * (block < view.numbering.sampleCount ? 2 : 1) > free else { return nil }
      let times = max(1, Int((Double(byteCount) / Double(max(1, free))).rounded(.up)))
      // More memory may mean more workers, which keep some of it for themselves.
      var needed = capByteCount
      for _ in 0...threadCount {
        needed = max(needed, 2 * byteCount + work.workingByteCount(threadCount: threadCount, capByteCount: needed))
      }
      return ConfigurationProblem(
        written.order.block.place,
        "the memory cap of \(ByteCount.text(capByteCount)) does not hold two blocks (\(ItemCount.text(block, "sample")) each, \(ByteCount.text(byteCount)) as batches): reading an epoch in order will decode each shard about \(ItemCount.text(times, "time")), with nothing prepared ahead; give `memory` \(size(needed))\(view.order.isBlockAdjustable ? " or lower `order.block`" : "")"
      )
    }
  }

  /// Warns where the kernel would end the daemon before its cap is full: the limit of a service (MemoryMax) or a container.
  /// - Parameter groupByteCount: the limit of the control group; nil for none.
  static func groupWarnings(_ capByteCount: Int, groupByteCount: Int?, _ configuration: Configuration) -> [ConfigurationProblem] {
    guard let limit = groupByteCount, capByteCount > limit - programByteCount else { return [] }
    return [
      ConfigurationProblem(
        configuration.memory.place,
        "a memory cap of \(ByteCount.text(capByteCount)), with up to \(ByteCount.text(programByteCount)) for the program itself, does not fit the \(ByteCount.text(limit)) that this service or container may use: the kernel may kill the daemon; lower `memory`, or raise the limit (of a service: MemoryMax, with `systemctl edit`)"
      )
    ]
  }

  /// What the program takes beside the cap, at most.
  private static let programByteCount = 128 << 20

  /// A size that is enough for `byteCount` bytes, as a configuration may have it: rounded up.
  private static func size(_ byteCount: Int) -> String {
    let step = byteCount < 16 << 20 ? 1 << 10 : 1 << 20
    return ByteSize.text((byteCount / step + (byteCount % step == 0 ? 0 : 1)) * step)
  }
}
