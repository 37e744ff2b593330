// Parquet files with the same columns, as one table.

internal import BatchCache
internal import ByteParsing
internal import Compression
internal import NumPyFormat
internal import ParquetFormat
internal import ParquetReading
internal import Platform
internal import SampleOrder

/// What all sources made from the same files share. Made at the mount; does not change.
final class ParquetDataSet: Sendable {
  let name: String
  let files: ParquetFiles
  let columns: [ParquetColumn]
  /// The same as everybody else sees them: a list that is asked for again and again, and may be of tens of thousands.
  let storedColumns: [StoredColumn]
  let rowGroups: [RowGroupPlace]
  /// The rows of each file.
  let fileTable: ShardTable
  let rawByteCount: Int
  let modified: FileTimestamp
  let verification: Verification
  let directories = PageDirectoryCache()
  /// Of columns that were asked for.
  let knownNulls = Lock<[Int: KnownNulls]>([:])
  /// Of each file, the leaf of each column; nil where they stand in the order of the columns.
  private let leaves: [[Int]?]

  /// Reads the footers of all files.
  /// - Parameter progress: told how many of all footers were read.
  init(
    name: String, paths: [String], declarations: [ColumnDeclaration], verification: Verification, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws(SourceError) {
    guard let firstPath = paths.first else { throw SourceError(.path, "source \(name): there are no Parquet files") }
    self.name = name
    self.verification = verification
    var files: [ParquetFile] = []
    var identities: [FileIdentity] = []
    var columns: [ParquetColumn] = []
    var leaves: [[Int]?] = []
    var rowGroups: [RowGroupPlace] = []
    var fileCounts: [Int] = []
    var (rawByteCount, keptByteCount) = (0, 0)
    var newest = FileTimestamp(seconds: 0, nanoseconds: 0)
    for (index, path) in paths.enumerated() {
      let file: ParquetFile
      do throws(ParquetReadError) { file = try ParquetFile(reading: path) } catch { throw SourceError(.path, "\(path): \(error)") }
      if index == 0 {
        columns = try ParquetColumns.describe(file.metadata.schema, declarations, path: path)
        leaves.append(nil)
      } else {
        let matched = try ParquetColumns.match(columns, firstPath, with: file.metadata.schema, of: path)
        leaves.append(matched == Array(columns.indices) ? nil : matched)
        for (column, leaf) in matched.enumerated() { columns[column].admitNulls(of: file.metadata.schema.leaves[leaf]) }
      }
      for (ordinal, group) in file.metadata.rowGroups.enumerated() {
        rowGroups.append(RowGroupPlace(file: index, ordinal: ordinal, firstRow: group.firstRow, rowCount: group.rowCount))
        rawByteCount = rawByteCount.saturatingAdding(max(0, group.totalByteCount))
      }
      fileCounts.append(file.metadata.rowCount)
      identities.append(file.identity)
      newest = max(newest, FileTimestamp(file.identity))
      // Those beyond what is kept anyway are let go at once.
      keptByteCount += file.metadata.footerByteCount
      if keptByteCount <= 64 << 20 { files.append(file) }
      progress(index + 1, paths.count)
    }
    guard let fileTable = try? ShardTable(fileCounts), fileTable.sampleCount <= SourceLimits.rowCount else {
      throw SourceError(.path, "source \(name): the files together have more than \(SourceLimits.rowCount) rows")
    }
    self.files = ParquetFiles(files, paths: paths, identities: identities)
    self.columns = columns
    storedColumns = columns.map(\.stored)
    self.leaves = leaves
    self.rowGroups = rowGroups
    self.fileTable = fileTable
    self.rawByteCount = rawByteCount
    modified = newest
  }

  /// The leaf of a column in a file.
  func leaf(ofColumn column: Int, inFile file: Int) -> Int { leaves[file]?[column] ?? column }

  func path(ofRowGroup group: Int) -> String { files.paths[rowGroups[group].file] }

  /// Reads with what a decoding thread keeps.
  func reader(_ workspace: DecodeWorkspace, verification: Verification) -> ParquetReader {
    ParquetReader(memory: workspace.readingMemory, decompressor: workspace.decompressor, checksCRC: verification != .never, directories: directories)
  }

  /// The chunk of a column in a row group of the set.
  func chunk(column: Int, rowGroup: Int) throws(ParquetReadError) -> ParquetChunk {
    try chunk(column: column, rowGroup: rowGroup, of: files.file(rowGroups[rowGroup].file))
  }

  /// The same where its footer is kept and says what it is; nothing is read for it.
  func keptChunk(column: Int, rowGroup: Int) -> ParquetChunk? {
    files.kept(rowGroups[rowGroup].file).flatMap { try? chunk(column: column, rowGroup: rowGroup, of: $0) }
  }

  private func chunk(column: Int, rowGroup: Int, of file: ParquetFile) throws(ParquetReadError) -> ParquetChunk {
    let place = rowGroups[rowGroup]
    return try ParquetChunk(
      file: file, fileNumber: place.file, leaf: leaf(ofColumn: column, inFile: place.file), rowGroup: place.ordinal, shape: columns[column].shape)
  }

  /// What a row of a column weighs; where rows differ in length it is taken to weigh its uncompressed bytes in the first row group that has rows, at least 8.
  func rowByteCount(ofColumn column: Int) -> Int {
    if let rowByteCount = columns[column].rowByteCount { return rowByteCount }
    guard let group = rowGroups.firstIndex(where: { $0.rowCount > 0 }), let chunk = try? chunk(column: column, rowGroup: group) else { return 8 }
    return max(8, min(1 << 40, chunk.uncompressedByteCount / chunk.rowCount))
  }

  /// Where rows are to be cut for readers of these columns; decided by the first row group that has rows.
  func cuts(columns wanted: [Int], rowByteCount: Int, targetByteCount: Int, rowLimit: Int = .max) -> RowCuts {
    var pages: (first: Int, later: Int)?
    var (pageByteCount, stateByteCount) = (0, 0)
    if let group = rowGroups.firstIndex(where: { $0.rowCount > 0 }) {
      for column in wanted.prefix(Self.probedColumnCount) {
        guard let found = try? chunk(column: column, rowGroup: group).firstPages() else { continue }
        if let rows = found.rows, rows.later > pages?.later ?? 0 { pages = rows }
        pageByteCount = max(pageByteCount, found.largestByteCount)
        stateByteCount = max(stateByteCount, found.stateByteCount)
      }
    }
    return RowCuts(
      rowByteCount: max(1, rowByteCount), targetByteCount: targetByteCount, pages: pages, rowLimit: rowLimit, pageByteCount: pageByteCount,
      stateByteCount: stateByteCount)
  }

  private static let probedColumnCount = 8
}
