// One filling of a block: batches with memory, and the shards that still have to be scattered into them.

internal import BatchCache
internal import SampleOrder

/// Reached only with the assembler's lock held.
final class BlockPass {
  let folder: FolderKey
  let view: ViewPlan
  let block: Int
  var rows: PassRows
  /// The memory of listing them, and of the list.
  var listCharge: SharedCharge?
  /// Nobody has begun to list its rows.
  var awaitsListing: Bool
  let targets: RowTargets
  /// The entries behind `targets`; nil where a dense batch is not filled, or has failed.
  var entries: [BatchEntry?]
  /// Lines (of `rows`) nobody has taken yet, last one first.
  var remainingLines: [Int]
  var inFlightCount = 0
  /// Somebody waits for it; otherwise it prepares what will be read next.
  var isDemanded: Bool
  /// Its shards are decoded one after another, since memory lacked for more at once.
  let isOneByOne: Bool

  init(
    folder: FolderKey, view: ViewPlan, block: Int, rows: PassRows, listCharge: SharedCharge?, targets: RowTargets, entries: [BatchEntry?], lines: [Int],
    isDemanded: Bool, isOneByOne: Bool
  ) {
    self.folder = folder
    self.view = view
    self.block = block
    self.rows = rows
    self.listCharge = listCharge
    awaitsListing = if case .unlisted = rows { true } else { false }
    self.targets = targets
    self.entries = entries
    remainingLines = lines.reversed()
    self.isDemanded = isDemanded
    self.isOneByOne = isOneByOne
  }

  /// Whether another of its shards may be begun.
  var admitsShard: Bool { !isOneByOne || inFlightCount == 0 }
  var isDone: Bool { remainingLines.isEmpty && inFlightCount == 0 && !awaitsListing }
  var hasLiveTargets: Bool { entries.contains { $0 != nil } }
}
