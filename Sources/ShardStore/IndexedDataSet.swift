// The index files of one data set: its shards in order, and the files as they were at the mount.

internal import MDSFormat
internal import Platform
internal import SampleOrder

/// Folders with an `index.json` each, one after another. All shards have the same columns and format.
struct IndexedDataSet: Sendable {
  let folders: [IndexedFolder]
  let schema: MDSSchema
  /// Sample counts in stored order.
  let shards: ShardTable
  /// The samples of each of the paths.
  let pathSampleCounts: ShardTable
  /// Uncompressed bytes of all shards.
  let rawByteCount: Int
  /// When the newest of its files was written.
  let modified: FileTimestamp
  /// Size and time of each shard's file as seen at the mount, in the order of shards; nil where it was not there.
  let identities: [FileIdentity?]
  /// The same of the shards' second files; empty for formats without.
  let metaIdentities: [FileIdentity?]

  struct IndexedFolder: Sendable {
    let path: String
    let index: MDSIndex
    /// The ordinal of its first shard in the data set.
    let firstShard: Int
  }

  /// Reads the index files below `paths` (each a folder with `index.json`, or of such folders), in order.
  /// - Parameter progress: told how many of all shards' files were looked at.
  init(paths: [String], progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }) throws(SourceError) {
    var folders: [IndexedFolder] = []
    var counts: [UInt32] = []
    var rawByteCount = 0
    var pathSampleCounts: [Int] = []
    for path in paths {
      let firstShard = counts.count
      for folder in try MDSFolders.find(path) {
        let index = try MDSIndexFile.read(folder + "/index.json")
        let first = folders.first { $0.index.shardCount > 0 }
        try Self.compare(first?.index ?? index, first?.path ?? folder, index, folder)
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
    guard let schema = folders.first(where: { !$0.index.schemas.isEmpty })?.index.schemas.first, let table = try? ShardTable(counts), table.sampleCount > 0,
      let byPath = try? ShardTable(pathSampleCounts)
    else {
      throw SourceError(.path, "\(folders.first?.path ?? paths.joined(separator: ", ")): holds no samples")
    }
    guard table.sampleCount <= SourceLimits.rowCount else {
      throw SourceError(
        .path, "\(paths.joined(separator: ", ")): the index files tell of \(table.sampleCount) samples; a source may have \(SourceLimits.rowCount)")
    }
    self.folders = folders
    self.schema = schema
    self.rawByteCount = rawByteCount
    shards = table
    self.pathSampleCounts = byPath
    let files = Self.identify(folders, hasMeta: schema.rows != .joint, progress)
    identities = files.data
    metaIdentities = files.meta
    modified = files.newest
  }

  private static func identify(
    _ folders: [IndexedFolder], hasMeta: Bool, _ progress: (Int, Int) -> Void
  ) -> (data: [FileIdentity?], meta: [FileIdentity?], newest: FileTimestamp) {
    var newest = FileTimestamp(seconds: 0, nanoseconds: 0)
    func look(_ path: String) -> FileIdentity? {
      let seen = Folder.identity(of: path)
      if let seen { newest = max(newest, FileTimestamp(seen)) }
      return seen
    }
    var data: [FileIdentity?] = []
    var meta: [FileIdentity?] = []
    let shardCount = folders.reduce(0) { $0 + $1.index.shardCount }
    data.reserveCapacity(shardCount)
    for folder in folders {
      _ = look(folder.path + "/index.json")
      for shard in 0..<folder.index.shardCount {
        let entry = folder.index.shard(shard)
        data.append(look(folder.path + "/" + entry.file.basename))
        // On a remote file system each look is a round trip.
        if data.count & 63 == 0 || data.count == shardCount { progress(data.count, shardCount) }
        if hasMeta { meta.append(entry.meta.flatMap { look(folder.path + "/" + $0.file.basename) }) }
      }
    }
    return (data, meta, newest)
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

  private static func list(_ schema: MDSSchema) -> String {
    let columns = schema.map { "\($0.name): \($0.encoding.name)" }.joined(separator: ", ")
    return schema.rows == .joint ? columns : "\(schema.rows.formatName), \(columns)"
  }

  // MARK: - Shards

  /// The folder of a shard, and the shard's ordinal in its index.
  func folder(ofShard shard: Int) -> (IndexedFolder, ordinal: Int) {
    let folder = folders[folders.lastIndex { $0.firstShard <= shard && $0.index.shardCount > 0 } ?? 0]
    return (folder, shard - folder.firstShard)
  }

  func entry(ofShard shard: Int) -> MDSShardEntry {
    let (folder, ordinal) = folder(ofShard: shard)
    return folder.index.shard(ordinal)
  }

  func path(ofShard shard: Int) -> String {
    let (folder, ordinal) = folder(ofShard: shard)
    return folder.path + "/" + folder.index.shard(ordinal).file.basename
  }

  /// The most of what `demand` says of each shard of each index.
  func largestDemand(_ demand: (MDSIndex, Int) -> DecodeDemand) -> DecodeDemand {
    var largest = DecodeDemand(inputByteCount: 0, outputByteCount: 0)
    for folder in folders { for shard in 0..<folder.index.shardCount { largest = largest.union(demand(folder.index, shard)) } }
    return largest
  }

  /// At most `count` shards whose files are there, smallest first.
  func smallestPresentShards(_ count: Int) -> [Int] {
    let present = identities.indices.filter { identities[$0] != nil && shards.count(of: $0) > 0 }
    return Array(present.sorted { (identities[$0]?.byteCount ?? 0, $0) < (identities[$1]?.byteCount ?? 0, $1) }.prefix(count))
  }
}

extension FileTimestamp {
  init(_ identity: FileIdentity) { self.init(seconds: identity.modifiedSeconds, nanoseconds: identity.modifiedNanoseconds) }
}
