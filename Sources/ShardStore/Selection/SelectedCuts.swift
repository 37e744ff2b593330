// The shards or pieces of a source that hold selected rows.

internal import SampleOrder

/// What is left of a table of shards when only selected rows count: those that have any, in their order.
struct SelectedCuts: Sendable {
  /// Selected rows of each.
  let table: ShardTable
  /// Their ordinals in the table of all.
  let ordinals: [Int]
  private let all: ShardTable

  init(_ all: ShardTable, _ selection: RowSelection) {
    var counts: [Int] = []
    var ordinals: [Int] = []
    var begin = 0
    while begin < selection.count {
      let ordinal = all.location(ofSample: selection.select(begin)).shard
      let end = selection.rank(all.start(of: ordinal + 1))
      counts.append(end - begin)
      ordinals.append(ordinal)
      begin = end
    }
    guard let table = try? ShardTable(counts) else { preconditionFailure("counts of selected rows are counts of rows") }
    self.table = table
    self.ordinals = ordinals
    self.all = all
  }

  /// The source's rows that the shard or piece holds, selected or not.
  func rows(of ordinal: Int) -> Range<Int> { all.start(of: ordinals[ordinal])..<all.start(of: ordinals[ordinal] + 1) }
}
