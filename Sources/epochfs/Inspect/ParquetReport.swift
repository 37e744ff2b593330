// What a Parquet file says of itself, as tables.

internal import ParquetFormat
internal import Platform

struct ParquetReport {
  let inspector: ParquetInspector
  /// Chunks that cannot be read, each with its place.
  private(set) var problems: [String] = []
  private var groups: TextTable
  private var columns: TextTable
  private var chunks: TextTable
  /// The lines of their table.
  private var samples: [String] = []

  /// More chunks than this are shown together, column by column.
  private static let chunkLimit = 64

  private var metadata: ParquetMetadata { inspector.metadata }

  init(_ inspector: ParquetInspector, sampleLimit: Int) {
    self.inspector = inspector
    groups = TextTable([("row group", .right), ("rows", .right), ("stored", .right), ("uncompressed", .right)])
    columns = TextTable([("column", .left), ("stored as", .left), ("served as", .left), ("nulls", .left)])
    chunks = TextTable(
      [("row group", .right)]
        + [
          ("column", .left), ("codec", .left), ("encodings of pages", .left), ("pages", .right), ("largest page", .right), ("values", .right),
          ("nulls", .right),
          ("stored", .right), ("uncompressed", .right), ("minimum", .left), ("maximum", .left),
        ])
    collect()
    guard sampleLimit > 0, metadata.rowCount > 0 else { return }
    switch inspector.samples(limit: sampleLimit) {
    case .success(let report): samples = report.lines()
    case .failure(let error): problems.append(error.problem)
    }
  }

  /// All lines.
  var lines: [String] {
    let (rows, columns, groups) = (metadata.rowCount, metadata.schema.leafCount, metadata.rowGroups.count)
    var lines = [
      "\(inspector.path): Parquet, \(ItemCount.text(rows, "row")), \(ItemCount.text(columns, "column")), \(ItemCount.text(groups, "row group")), \(ByteCount.text(inspector.fileByteCount))",
      "written by \(metadata.createdBy ?? "a program that does not say"); footer of \(ByteCount.text(inspector.footerByteCount))",
    ]
    if metadata.hasEncryption { lines.append("some columns may be encrypted") }
    if !metadata.keys.isEmpty { lines.append("metadata: \(metadata.keys.joined(separator: ", "))") }
    for table in [self.columns, self.groups, chunks] where table.lines.count > 1 { lines += [""] + table.lines }
    if !samples.isEmpty { lines += [""] + samples }
    return lines
  }

  private mutating func collect() {
    let isSummed = metadata.rowGroups.count * metadata.schema.leafCount > Self.chunkLimit
    var stored = [Int](repeating: 0, count: metadata.rowGroups.count)
    for leaf in metadata.schema.leaves {
      columns.add([leaf.name, leaf.storedDescription, leaf.arrayDescription, Self.nulls(leaf)])
      var sum = ChunkSum()
      for group in metadata.rowGroups.indices {
        do throws(ParquetError) {
          let chunk = try inspector.chunk(rowGroup: group, leaf: leaf)
          stored[group] = stored[group].addingReportingOverflow(chunk.chunk.totalCompressedByteCount).partialValue
          if isSummed {
            sum.add(chunk)
          } else {
            var one = ChunkSum()
            one.add(chunk)
            chunks.add(["\(group)"] + one.cells(leaf))
          }
        } catch { problems.append("row group \(group), column \(leaf.name): \(error)") }
      }
      if isSummed, sum.chunkCount > 0 { chunks.add([""] + sum.cells(leaf)) }
    }
    for (number, group) in metadata.rowGroups.enumerated() {
      groups.add(["\(number)", "\(group.rowCount)", ByteCount.text(stored[number]), ByteCount.text(group.totalByteCount)])
    }
  }

  private static func nulls(_ leaf: ParquetLeaf) -> String {
    switch (leaf.isNullable, !leaf.lists.isEmpty && leaf.elementIsNullable) {
    case (true, true): "rows, elements"
    case (true, false): "rows"
    case (false, true): "elements"
    case (false, false): ""
    }
  }
}
