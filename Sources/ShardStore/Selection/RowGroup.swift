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
    case .decimal, .opaque, .unreadable: false
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
    let scan = ColumnScan(source, columns: columns, asking: GroupQuestion(), within: within, workspace: workspace, budget: work.budget)
    var collector = GroupCollector(columns.map { source.filterValues($0) }, rowCount: rowCount, budget: work.budget)
    let progress = SelectionProgress(work, allCount: rowCount)
    scan.begin(0..<rowCount)
    while let step = scan.next() {
      defer { progress.add(step.rows.count) }
      guard step.isWanted else { continue }
      var values: [GroupCollector.Column] = []
      for (index, statistics) in step.statistics.enumerated() {
        if step.needed.contains(index) {
          values.append(.values(try scan.values(index, of: step)))
        } else {
          values.append(.constant(statistics?.constantText))
        }
      }
      if let within {
        try within.forEachRun(in: step.rows) { (run) throws(SelectionError) in try collector.add(run, of: values, from: step.rows.lowerBound) }
      } else {
        try collector.add(step.rows, of: values, from: step.rows.lowerBound)
      }
    }
    return try collector.finish()
  }
}

/// What a grouping wants to know of rows: the value of each, unless all have the same.
private struct GroupQuestion: ScanQuestion {
  func undecided(_ statistics: [ColumnStatistics?]) -> [Int] {
    statistics.indices.filter { index in
      guard let known = statistics[index] else { return true }
      return known.nullCount != known.rowCount && known.constantText == nil
    }
  }
  func test(_ values: DistinctValues, ofColumn column: Int) -> TestedValues? { nil }
  func testsValues(ofColumn column: Int) -> Bool { false }
}
