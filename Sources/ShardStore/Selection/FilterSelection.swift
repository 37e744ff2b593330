// The rows for which a filter is true.

internal import BatchCache
internal import Platform
public import RowFilter
internal import SampleOrder

extension RowSelection {
  /// Evaluates a filter over a source, on several threads; pieces whose statistics settle it are not read.
  ///
  /// - Parameter within: only these rows are looked at; nil for all.
  /// - Throws: `SelectionError`: where a piece that decides cannot be read, or the memory cap has no room.
  public static func rows(
    of source: any ColumnSource, rowCount: Int, where filter: RowFilter, within: RowSelection?, work: SelectionWork
  ) throws(SelectionError) -> RowSelection {
    let columns = filter.columns.map(\.ordinal)
    let spans = Self.spans(source, columns, rowCount: rowCount)
    let shared = Lock(FilterSpans(spans))
    let progress = SelectionProgress(work, allCount: rowCount)
    // Path columns ask for nothing; a workspace has a page at least.
    let demand = columns.reduce(DecodeDemand(inputByteCount: 0, outputByteCount: 0)) { $0.union(source.pieceDemand(ofColumn: $1)) }
    let run: @Sendable () -> Bool = {
      guard let workspace = DecodeWorkspace(demand: demand, budget: work.budget) else { return false }
      let scan = ColumnScan(source, columns: columns, asking: FilterQuestion(filter: filter), within: within, workspace: workspace, budget: work.budget)
      while let (ordinal, span) = shared.withLock({ $0.next() }) {
        do throws(SelectionError) {
          let found = try rows(span, rowCount: rowCount, filter, within, scan, progress)
          shared.withLock { $0.add(found, at: ordinal, work.budget) }
        } catch {
          shared.withLock { $0.fail(error, at: ordinal) }
        }
      }
      return true
    }
    // Others help where the cap has room for their workspaces; what they have no room for, this thread does.
    let threads = (1..<max(1, min(work.threadCount, spans.count))).compactMap { number in try? Thread(name: "epochfs-filter\(number)") { _ = run() } }
    let hasRun = run()
    for thread in threads { thread.join() }
    let result = shared.withLock { $0 }
    if case .noMemory? = result.error, work.threadCount > 1 {
      // Alone, a thread has the whole cap.
      let alone = SelectionWork(budget: work.budget, threadCount: 1, progress: work.progress)
      return try rows(of: source, rowCount: rowCount, where: filter, within: within, work: alone)
    }
    if let error = result.error { throw error }
    guard hasRun || result.isDone else {
      throw .noMemory(
        "filtering takes \(ByteCount.text(demand.chargedByteCount)) for decoding, which the memory cap of \(ByteCount.text(work.budget.capByteCount)) has no room for; raise `memory`"
      )
    }
    var builder = RowSelectionBuilder(rowCount: rowCount)
    for part in result.found { part?.forEachRun(in: 0..<rowCount) { builder.append($0) } }
    return builder.finish()
  }

  /// Runs of rows for the threads, each of whole pieces of the column with the largest: a piece that two threads need is decoded twice.
  private static func spans(_ source: any ColumnSource, _ columns: [Int], rowCount: Int) -> [Range<Int>] {
    let spanLimit = 256
    guard rowCount > 0 else { return [] }
    let decoded = columns.filter { source.pathTexts(ofColumn: $0) == nil }
    let tables = (decoded.isEmpty ? columns : decoded).map { source.pieces(ofColumn: $0) }
    guard let table = tables.min(by: { $0.shardCount < $1.shardCount }) else { return [0..<rowCount] }
    var spans: [Range<Int>] = []
    var begin = 0
    for piece in 0..<table.shardCount {
      let end = table.start(of: piece + 1)
      if end > begin, end - begin >= (rowCount - 1) / spanLimit + 1 || end == rowCount {
        spans.append(begin..<end)
        begin = end
      }
    }
    return spans
  }

  private static func rows(
    _ span: Range<Int>, rowCount: Int, _ filter: RowFilter, _ within: RowSelection?, _ scan: ColumnScan, _ progress: SelectionProgress
  ) throws(SelectionError) -> RowSelection {
    var builder = RowSelectionBuilder(rowCount: rowCount)
    scan.begin(span)
    while let step = scan.next() {
      defer { progress.add(step.rows.count) }
      guard step.isWanted else { continue }
      var mask: RowMask?
      switch filter.verdict(step.statistics) {
      case .never: continue
      case .always: break
      case .maybe:
        var values = [ColumnValues?](repeating: nil, count: filter.columns.count)
        for index in step.needed { values[index] = try scan.values(index, of: step) }
        mask = filter.evaluate(values, rowCount: step.rows.count, statistics: step.statistics)
      }
      let append = { (run: Range<Int>) in
        guard let mask else { return builder.append(run) }
        mask.forEachTrueRun(in: run.lowerBound - step.rows.lowerBound..<run.upperBound - step.rows.lowerBound) {
          builder.append(step.rows.lowerBound + $0.lowerBound..<step.rows.lowerBound + $0.upperBound)
        }
      }
      if let within { within.forEachRun(in: step.rows, append) } else { append(step.rows) }
    }
    return builder.finish()
  }
}

/// What a filter wants to know of rows.
private struct FilterQuestion: ScanQuestion {
  let filter: RowFilter

  func undecided(_ statistics: [ColumnStatistics?]) -> [Int] {
    if case .maybe = filter.verdict(statistics) { filter.neededColumns(statistics) } else { [] }
  }
  func test(_ values: DistinctValues, ofColumn column: Int) -> TestedValues? { filter.test(values.values, count: values.count, ofColumn: column) }
  func testsValues(ofColumn column: Int) -> Bool { filter.testsValues(ofColumn: column) }
}

/// What the threads of one filter share.
private struct FilterSpans: Sendable {
  private let spans: [Range<Int>]
  private var nextOrdinal = 0
  private var failedOrdinal = Int.max
  private(set) var found: [RowSelection?]
  private var byteCount = 0
  /// The one that stands first in the source, whichever thread met it.
  private(set) var error: SelectionError?

  init(_ spans: [Range<Int>]) {
    self.spans = spans
    found = Array(repeating: nil, count: spans.count)
  }

  var isDone: Bool { !found.contains { $0 == nil } }

  mutating func next() -> (Int, Range<Int>)? {
    guard nextOrdinal < min(spans.count, failedOrdinal) else { return nil }
    defer { nextOrdinal += 1 }
    return (nextOrdinal, spans[nextOrdinal])
  }

  mutating func add(_ selection: RowSelection, at ordinal: Int, _ budget: MemoryBudget) {
    found[ordinal] = selection
    byteCount += selection.byteCount
    guard 2 * byteCount > budget.availableByteCount else { return }
    fail(
      .noMemory(
        "the rows that a filter selects take \(ByteCount.text(byteCount)) so far, which the memory cap of \(ByteCount.text(budget.capByteCount)) has no room for; raise `memory`"
      ), at: ordinal)
  }

  mutating func fail(_ error: SelectionError, at ordinal: Int) {
    guard ordinal < failedOrdinal else { return }
    failedOrdinal = ordinal
    self.error = error
  }
}
