// Filters and groups of a configuration made real: which rows of a source they keep, found out at the mount.

internal import BatchCache
internal import MountConfiguration
internal import Platform
internal import RowFilter
internal import SampleOrder
internal import ShardStore

/// A source with the rows that its filter keeps.
struct OpenedSource {
  /// All rows.
  let root: any ShardSource & ColumnSource
  /// Nil where all rows are kept.
  let selection: RowSelection?

  /// What views see.
  let kept: any ShardSource & ColumnSource

  init(root: any ShardSource & ColumnSource, selection: RowSelection?) {
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
    guard let filter else { return source }
    let bound = try bind(filter, source.root)
    let rowCount = source.root.shards.sampleCount
    let selection: RowSelection
    do throws(SelectionError) {
      selection = try RowSelection.rows(of: source.root, rowCount: rowCount, where: bound, within: source.selection, work: work("\(what): filtering"))
    } catch {
      throw filter.failure("the rows cannot be filtered: \(error)")
    }
    keep(selection)
    if selection.count == 0 { warn(ConfigurationProblem(filter.place, "no row of source \(source.root.name) passes: there is nothing to read")) }
    return OpenedSource(root: source.root, selection: selection)
  }

  /// The rows of each combination of values of some columns.
  func groups(_ source: OpenedSource, by names: [Located<String>], of what: String) throws(ConfigurationError) -> [RowGroup] {
    var columns: [Int] = []
    for name in names {
      guard let column = source.root.filterColumn(named: name.value) else { throw name.unknown("column", allowed: source.root.storedColumns.map(\.name)) }
      if columns.contains(column.ordinal) { throw name.failure("the column \(name.value) is there twice") }
      switch column.values {
      case .unreadable(let reason): throw name.failure("column \(name.value) cannot be read: \(reason)")
      case let values where !RowGroup.isPossible(values):
        throw name.failure(
          "column \(name.value) is stored as \(source.root.storedColumns[column.ordinal].encodingName); rows are grouped by columns of text, integers or booleans"
        )
      default: columns.append(column.ordinal)
      }
    }
    let groups: [RowGroup]
    do throws(SelectionError) {
      groups = try RowGroup.groups(
        of: source.root, rowCount: source.root.shards.sampleCount, by: columns, within: source.selection, work: work("\(what): grouping"))
    } catch {
      throw names[0].failure("the rows cannot be grouped: \(error)")
    }
    for group in groups { keep(group.selection) }
    return groups
  }

  private func bind(_ filter: Located<String>, _ source: any ColumnSource) throws(ConfigurationError) -> RowFilter {
    do throws(FilterError) {
      return try RowFilter(FilterExpression(parsing: filter.value)) { source.filterColumn(named: $0) }
    } catch {
      switch error.problem {
      case .unknownColumn(let name):
        throw filter.failure(
          "at character \(error.position): "
            + unknownNameMessage("there is no column \"\(name)\"", found: name, allowed: source.storedColumns.map(\.name)))
      case .other: throw filter.failure("\(error)")
      }
    }
  }

  /// A selection stays in memory, and with it the tables of its shards and pieces.
  private func keep(_ selection: RowSelection) { keptByteCount += selection.byteCount + Self.overheadByteCount }
  private static let overheadByteCount = 1024

  /// What is left of the cap, for one filter or grouping.
  private func work(_ what: String) -> SelectionWork {
    let progress = progress
    let reported = Lock(())
    return SelectionWork(budget: MemoryBudget(capByteCount: capByteCount, reservedByteCount: min(keptByteCount, capByteCount)), threadCount: threadCount) {
      done, all in
      reported.withLock { _ in progress(WorkProgress(label: what, unit: "rows", done: done, total: all)) }
    }
  }
}
