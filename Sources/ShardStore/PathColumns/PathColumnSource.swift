// A source and, behind its own columns, those that the paths of its files make.

public import BatchCache
internal import NumPyFormat
internal import Platform
public import RowFilter
public import SampleOrder

/// Adds text columns that are constant in each file. Shards and pieces are the base's; path columns have pieces of their own, of 65,536 rows at most.
public final class PathColumnSource: ShardSource, ColumnSource {
  public let name: String
  public let formatName: String
  public let columns: [SourceColumn]
  public let storedColumns: [StoredColumn]
  public let shards: ShardTable
  public let rawByteCount: Int
  public let modified: FileTimestamp

  private let base: any ShardSource
  private let columnBase: any ColumnSource
  private let added: [PathColumn]
  private let files: ShardTable
  private let pieces: ShardTable
  private let fileOfPiece: [Int]
  private let paths: [String]
  private let projections = Projections()

  /// - Parameters:
  ///   - files: the rows of each file, in the base's order of rows.
  ///   - paths: of the files, for messages.
  /// - Precondition: every column has a text for each file, and all names differ from the base's.
  public convenience init(_ base: any StoredSource, adding columns: [PathColumn], files: ShardTable, paths: [String]) {
    self.init(base, columns: base, adding: columns, files: files, paths: paths)
  }

  private init(_ base: any ShardSource, columns columnBase: any ColumnSource, adding added: [PathColumn], files: ShardTable, paths: [String]) {
    precondition(files.sampleCount == base.shards.sampleCount && added.allSatisfy { $0.texts.count == files.shardCount } && paths.count == files.shardCount)
    self.base = base
    self.columnBase = columnBase
    self.added = added
    self.files = files
    self.paths = paths
    name = base.name
    formatName = base.formatName
    shards = base.shards
    rawByteCount = base.rawByteCount
    modified = base.modified
    columns = base.columns + added.map { SourceColumn(name: $0.name, encodingName: "path", array: nil, channels: nil) }
    storedColumns =
      columnBase.storedColumns
      + added.map {
        StoredColumn(name: $0.name, encodingName: "path", values: .ragged(.uint8, depth: 1), isText: true, nullableLevels: $0.texts.contains(nil) ? [0] : [])
      }
    var counts: [Int] = []
    var fileOfPiece: [Int] = []
    for file in 0..<files.shardCount {
      for begin in stride(from: 0, to: files.count(of: file), by: Self.pieceRowCount) {
        counts.append(min(Self.pieceRowCount, files.count(of: file) - begin))
        fileOfPiece.append(file)
      }
    }
    guard let pieces = try? ShardTable(counts) else { preconditionFailure("counts of a table's rows make a table") }
    self.pieces = pieces
    self.fileOfPiece = fileOfPiece
  }

  private static let pieceRowCount = 1 << 16

  /// The place of one of the added columns; nil for the base's.
  private func added(_ column: Int) -> PathColumn? { column < columnBase.storedColumns.count ? nil : added[column - columnBase.storedColumns.count] }

  // MARK: - ShardSource

