// One filling of a block: batches with memory, and the shards that still have to be scattered into them.

internal import SampleOrder

/// Reached only with the assembler's lock held.
final class BlockPass {
  let folder: FolderKey
  let view: ViewPlan
  let order: EpochOrder
  let block: Int
  let blockOrder: BlockOrder
  let targets: RowTargets
  /// The entries behind `targets`; nil where a dense batch is not filled, or has failed.
  var entries: [BatchEntry?]
  /// Line shards nobody has taken yet, last one first.
  var remainingLines: [Int]
  var inFlightCount = 0
  /// Somebody waits for it; otherwise it prepares what will be read next.
  var isDemanded: Bool

  init(
    folder: FolderKey, view: ViewPlan, order: EpochOrder, block: Int, blockOrder: BlockOrder, targets: RowTargets, entries: [BatchEntry?], lines: [Int],
    isDemanded: Bool
  ) {
    self.folder = folder
    self.view = view
    self.order = order
    self.block = block
    self.blockOrder = blockOrder
    self.targets = targets
    self.entries = entries
    remainingLines = lines.reversed()
    self.isDemanded = isDemanded
  }

  var isDone: Bool { remainingLines.isEmpty && inFlightCount == 0 }
  var hasLiveTargets: Bool { entries.contains { $0 != nil } }
}
