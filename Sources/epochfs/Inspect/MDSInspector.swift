// What the index files of an MDS data set say, and what lies on disk.

internal import Checksums
internal import Compression
internal import MDSFormat
internal import Platform
internal import SampleOrder
internal import ShardStore

/// One shard of an index, and its files.
struct InspectedShard {
  let folder: String
  /// The shard's ordinal in the folder's index.
  let ordinal: Int
  let entry: MDSShardEntry
  /// The bytes of its files on disk, nil where one is missing.
  let foundByteCount: Int?
  /// What is wrong with its files, as far as can be told without reading them.
  let problem: String?

  init(_ folder: MDSDescription.IndexedFolder, _ ordinal: Int) {
    self.folder = folder.path
    self.ordinal = ordinal
    entry = folder.index.shard(ordinal)
    var sum: Int? = 0
    var problem: String?
    for file in [entry.data.file, entry.meta?.file].compactMap({ $0 }) {
      let path = "\(folder.path)/\(file.basename)"
      let found = Folder.identity(of: path)?.byteCount
      sum = sum.flatMap { sum in found.map { sum + $0 } }
      if problem == nil, found != file.byteCount {
        problem = found.map { "\(path): has \(ItemCount.text($0, "byte")), but the index says \(file.byteCount)" } ?? "\(path): is not there"
      }
    }
    foundByteCount = sum
    self.problem = problem
  }

  var path: String { "\(folder)/\(entry.file.basename)" }
  var storedByteCount: Int { entry.file.byteCount.addingReportingOverflow(entry.meta?.file.byteCount ?? 0).partialValue }
  var rawByteCount: Int { entry.raw.byteCount.addingReportingOverflow(entry.meta?.raw.byteCount ?? 0).partialValue }
  var codecName: String { entry.stored == nil ? "" : entry.codec.name }
  var hashNames: String { entry.file.hashes.map(\.algorithm.name).joined(separator: ", ") }
}

struct MDSInspector {
  let path: String
  let folders: [MDSDescription.IndexedFolder]
  /// Nil where the path is one shard's: then the first of `shards` is it.
  let isFolder: Bool
  let shards: [InspectedShard]
  /// What lies in the folder beside the data set; nil where the path is one shard's.
  let others: OtherFormats?

  /// Nil where the path is neither a folder, nor an index, nor a file that an index beside it names.
  init?(path: String) throws(InspectionError) {
    self.path = path
    do throws(SourceError) {
      if Folder.kind(of: path) == .folder || path == "index.json" || path.hasSuffix("/index.json") {
        folders = try MDSDescription.folders(of: path == "index.json" ? "." : path)
        isFolder = true
        others = Folder.kind(of: path) == .folder ? .besideMDS(in: path) : nil
        shards = folders.flatMap { folder in (0..<folder.index.shardCount).map { InspectedShard(folder, $0) } }
      } else {
        guard let (folder, ordinal) = try MDSDescription.shard(at: path) else { return nil }
        folders = [folder]
        isFolder = false
        others = nil
        shards = [InspectedShard(folder, ordinal)]
      }
    } catch { throw InspectionError(path: path, problem: "\(error)") }
  }

  var sampleCount: Int { shards.reduce(0) { $0 &+ $1.entry.sampleCount } }
  var rawByteCount: Int { shards.reduce(0) { $0 &+ $1.rawByteCount } }
  var storedByteCount: Int { shards.reduce(0) { $0 &+ $1.storedByteCount } }
  var schema: MDSSchema? { shards.first?.entry.columns }

  /// Every schema beside the first one, with the shard where it is first met.
  var otherSchemas: [(shard: InspectedShard, schema: MDSSchema)] {
    var found: [(InspectedShard, MDSSchema)] = []
    for shard in shards where shard.entry.columns != schema && !found.contains(where: { $0.1 == shard.entry.columns }) {
      found.append((shard, shard.entry.columns))
    }
    return found
  }

  /// The data set as a mount would open it, and the rows of `limit` samples at most: of the shard, or of the first shard whose files are sound.
  func samples(limit: Int) throws(InspectionError) -> (SampleReport, shard: InspectedShard)? {
    guard let shard = shards.first(where: { $0.problem == nil && $0.entry.sampleCount > 0 }) else { return nil }
    do throws(SourceError) {
      // Its folder alone: shards of others may have other columns.
      let source = try MDSFamily.open(name: "inspect", paths: [shard.folder], declarations: [], verification: .auto)
      let start = source.shards.start(of: shard.ordinal)
      return (SampleReport(source, rows: start..<start + min(limit, shard.entry.sampleCount), path: shard.path), shard)
    } catch { throw InspectionError(path: shard.folder, problem: "samples cannot be shown: \(error)") }
  }
}
