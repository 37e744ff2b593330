// What a mount would hide of its own sources.

internal import Platform
internal import SampleOrder
internal import ShardStore

extension MountPlan {
  /// The first stored file that lies at `folder` or below it, which nobody can read any more once something is mounted there; nil where there is none.
  ///
  /// - Parameter folder: an absolute path without symbolic links.
  public func sourceHidden(by folder: String) -> (source: String, path: String)? {
    // Many shards lie in one folder, and many stripes in one file.
    var isHidden: [String: Bool] = [:]
    for source in sources {
      var last = ""
      for shard in 0..<source.shards.shardCount {
        let path = source.path(ofShard: shard)
        if path == last { continue }
        last = path
        let above = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let known = isHidden[above] ?? Folder.resolved(above.isEmpty ? "/" : above).map { $0 == folder || $0.hasPrefix(folder + "/") } ?? false
        isHidden[above] = known
        if known { return (source.name, path) }
      }
    }
    return nil
  }
}
