// Walks over rows of some columns at once, in stored order: what statistics settle is not read, the rest is decoded when it is needed.

internal import BatchCache
internal import Platform
internal import RowFilter
internal import SampleOrder

/// What somebody who walks over columns wants to know of rows.
protocol ScanQuestion {
  /// Which columns have to be decoded for rows that have these statistics.
  func undecided(_ statistics: [ColumnStatistics?]) -> [Int]
  /// What there is to know of all values of a column; nil where that would not help.
  func test(_ values: DistinctValues, ofColumn column: Int) -> TestedValues?
  func testsValues(ofColumn column: Int) -> Bool
}

/// Rows that lie in one piece of every column, of which one thing is known.
struct ScanStep {
  let rows: Range<Int>
  let statistics: [ColumnStatistics?]
  /// The columns that have to be decoded, ascending.
  let needed: [Int]
  /// Whether anybody wants to know of them.
  let isWanted: Bool
}

final class ColumnScan {
  private let source: any ColumnSource
  private let columns: [Int]
  private let tables: [ShardTable]
  private let question: any ScanQuestion
  private let within: RowSelection?
  private let workspace: DecodeWorkspace
  private let budget: MemoryBudget

  private var held: [(rows: Range<Int>, piece: ColumnPiece)?]
  private var settled: [SettledRuns]
  /// Steps that were looked at ahead, and those among them that were taken.
  private var planned: [ScanStep] = []
  private var takenCount = 0
  /// The rows that are not planned yet.
  private var rest = 0..<0

  /// So many rows at most are looked at together: what is worked out about them is small then.
  static let stepRowCount = 1 << 16

  /// - Parameter within: only these rows are of interest; nil for all.
  init(
    _ source: any ColumnSource, columns: [Int], asking question: any ScanQuestion, within: RowSelection?, workspace: DecodeWorkspace, budget: MemoryBudget
  ) {
    self.source = source
    self.columns = columns
    self.question = question
    self.within = within
    self.workspace = workspace
    self.budget = budget
    tables = columns.map { source.pieces(ofColumn: $0) }
    held = Array(repeating: nil, count: columns.count)
    settled = Array(repeating: SettledRuns(), count: columns.count)
  }

  /// Begins a walk over some rows.
  func begin(_ rows: Range<Int>) {
    planned.removeAll()
    takenCount = 0
    rest = rows
  }

  /// The next rows of the walk; nil at its end.
  func next() -> ScanStep? {
    if takenCount == planned.count {
      planned.removeAll(keepingCapacity: true)
      takenCount = 0
      guard let step = plan() else { return nil }
      planned.append(step)
    }
    takenCount += 1
    return planned[takenCount - 1]
  }

  // MARK: - What is known

  private func plan() -> ScanStep? {
    guard !rest.isEmpty else { return nil }
    let row = rest.lowerBound
    var end = min(rest.upperBound, row + Self.stepRowCount)
    var statistics: [ColumnStatistics?] = []
    for index in columns.indices {
      let known = pieceStatistics(index, at: row)
      end = min(end, known.rows.upperBound)
      statistics.append(known.statistics)
    }
    var needed = isWanted(row..<end) ? question.undecided(statistics) : []
    // What takes reading is looked at only where what is at hand does not settle it: first the statistics of pages, then all of a dictionary's values.
    for index in needed {
      guard let part = runStatistics(index, at: row)?.part(with: row) else { continue }
      end = min(end, part.rows.upperBound)
      statistics[index] = statistics[index]?.narrowed(by: part.statistics) ?? part.statistics
    }
    let isWanted = isWanted(row..<end)
    if !needed.isEmpty { needed = isWanted ? question.undecided(statistics) : [] }
    for index in needed where question.testsValues(ofColumn: index) {
      guard let tested = testedValues(index, at: row) else { continue }
      var known = statistics[index] ?? ColumnStatistics(rowCount: end - row, nullCount: nil, bounds: nil)
      known.tested = tested
      statistics[index] = known
    }
    if !needed.isEmpty { needed = question.undecided(statistics) }
    rest = end..<rest.upperBound
    return ScanStep(rows: row..<end, statistics: statistics, needed: needed, isWanted: isWanted)
  }

  private func isWanted(_ rows: Range<Int>) -> Bool { within.map { $0.rank(rows.upperBound) > $0.rank(rows.lowerBound) } ?? true }

  /// What was asked about a column last. Pieces that follow each other are mostly stored together: what is stored beside them is read once for all.
  private struct SettledRuns {
    var piece: (rows: Range<Int>, statistics: ColumnStatistics?) = (0..<0, nil)
    var statistics: (rows: Range<Int>, known: RunStatistics?) = (0..<0, nil)
    var tested: (rows: Range<Int>, known: TestedValues?) = (0..<0, nil)
  }

  private func pieceStatistics(_ index: Int, at row: Int) -> (rows: Range<Int>, statistics: ColumnStatistics?) {
    if !settled[index].piece.rows.contains(row) {
      let piece = piece(index, at: row)
      settled[index].piece = (piece.rows, source.statistics(ofColumn: columns[index], piece: piece.ordinal))
    }
    return settled[index].piece
  }

