// The rows of each value that some columns have: what `group_by` makes folders of.

internal import BatchCache
internal import NumPyFormat
internal import Platform
public import RowFilter
internal import SampleOrder

/// The rows that have certain values in the columns of a `group_by`.
public struct RowGroup: Sendable {
  /// Of each column, its text as it is or its integer in decimal; nil for null.
  public let values: [[UInt8]?]
  public let selection: RowSelection

  /// The most groups that a view may have.
  public static let limit = 1_000_000

  /// Whether a column can be grouped by: text, and integers.
  public static func isPossible(_ values: FilterColumn.Values) -> Bool {
    switch values {
    case .text, .pathText: true
    case .fixed(let type): type.isInteger || type == .bool
    case .opaque, .unreadable: false
    }
  }

  /// Every group of a source's rows, in the order of their first rows. Path columns are not read.
  ///
  /// - Parameter within: only these rows are looked at; nil for all.
  /// - Precondition: `isPossible` for each column.
  public static func groups(
    of source: any ColumnSource, rowCount: Int, by columns: [Int], within: RowSelection?, work: SelectionWork
  ) throws(SelectionError) -> [RowGroup] {
    let demand = columns.reduce(DecodeDemand(inputByteCount: 0, outputByteCount: 0)) { $0.union(source.pieceDemand(ofColumn: $1)) }
    guard let workspace = DecodeWorkspace(demand: demand, budget: work.budget) else {
      throw .noMemory(
        "grouping takes \(ByteCount.text(demand.chargedByteCount)) for decoding, which the memory cap of \(ByteCount.text(work.budget.capByteCount)) has no room for; raise `memory`"
      )
    }
    let scan = ColumnScan(source, columns: columns, workspace: workspace, budget: work.budget)
    var collector = GroupCollector(columns.map { source.filterValues($0) }, rowCount: rowCount, budget: work.budget)
    let progress = SelectionProgress(work, allCount: rowCount)
    var row = 0
    while row < rowCount {
      let step = scan.step(from: row, before: rowCount)
      row = step.upperBound
      defer { progress.add(step.count) }
      if let within, within.rank(step.upperBound) == within.rank(step.lowerBound) { continue }
      var values: [GroupCollector.Column] = []
      for (index, statistics) in scan.statistics(at: step.lowerBound).enumerated() {
        if let statistics, statistics.nullCount == statistics.rowCount {
          values.append(.constant(nil))
        } else if let text = statistics?.constantText {
          values.append(.constant(text))
        } else {
          values.append(.values(try scan.values(index, at: step.lowerBound)))
        }
      }
      if let within {
        try within.forEachRun(in: step) { (run) throws(SelectionError) in try collector.add(run, of: values, from: step.lowerBound) }
      } else {
        try collector.add(step, of: values, from: step.lowerBound)
      }
    }
    return try collector.finish()
  }
}
