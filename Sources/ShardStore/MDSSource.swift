// MDS folders as a source: index files read at the mount, shards decoded on demand.

internal import BatchCache
internal import Compression
internal import MDSFormat
internal import NumPyFormat
internal import Platform
public import SampleOrder

public final class MDSSource: ShardSource {
  public let name: String
  public let formatName = "mds"
  public let columns: [SourceColumn]
  public let shards: ShardTable
  public let rawByteCount: Int
  public let modified: FileTimestamp
  /// The samples of each of the paths that it was made from.
  public let pathSampleCounts: ShardTable

  private let folders: [IndexedFolder]
  let schema: MDSSchema
  private let verification: Verification
  /// Size and time of each shard's file as seen at the mount, in the order of shards; nil where it was not there.
  private let identities: [FileIdentity?]

  private struct IndexedFolder: Sendable {
    let path: String
    let index: MDSIndex
    /// The ordinal of its first shard in the source.
    let firstShard: Int
  }

  /// Reads the index files below `paths` (each a folder with `index.json`, or of such folders), in order.
  ///
  /// A declared shape is tried on one sample; shards are not opened otherwise, so that missing or damaged ones do not stop a mount.
  public init(name: String, paths: [String], declarations: [ColumnDeclaration], verification: Verification) throws(SourceError) {
    self.name = name
    self.verification = verification
    var folders: [IndexedFolder] = []
    var counts: [UInt32] = []
    var rawByteCount = 0
    var pathSampleCounts: [Int] = []
    for path in paths {
      let firstShard = counts.count
      for folder in try MDSFolders.find(path) {
        let index = try MDSIndexFile.read(folder + "/index.json")
        if let first = folders.first { try Self.compare(first.index, first.path, index, folder) } else { try Self.compare(index, folder, index, folder) }
        folders.append(IndexedFolder(path: folder, index: index, firstShard: counts.count))
        for shard in 0..<index.shardCount {
          counts.append(UInt32(index.sampleCount(ofShard: shard)))
        }
        let (sum, overflow) = rawByteCount.addingReportingOverflow(index.rawByteCount)
        guard !overflow else { throw SourceError(.path, "\(folder)/index.json: the sizes of all shards together are more than 2^63 bytes") }
        rawByteCount = sum
      }
      pathSampleCounts.append(counts[firstShard...].reduce(0) { $0 + Int($1) })
    }
    guard let schema = folders.first?.index.schemas.first, let table = try? ShardTable(counts), table.sampleCount > 0,
      let byPath = try? ShardTable(pathSampleCounts)
    else {
      throw SourceError(.path, "\(folders.first?.path ?? paths.joined(separator: ", ")): holds no samples")
    }
    self.folders = folders
    self.schema = schema
    self.rawByteCount = rawByteCount
    shards = table
    self.pathSampleCounts = byPath
    columns = try MDSColumns.describe(schema, declarations, path: folders[0].path)
    var newest = FileTimestamp(seconds: 0, nanoseconds: 0)
    var identities: [FileIdentity?] = []
    identities.reserveCapacity(counts.count)
    for folder in folders {
      for path in [folder.path + "/index.json"] { if let seen = Folder.identity(of: path) { newest = max(newest, FileTimestamp(seen)) } }
      for shard in 0..<folder.index.shardCount {
        let seen = Folder.identity(of: folder.path + "/" + folder.index.shard(shard).file.basename)
        if let seen { newest = max(newest, FileTimestamp(seen)) }
        identities.append(seen)
      }
    }
    self.identities = identities
    modified = newest
    try tryDeclarations(declarations)
  }

  /// At most `count` shards whose files are there, smallest first.
  func smallestPresentShards(_ count: Int) -> [Int] {
    let present = identities.indices.filter { identities[$0] != nil && shards.count(of: $0) > 0 }
    return Array(present.sorted { (identities[$0]?.byteCount ?? 0, $0) < (identities[$1]?.byteCount ?? 0, $1) }.prefix(count))
  }

  /// Every shard of every folder has the same columns.
  private static func compare(_ first: MDSIndex, _ firstPath: String, _ index: MDSIndex, _ path: String) throws(SourceError) {
    guard let expected = first.schemas.first else { return }
    for shard in 0..<index.shardCount {
      let found = index.schemas[index.schemaOrdinal(ofShard: shard)]
      if found != expected {
        throw SourceError(
          .path,
          "\(path)/index.json: the columns of \(index.shard(shard).raw.basename) (\(Self.list(found))) differ from those of \(firstPath)/\(first.shard(0).raw.basename) (\(Self.list(expected)))"
        )
      }
      if index.schemas.count == 1 { return }
    }
  }

  private static func list(_ schema: MDSSchema) -> String { schema.map { "\($0.name): \($0.encoding.name)" }.joined(separator: ", ") }

  /// The decoded bytes and, charged with them, eight bytes a sample and column for the places of its values.
  public func largestDemand(columns: [Int]) -> DecodeDemand {
    var demand = DecodeDemand(inputByteCount: 0, outputByteCount: 0)
    for folder in folders {
      for shard in 0..<folder.index.shardCount { demand = demand.union(Self.demand(folder.index, shard, columns.count)) }
    }
    return demand
  }

  func demand(ofShard shard: Int, columnCount: Int) -> DecodeDemand {
    let folder = folder(ofShard: shard)
    return Self.demand(folder.index, shard - folder.firstShard, columnCount)
  }

  /// The raw shard, padded, and behind it eight bytes a sample and column.
  private static func demand(_ index: MDSIndex, _ shard: Int, _ columnCount: Int) -> DecodeDemand {
    let table = index.sampleCount(ofShard: shard) * 8 * columnCount
    let (output, overflow) = index.rawByteCount(ofShard: shard).addingReportingOverflow(table + 8)
    return DecodeDemand(
      inputByteCount: MDSShardReader.inputByteCount, outputByteCount: overflow ? .max / 4 : output, stateByteCount: index.codec(ofShard: shard).stateByteCount)
  }

  private func folder(ofShard shard: Int) -> IndexedFolder { folders[folders.lastIndex { $0.firstShard <= shard && $0.index.shardCount > 0 } ?? 0] }

  private func locate(_ shard: Int) -> (folder: IndexedFolder, entry: MDSShardEntry) {
    let folder = folder(ofShard: shard)
    return (folder, folder.index.shard(shard - folder.firstShard))
  }

  public func path(ofShard shard: Int) -> String {
    let (folder, entry) = locate(shard)
    return folder.path + "/" + entry.file.basename
  }

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
    let (folder, entry) = locate(shard)
    let reader = MDSShardReader(path: folder.path + "/" + entry.file.basename, entry: entry, seen: identities[shard], verification: verification)
    let rowReader = MDSRowReader(entry, schema: schema, wanted: columns.map { ($0, self.columns[$0]) }, shard: shard, region: workspace.output)
    try reader.read(with: workspace) { byteCount throws(MDSReadError) in
      let rows = try rowReader.advance(to: byteCount)
      if !rows.isEmpty { onRows(rowReader.decoded, rows) }
    }
    try rowReader.finish()
    return rowReader.decoded
  }
}

extension FileTimestamp {
  init(_ identity: FileIdentity) { self.init(seconds: identity.modifiedSeconds, nanoseconds: identity.modifiedNanoseconds) }
}
