// Parquet files as a source: footers read at the mount, runs of rows decoded on demand.

internal import BatchCache
internal import ByteParsing
internal import NumPyFormat
internal import ParquetReading
internal import Platform
public import SampleOrder

/// Its shards are row groups; once it is projected to the columns of a view, *stripes*: runs of rows of a row group of about 8 MiB of those columns, cut where
/// pages end. Columns are read page by page, so that a stripe costs the pages it touches.
public final class ParquetSource: ShardSource {
  public var name: String { data.name }
  public let formatName = "parquet"
  public let shardNoun = "row group"
  public var fileCount: Int? { fileTable.shardCount }
  public let reachesRowsAlone = true
  public let columns: [SourceColumn]
  public let shards: ShardTable
  public var rawByteCount: Int {
    guard let projection else { return data.rawByteCount }
    if let known = projectedByteCount.withLock({ $0 }) { return known }
    // Twice at the worst, when two ask at once.
    let found = rawByteCount(of: projection)
    projectedByteCount.withLock { $0 = found }
    return found
  }
  public var modified: FileTimestamp { data.modified }
  /// The rows of each file.
  public var fileTable: ShardTable { data.fileTable }

  let data: ParquetDataSet
  private let runs: RowRuns
  private let cuts: RowCuts?
  /// The columns that the stripes are made for.
  private let projection: [Int]?
  /// Known when it was asked for: every chunk's description is read for it.
  private let projectedByteCount = Lock<Int?>(nil)
  private let projections = Projections()
  let columnRuns = ColumnRuns()

  /// Reads the footers of the files at `paths`, in order.
  ///
  /// A declared shape is tried on the first row; pages are not read otherwise.
  /// - Parameter progress: told how many of all files' footers were read.
  public convenience init(
    name: String, paths: [String], declarations: [ColumnDeclaration], verification: Verification, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws(SourceError) {
    self.init(
      try ParquetDataSet(name: name, paths: paths, declarations: declarations, verification: verification, progress: progress), projection: nil)
    try checkRunCounts()
    try tryDeclarations(declarations)
  }

  private init(_ data: ParquetDataSet, projection: [Int]?) {
    self.data = data
    self.projection = projection
    columns = data.columns.map(\.sample)
    if let projection {
      let found = data.cuts(
        columns: projection, rowByteCount: projection.reduce(0) { $0 + data.rowByteCount(ofColumn: $1) }, targetByteCount: Self.stripeByteCount)
      runs = RowRuns(data.rowGroups) { found.starts(ofRowGroup: $0.rowCount) }
      cuts = found
    } else {
      cuts = nil
      runs = RowRuns(data.rowGroups) { $0.rowCount > 0 ? [0] : [] }
    }
    shards = runs.table
  }

  public func projected(to columns: [Int]) -> any ShardSource {
    // Columns that paths make are none of the files'.
    let own = columns.filter { data.columns.indices.contains($0) }
    return projections.source(of: own) { ParquetSource(data, projection: own) }
  }

  static let stripeByteCount = 8 << 20

  /// The uncompressed bytes of these columns in all files, as the footers say.
  private func rawByteCount(of columns: [Int]) -> Int {
    var sum = 0
    for group in data.rowGroups.indices {
      for column in columns {
        guard let chunk = try? data.chunk(column: column, rowGroup: group) else { continue }
        sum = sum.saturatingAdding(max(0, chunk.uncompressedByteCount))
      }
    }
    return sum
  }

  public func path(ofShard shard: Int) -> String { data.path(ofRowGroup: runs.place(of: shard).rowGroup) }

  public func fileRow(_ row: Int, ofShard shard: Int) -> Int {
    let place = runs.place(of: shard)
    return data.rowGroups[place.rowGroup].firstRow + place.rows.lowerBound + row
  }

  public func willNeed(shard: Int) {}

  // MARK: - Decoding

  /// The largest stripe, a page while it is read, and a byte a row for the nulls of columns that have no value for them.
  public func largestDemand(columns: [Int]) -> DecodeDemand {
    let rowByteCount = columns.reduce(0) { $0 + (data.columns[$1].rowByteCount ?? 0) + 1 }
    let (byteCount, overflow) = rowByteCount.multipliedReportingOverflow(by: runs.largestRowCount)
    return DecodeDemand(
      inputByteCount: 0, outputByteCount: overflow ? .max / 4 : min(.max / 4, byteCount.saturatingAdding(8 * columns.count)),
      stateByteCount: cuts?.stateByteCount ?? 0,
      temporaryByteCount: cuts?.pageByteCount ?? 0)
  }

  public func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard {
    let (rowGroup, rows) = runs.place(of: request.shard)
    return try wrap(rowGroup, rows) { () throws(ParquetReadError) in
      defer { workspace.readingMemory.trim() }
      return try StripeReader(data, request, rowGroup: rowGroup, rows: rows, workspace).read(onRows)
    }
  }

  func place(ofShard shard: Int) -> (rowGroup: Int, rows: Range<Int>) { runs.place(of: shard) }

  /// - Parameter rows: of the row group, the shard's.
  func wrap<Value>(_ rowGroup: Int, _ rows: Range<Int>, _ body: () throws(ParquetReadError) -> Value) throws(ShardError) -> Value {
    do throws(ParquetReadError) { return try body() } catch {
      let lost = error.rows.map { $0.clamped(to: rows) }.map { $0.lowerBound - rows.lowerBound..<$0.upperBound - rows.lowerBound }
      let lacksMemory = if case .noMemory = error { true } else { false }
      throw ShardError(source: name, path: data.path(ofRowGroup: rowGroup), message: error.description, rows: lost, lacksMemory: lacksMemory)
    }
  }
}
