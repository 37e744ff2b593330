// Walks over all rows of some columns at once, in stored order: pieces are decoded when they are needed, one of each column at a time.

internal import BatchCache
internal import Platform
internal import RowFilter
internal import SampleOrder

final class ColumnScan {
  private let source: any ColumnSource
  private let columns: [Int]
  private let tables: [ShardTable]
  private let workspace: DecodeWorkspace
  private let budget: MemoryBudget
  private var held: [(ordinal: Int, piece: ColumnPiece)?]

  /// So many rows at most are looked at together: what is worked out about them is small then.
  static let stepRowCount = 1 << 16

  init(_ source: any ColumnSource, columns: [Int], workspace: DecodeWorkspace, budget: MemoryBudget) {
    self.source = source
    self.columns = columns
    self.workspace = workspace
    self.budget = budget
    tables = columns.map { source.pieces(ofColumn: $0) }
    held = Array(repeating: nil, count: columns.count)
  }

  /// Rows from `row` on, before `end`, that lie in one piece of every column.
  func step(from row: Int, before end: Int) -> Range<Int> {
    var end = min(end, row + Self.stepRowCount)
    for table in tables { end = min(end, table.start(of: table.location(ofSample: row).shard + 1)) }
    return row..<end
  }

  /// What is known of each column where `row` lies.
  func statistics(at row: Int) -> [ColumnStatistics?] {
    zip(columns, tables).map { column, table in source.statistics(ofColumn: column, piece: table.location(ofSample: row).shard) }
  }

  /// The values of a column from `row` on.
  func values(_ index: Int, at row: Int) throws(SelectionError) -> ColumnValues {
    let place = tables[index].location(ofSample: row)
    if let held = held[index], held.ordinal == place.shard { return held.piece.values(firstRow: place.row) }
    // The old piece goes first, so that one of each column is enough memory.
    held[index] = nil
    let piece: ColumnPiece
    do throws(ColumnError) {
      piece = try source.decode(column: columns[index], piece: place.shard, with: workspace, budget: budget)
    } catch {
      switch error {
      case .shard(let error): throw .shard(error)
      case .noMemory(let byteCount):
        throw .noMemory(
          "a piece of column \(source.storedColumns[columns[index]].name) in \(source.path(ofColumn: columns[index], piece: place.shard)) takes \(ByteCount.text(byteCount)), which the memory cap of \(ByteCount.text(budget.capByteCount)) has no room for beside the others; raise `memory`"
        )
      }
    }
    guard piece.rowCount == tables[index].count(of: place.shard) else {
      preconditionFailure("a piece has \(piece.rowCount) rows, but its source said \(tables[index].count(of: place.shard))")
    }
    held[index] = (place.shard, piece)
    return piece.values(firstRow: place.row)
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
