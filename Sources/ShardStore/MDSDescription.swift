// What the index files of a data set say, as they say it: for `epochfs inspect`.

package import MDSFormat
internal import Platform

package enum MDSDescription {
  /// One folder with its `index.json`.
  package struct IndexedFolder: Sendable {
    package let path: String
    package let index: MDSIndex
  }

  /// The folders that `path` stands for, in order; their shards need not go together.
  package static func folders(of path: String) throws(SourceError) -> [IndexedFolder] {
    var folders: [IndexedFolder] = []
    for folder in try MDSFolders.find(path) { folders.append(IndexedFolder(path: folder, index: try MDSIndexFile.read(folder + "/index.json"))) }
    return folders
  }

  /// The folder whose index names the file at `path`, and the shard's ordinal there; nil where no index in the file's folder, or in the two above, does.
  package static func shard(at path: String) throws(SourceError) -> (folder: IndexedFolder, shard: Int)? {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var basename = ""
    for _ in 0..<3 {
      guard let last = parts.popLast() else { return nil }
      basename = basename.isEmpty ? last : "\(last)/\(basename)"
      let folder = parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/")
      guard Folder.kind(of: folder + "/index.json") == .file else { continue }
      let index = try MDSIndexFile.read(folder + "/index.json")
      let found = (0..<index.shardCount).first { shard in
        let entry = index.shard(shard)
        return [entry.data.raw, entry.data.stored, entry.meta?.raw, entry.meta?.stored].contains { $0?.basename == basename }
      }
      if let found { return (IndexedFolder(path: folder, index: index), found) }
    }
    return nil
  }
}