  private func runStatistics(_ index: Int, at row: Int) -> RunStatistics? {
    if settled[index].statistics.rows.contains(row) { return settled[index].statistics.known }
    // The old ones go first, with the memory they hold.
    settled[index].statistics.known = nil
    let piece = piece(index, at: row)
    let found = source.runStatistics(ofColumn: columns[index], piece: piece.ordinal, with: workspace)
    settled[index].statistics = (found?.rows ?? piece.rows, found)
    return found
  }

  /// Whether there was anything to give up; what was given up is not read again for the same rows.
  private func dropStatistics() -> Bool {
    var hasDropped = false
    for index in settled.indices where settled[index].statistics.known != nil {
      settled[index].statistics.known = nil
      hasDropped = true
    }
    return hasDropped
  }

  private func testedValues(_ index: Int, at row: Int) -> TestedValues? {
    if settled[index].tested.rows.contains(row) { return settled[index].tested.known }
    let piece = piece(index, at: row)
    let found = source.distinctValues(ofColumn: columns[index], piece: piece.ordinal, with: workspace)
    settled[index].tested = (found?.rows ?? piece.rows, found.flatMap { question.test($0, ofColumn: index) })
    return settled[index].tested.known
  }

  private func piece(_ index: Int, at row: Int) -> (ordinal: Int, rows: Range<Int>) {
    let ordinal = tables[index].location(ofSample: row).shard
    return (ordinal, tables[index].start(of: ordinal)..<tables[index].start(of: ordinal + 1))
  }

  // MARK: - Values

  /// The values of a column in the rows of the step that was taken last.
  func values(_ index: Int, of step: ScanStep) throws(SelectionError) -> ColumnValues {
    let row = step.rows.lowerBound
    if let held = held[index], held.rows.contains(row) { return held.piece.values(firstRow: row - held.rows.lowerBound) }
    // The old piece goes first, so that one of each column is enough memory.
    held[index] = nil
    let place = piece(index, at: row)
    let wanted = row - place.rows.lowerBound..<runEnd(index, from: step, before: place.rows.upperBound) - place.rows.lowerBound
    let found: (piece: ColumnPiece, firstRow: Int)
    do throws(ColumnError) {
      do throws(ColumnError) {
        found = try source.decode(column: columns[index], piece: place.ordinal, rows: wanted, with: workspace, budget: budget)
      } catch {
        // What only saves reading is not to be what there is no room beside.
        guard case .noMemory = error, dropStatistics() else { throw error }
        found = try source.decode(column: columns[index], piece: place.ordinal, rows: wanted, with: workspace, budget: budget)
      }
      _ = try source.checked(found.piece, ofColumn: columns[index], number: place.ordinal, rowCount: found.piece.rowCount)
    } catch {
      switch error {
      case .shard(let error): throw .shard(error)
      case .noMemory(let byteCount):
        throw .noMemory(
          "a piece of column \(source.storedColumns[columns[index]].name) in \(source.path(ofColumn: columns[index], piece: place.ordinal)) takes \(ByteCount.text(byteCount)), which the memory cap of \(ByteCount.text(budget.capByteCount)) has no room for beside the others; raise `memory`"
        )
      }
    }
    let begin = place.rows.lowerBound + found.firstRow
    let rows = begin..<begin + found.piece.rowCount
    guard rows.lowerBound <= row, rows.upperBound >= place.rows.lowerBound + wanted.upperBound, rows.upperBound <= place.rows.upperBound else {
      preconditionFailure("rows \(rows) of a piece were decoded, asked for were \(wanted) from \(place.rows.lowerBound) on")
    }
    held[index] = (rows, found.piece)
    return found.piece.values(firstRow: row - begin)
  }

  /// How far a column is decoded at once: over what is not needed too, unless some part of it would then not be decoded at all. Decoding begins and ends at any
  /// row, but a page is decoded whole each time.
  private func runEnd(_ index: Int, from step: ScanStep, before pieceEnd: Int) -> Int {
    var end = step.rows.upperBound
    var place = takenCount
    var next = end
    while next < pieceEnd {
      if place == planned.count {
        guard let step = plan() else { break }
        planned.append(step)
      }
      let ahead = planned[place]
      place += 1
      next = ahead.rows.upperBound
      if ahead.needed.contains(index) {
        end = next
      } else if settled[index].statistics.known?.hasWholePart(in: end..<next) ?? false {
        break
      }
    }
    return end
  }
}

/// Why rows could not be selected.
public enum SelectionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Data that decides is damaged, truncated, missing or changed.
  case shard(ShardError)
  /// The memory cap is too low; what for, as a sentence.
  case noMemory(String)
  /// There are more groups than are allowed; a sentence.
  case tooManyGroups(String)

  public var description: String {
    switch self {
    case .shard(let error): error.description
    case .noMemory(let message), .tooManyGroups(let message): message
    }
  }
}
