// MDS folders as a source: index files read at the mount, shards decoded on demand.

internal import BatchCache
internal import Compression
internal import MDSFormat
internal import Platform
public import SampleOrder

public final class MDSSource: MDSFamilySource {
  public let name: String
  public let formatName = "mds"
  public let columns: [SourceColumn]
  public let storedColumns: [StoredColumn]
  let dataSet: IndexedDataSet
  let verification: Verification

  /// Reads the index files below `paths` (each a folder with `index.json`, or of such folders), in order.
  ///
  /// A declared shape is tried on one sample; shards are not opened otherwise, so that missing or damaged ones do not stop a mount.
  public convenience init(name: String, paths: [String], declarations: [ColumnDeclaration], verification: Verification) throws(SourceError) {
    try self.init(name: name, try IndexedDataSet(paths: paths), declarations: declarations, verification: verification)
  }

  /// - Precondition: the shards are `mds` ones.
  init(name: String, _ dataSet: IndexedDataSet, declarations: [ColumnDeclaration], verification: Verification) throws(SourceError) {
    guard dataSet.schema.rows == .joint else {
      throw SourceError(.path, "\(dataSet.folders[0].path)/index.json: its shards are \(dataSet.schema.rows.formatName), not mds")
    }
    self.name = name
    self.verification = verification
    self.dataSet = dataSet
    columns = try MDSColumns.describe(dataSet.schema, declarations, path: dataSet.folders[0].path)
    storedColumns = Self.stored(columns, dataSet.schema)
    try tryDeclarations(declarations)
  }

  public var shards: ShardTable { dataSet.shards }
  public var pathSampleCounts: ShardTable { dataSet.pathSampleCounts }
  public var rawByteCount: Int { dataSet.rawByteCount }
  public var modified: FileTimestamp { dataSet.modified }

  /// At most `count` shards whose files are there, smallest first.
  func smallestPresentShards(_ count: Int) -> [Int] { dataSet.smallestPresentShards(count) }

  /// The decoded bytes and, charged with them, eight bytes a sample and column for the places of its values.
  public func largestDemand(columns: [Int]) -> DecodeDemand {
    dataSet.largestDemand { Self.demand($0, $1, columns.count) }
  }

  func demand(ofShard shard: Int, columnCount: Int) -> DecodeDemand {
    let (folder, ordinal) = dataSet.folder(ofShard: shard)
    return Self.demand(folder.index, ordinal, columnCount)
  }

  /// The raw shard, padded, and behind it eight bytes a sample and column.
  private static func demand(_ index: MDSIndex, _ shard: Int, _ columnCount: Int) -> DecodeDemand {
    let table = index.sampleCount(ofShard: shard) * 8 * columnCount
    let (output, overflow) = index.rawByteCount(ofShard: shard).addingReportingOverflow(table + 8)
    return DecodeDemand(
      inputByteCount: MDSShardReader.inputByteCount, outputByteCount: overflow ? .max / 4 : output, stateByteCount: index.codec(ofShard: shard).stateByteCount)
  }

  public func path(ofShard shard: Int) -> String { dataSet.path(ofShard: shard) }

  public func willNeed(shard: Int) {
    if let file = try? InputFile(opening: path(ofShard: shard)) { file.willNeed() }
  }

  /// Decodes every row, since shards are compressed and hashed whole.
  public func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard {
    try wrap(request.shard) { () throws(MDSReadError) in
      try rows(ofShard: request.shard, columns: request.columns, with: workspace, verification, onRows)
    }
  }

  public func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) {
    let fixed = columns.indices.filter { columns[$0].array != nil }
    // One column at a time, for which there is memory.
    for wanted in fixed.isEmpty ? [[]] : fixed.map({ [$0] }) {
      try wrap(shard) { () throws(MDSReadError) in _ = try rows(ofShard: shard, columns: wanted, with: workspace, .always) { _, _ in } }
    }
  }

  private func wrap<Value>(_ shard: Int, _ body: () throws(MDSReadError) -> Value) throws(ShardError) -> Value {
    do throws(MDSReadError) { return try body() } catch { throw ShardError(source: name, path: path(ofShard: shard), message: error.description) }
  }

  /// Reads a shard into the workspace's output and finds the rows of `columns` in it.
  func rows(
    ofShard shard: Int, columns: [Int], with workspace: DecodeWorkspace, _ verification: Verification, _ onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(MDSReadError) -> DecodedShard {
    let entry = dataSet.entry(ofShard: shard)
    let reader = MDSShardReader(path: path(ofShard: shard), entry: entry.data, seen: dataSet.identities[shard], verification: verification)
    let rowReader = MDSRowReader(entry, schema: dataSet.schema, wanted: columns.map { ($0, self.columns[$0]) }, shard: shard, region: workspace.output)
    try reader.read(with: workspace) { byteCount throws(MDSReadError) in
      let rows = try rowReader.advance(to: byteCount)
      if !rows.isEmpty { onRows(rowReader.decoded, rows) }
    }
    try rowReader.finish()
    return rowReader.decoded
  }
}
