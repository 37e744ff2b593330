// A pass that is still given its batches.

internal import BatchCache

/// The batches that a pass will fill, gathered a few at a time. Reached only with the assembler's lock held.
final class PassDraft {
  let folder: FolderKey
  let order: FolderOrder
  let block: Int
  /// The batches that may be among them.
  let window: Range<Int>
  /// Entry k is batch `window.lowerBound + k`.
  var dense: [BatchEntry?]
  var wrapped: [BatchEntry] = []
  /// It has all its batches.
  var isComplete = false
  /// Somebody waits for it.
  var isDemanded: Bool
  /// The memory of listing the pass's rows, where they must be.
  var listCharge: SharedCharge?
  private let first: Int
  private var lookedAtCount = 0

  /// - Parameter first: where to begin; what comes before it is looked at last.
  init(folder: FolderKey, order: FolderOrder, block: Int, window: Range<Int>, first: Int, isDemanded: Bool) {
    self.folder = folder
    self.order = order
    self.block = block
    self.window = window
    self.first = min(first, window.upperBound)
    self.isDemanded = isDemanded
    dense = Array(repeating: nil, count: window.count)
  }

  /// The next batch to look at, each of the window once.
  func nextOrdinal() -> Int? {
    guard lookedAtCount < window.count else { return nil }
    defer { lookedAtCount += 1 }
    let ordinal = first + lookedAtCount
    return ordinal < window.upperBound ? ordinal : window.lowerBound + ordinal - window.upperBound
  }
}
