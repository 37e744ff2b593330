// One text shard from its two files to rows.

internal import BatchCache
internal import MDSFormat
internal import Platform
internal import TextShardFormat

/// Where the parts of a text shard lie in a workspace's output.
struct TextShardPlacement {
  /// The rows, uncompressed.
  let data: Range<Int>
  /// The table of their offsets, uncompressed.
  let meta: Range<Int>

  init(dataByteCount: Int, metaByteCount: Int) {
    data = 0..<dataByteCount
    let start = Self.roundUp(dataByteCount)
    meta = start..<start + metaByteCount
  }

  /// The first byte behind both that is a multiple of 8.
  var end: Int { Self.roundUp(meta.upperBound) }

  private static func roundUp(_ byteCount: Int) -> Int { (byteCount + 7) & ~7 }
}

/// Reads a text shard into a workspace and goes over its rows.
struct TextShardReader {
  let folder: String
  let entry: MDSShardEntry
  let dialect: TextDialect
  let columns: [TextColumn]
  /// The files as they were at the mount.
  let seen: (data: FileIdentity?, meta: FileIdentity?)
  let verification: Verification

  /// Both files read, checked and in the workspace's output.
  func read(with workspace: DecodeWorkspace) throws(MDSReadError) -> TextShardPlacement {
    guard let meta = entry.meta else { throw .other("the index names no meta file for the shard") }
    let placement = TextShardPlacement(dataByteCount: entry.raw.byteCount, metaByteCount: meta.raw.byteCount)
    let metaFile = MDSShardReader(path: folder + "/" + meta.file.basename, entry: meta, seen: seen.meta, verification: verification)
    do throws(MDSReadError) {
      try metaFile.read(with: workspace, at: placement.meta.lowerBound) { (_) throws(MDSReadError) in }
    } catch {
      throw .other("its meta file \(meta.file.basename): \(error)")
    }
    let dataFile = MDSShardReader(path: folder + "/" + entry.file.basename, entry: entry.data, seen: seen.data, verification: verification)
    try dataFile.read(with: workspace) { (_) throws(MDSReadError) in }
    return placement
  }

  /// Calls `body` for every row, in order; `rows` stands on it.
  func forEachRow(
    _ placement: TextShardPlacement, in region: MappedRegion,
    _ body: (_ sample: Int, _ rows: borrowing TextRowReader, _ data: RawSpan) throws(TextShardError) -> Void
  ) throws(MDSReadError) {
    let bytes = region.bytes
    let data = bytes.extracting(placement.data)
    let meta = bytes.extracting(placement.meta)
    do throws(TextShardError) {
      let table = try TextShardTable(parsing: meta, sampleCount: entry.sampleCount, dataByteCount: data.byteCount)
      var rows = TextRowReader(dialect: dialect, columns: columns)
      try rows.checkHeader(table, in: data)
      for sample in 0..<table.sampleCount {
        try rows.read(sample: sample, try table.range(ofSample: sample, in: meta), in: data)
        try body(sample, rows, data)
      }
    } catch {
      throw .text(error)
    }
  }
}
