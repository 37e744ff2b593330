// Filters and groups of a configuration made real: which rows of a source they keep, found out at the mount.

internal import BatchAssembly
internal import BatchCache
internal import MountConfiguration
internal import Platform
internal import RowFilter
internal import SampleOrder
internal import ShardStore

/// A source with the rows that its filter keeps.
struct OpenedSource {
  /// All rows.
  let root: any StoredSource
  /// Nil where all rows are kept.
  let selection: RowSelection?

  /// What views see.
  let kept: any StoredSource
  /// Whether that is every row, for certain.
  var isWhole: Bool { selection.map { $0.count == $0.rowCount } ?? true }

  init(root: any StoredSource, selection: RowSelection?) {
    self.root = root
    self.selection = selection
    kept = selection.map { SelectedSource(root, $0) } ?? root
  }
}

/// Selects rows under the mount's cap, and counts the memory that selections keep for as long as the mount lives.
final class Selecting {
  private let capByteCount: Int
  private let threadCount: Int
  private let progress: @Sendable (WorkProgress) -> Void
  private(set) var keptByteCount = 0
  /// What works but is probably not meant.
  private(set) var warnings: [ConfigurationProblem] = []

  /// - Parameter progress: told how far what takes long is.
  init(capByteCount: Int, threadCount: Int, progress: @escaping @Sendable (WorkProgress) -> Void) {
    self.capByteCount = capByteCount
    self.threadCount = threadCount
    self.progress = progress
  }

  func warn(_ problem: ConfigurationProblem) { warnings.append(problem) }

  /// The rows for which `filter` holds; those of `source` where there is no filter.
  func filter(_ source: OpenedSource, _ filter: Located<String>?, of what: String) throws(ConfigurationError) -> OpenedSource {
    try self.filter([source], filter, of: what)[0]
  }

  /// The same of each of the sources of a list, whose columns of one name may be of different types.
  func filter(_ sources: [OpenedSource], _ filter: Located<String>?, of what: String) throws(ConfigurationError) -> [OpenedSource] {
    guard let filter else { return sources }
    // All are looked at before any is read.
    var bound: [RowFilter] = []
    for source in sources { bound.append(try bind(filter, source.root, isOneOfSeveral: sources.count > 1)) }
    var filtered: [OpenedSource] = []
    for (index, source) in sources.enumerated() {
      // A source that is there twice is read once.
      if let same = sources[..<index].firstIndex(where: { $0.root.name == source.root.name }) {
        filtered.append(filtered[same])
        continue
      }
      let selection: RowSelection
      do throws(SelectionError) {
        selection = try RowSelection.rows(
          of: source.root, rowCount: source.root.shards.sampleCount, where: bound[index], within: source.selection, work: work("\(what): filtering"))
      } catch {
        throw filter.failure("the rows cannot be filtered: \(error)")
      }
      keep(selection)
      if selection.count == 0 { warn(ConfigurationProblem(filter.place, "no row of source \(source.root.name) passes: there is nothing to read")) }
      filtered.append(OpenedSource(root: source.root, selection: selection))
    }
    return filtered
  }

  /// - Parameter isOneOfSeveral: whether a message has to name the source.
  private func bind(_ filter: Located<String>, _ source: any StoredSource, isOneOfSeveral: Bool) throws(ConfigurationError) -> RowFilter {
    let subject = isOneOfSeveral ? "source \(source.name): " : ""
    do throws(FilterError) {
      return try RowFilter(FilterExpression(parsing: filter.value)) { source.filterColumn(named: $0) }
    } catch {
      switch error.problem {
      case .unknownColumn(let name):
        throw filter.failure(
          "\(subject)at character \(error.position): "
            + unknownNameMessage("there is no column \"\(name)\"", found: name, allowed: source.storedColumns.map(\.name)))
      case .other: throw filter.failure("\(subject)\(error)")
      }
    }
  }

  /// A selection stays in memory, and with it the source that is made of it.
  func keep(_ selection: RowSelection) { keptByteCount += selection.byteCount + Self.overheadByteCount }
  private static let overheadByteCount = 1024

  /// What batches of selected rows keep: tables of their shards, and of the pieces of the columns whose values they show. Those of arrays are made when a column is read.
  func keepTables(of leaf: LeafPlan) {
    guard case .batches(let plan) = leaf else { return }
    keptByteCount += plan.source.shards.shardCount * Self.entryByteCount
    guard let values = plan.values else { return }
    for column in values.columns { keptByteCount += values.source.pieces(ofColumn: column).shardCount * Self.entryByteCount }
  }
  /// Of a shard or piece, its first row and its number among all.
  private static let entryByteCount = 16

  /// What is left of the cap, for one filter or grouping.
  func work(_ what: String) -> SelectionWork {
    let progress = progress
    let reported = Lock(())
    return SelectionWork(budget: MemoryBudget(capByteCount: capByteCount, reservedByteCount: min(keptByteCount, capByteCount)), threadCount: threadCount) {
      done, all in
      reported.withLock { _ in progress(WorkProgress(label: what, unit: "row", done: done, total: all)) }
    }
  }
}