  public var shardNoun: String { base.shardNoun }
  public var fileCount: Int? { base.fileCount }
  public func projected(to columns: [Int]) -> any ShardSource {
    projections.source(of: columns) { PathColumnSource(base.projected(to: columns), columns: columnBase, adding: added, files: files, paths: paths) }
  }
  public var reachesRowsAlone: Bool { base.reachesRowsAlone }
  public func largestDemand(columns: [Int]) -> DecodeDemand { base.largestDemand(columns: columns) }
  public var checkDemand: DecodeDemand { base.checkDemand }
  public func path(ofShard shard: Int) -> String { base.path(ofShard: shard) }
  public func fileRow(_ row: Int, ofShard shard: Int) -> Int { base.fileRow(row, ofShard: shard) }
  public func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) { try base.check(shard: shard, with: workspace) }
  public func willNeed(shard: Int) { base.willNeed(shard: shard) }
  public func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard { try base.decode(request, with: workspace, onRows: onRows) }

  // MARK: - ColumnSource

  public func pieces(ofColumn column: Int) -> ShardTable { added(column) == nil ? columnBase.pieces(ofColumn: column) : pieces }

  public func pieceDemand(ofColumn column: Int) -> DecodeDemand {
    added(column) == nil ? columnBase.pieceDemand(ofColumn: column) : DecodeDemand(inputByteCount: 0, outputByteCount: 0)
  }

  public var shardChecksCoverColumns: Bool { columnBase.shardChecksCoverColumns }

  public func largestPieceByteCount(ofColumn column: Int) -> Int {
    guard let path = added(column) else { return columnBase.largestPieceByteCount(ofColumn: column) }
    let longest = path.texts.reduce(0) { max($0, $1?.utf8.count ?? 0) }
    return (longest + 9) * min(Self.pieceRowCount, files.sampleCount) + 64
  }

  public func path(ofColumn column: Int, piece: Int) -> String {
    added(column) == nil ? columnBase.path(ofColumn: column, piece: piece) : paths[fileOfPiece[piece]]
  }

  public func pathTexts(ofColumn column: Int) -> [String?]? { added(column)?.texts ?? columnBase.pathTexts(ofColumn: column) }

  public func statistics(ofColumn column: Int, piece: Int) -> ColumnStatistics? {
    guard let path = added(column) else { return columnBase.statistics(ofColumn: column, piece: piece) }
    return .constant(path.texts[fileOfPiece[piece]].map { Array($0.utf8) }, rowCount: pieces.count(of: piece))
  }

  public func knownNulls(ofColumn column: Int) -> KnownNulls? {
    guard let path = added(column) else { return columnBase.knownNulls(ofColumn: column) }
    var known = KnownNulls()
    for (file, text) in path.texts.enumerated() where text == nil { known.add(rows: files.count(of: file)) }
    return known
  }

  public func runStatistics(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> RunStatistics? {
    added(column) == nil ? columnBase.runStatistics(ofColumn: column, piece: piece, with: workspace) : nil
  }

  public func distinctValues(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> DistinctValues? {
    added(column) == nil ? columnBase.distinctValues(ofColumn: column, piece: piece, with: workspace) : nil
  }

  public func decode(
    column: Int, piece: Int, rows: Range<Int>, with workspace: DecodeWorkspace, budget: MemoryBudget
  ) throws(ColumnError) -> (piece: ColumnPiece, firstRow: Int) {
    guard added(column) != nil else { return try columnBase.decode(column: column, piece: piece, rows: rows, with: workspace, budget: budget) }
    return (try decode(column: column, piece: piece, with: workspace, budget: budget), 0)
  }

  /// The base's columns together.
  public func decode(columns: [Int], shard: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> [ColumnPiece] {
    let stored = columns.filter { added($0) == nil }
    var pieces = stored.isEmpty ? [] : try columnBase.decode(columns: stored, shard: shard, with: workspace, budget: budget)[...]
    var found: [ColumnPiece] = []
    for column in columns {
      if let piece = added(column) == nil ? pieces.popFirst() : try decode(column: column, piece: shard, with: workspace, budget: budget) {
        found.append(piece)
      }
    }
    return found
  }

  public func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    guard let path = added(column) else { return try columnBase.decode(column: column, piece: piece, with: workspace, budget: budget) }
    return try Self.constant(path.texts[fileOfPiece[piece]], rowCount: pieces.count(of: piece), budget: budget)
  }

  /// A piece whose rows all have the same text, or are all null.
  private static func constant(_ text: String?, rowCount: Int, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    let bytes = Array((text ?? "").utf8)
    let offsets = 0..<8 * (rowCount + 1)
    let values = offsets.upperBound..<offsets.upperBound + bytes.count * rowCount
    let nullsBegin = (values.upperBound + 7) & ~7
    let nulls = text == nil ? nullsBegin..<nullsBegin + rowCount : nil
    let byteCount = nulls?.upperBound ?? values.upperBound
    guard let region = budget.region(byteCount: byteCount) else { throw .noMemory(byteCount: byteCount) }
    region.region.withMutableBytes(0..<byteCount) { target in
      for row in 0...rowCount { target.storeBytes(of: Int64(row * bytes.count), toByteOffset: 8 * row, as: Int64.self) }
      var place = values.lowerBound
      for _ in 0..<rowCount {
        for byte in bytes {
          target.storeBytes(of: byte, toByteOffset: place, as: UInt8.self)
          place += 1
        }
      }
      for place in nulls ?? 0..<0 { target.storeBytes(of: 1, toByteOffset: place, as: UInt8.self) }
    }
    return ColumnPiece(
      rowCount: rowCount, region: region, values: values, nulls: [nulls], offsets: [offsets], decodedByteCount: 0, storedByteCount: 0)
  }
}
