// Where the index files of an MDS data set lie.

internal import ByteParsing
internal import JSONParsing
internal import Platform

enum MDSFolders {
  /// The folders with an `index.json` that `path` stands for: itself, or its sub-folders, in the order of a `manifest.json` beside them, else of their names.
  ///
  /// The manifest's absolute addresses are not followed: only the last part of each counts. Folders it does not name follow in the order of their names.
  static func find(_ path: String) throws(SourceError) -> [String] {
    switch try ListedEntry.kind(of: path) {
    case nil: throw SourceError(.path, "\(path): there is no such file or folder")
    case .file where path.hasSuffix("/index.json"): return [String(path.dropLast("/index.json".utf8.count))]
    case .file, .other: throw SourceError(.path, "\(path): is not a folder; an MDS data set is a folder with index.json, or of sub-folders that have one")
    case .folder: break
    }
    if try hasIndex(path) { return [path] }
    var found = try indexedNames(in: path)
    if try ListedEntry.kind(of: path + "/manifest.json") != nil {
      let listed = try manifestNames(path + "/manifest.json")
      if let missing = listed.first(where: { !found.contains($0) }) {
        throw SourceError(.path, "\(path)/manifest.json: names the folder \(missing), but there is no \(path)/\(missing)/index.json")
      }
      found = listed + found.filter { !listed.contains($0) }
    }
    guard !found.isEmpty else { throw SourceError(.path, "\(path): has no index.json, and no sub-folder of it has one") }
    return found.map { "\(path)/\($0)" }
  }

  private static func hasIndex(_ folder: String) throws(SourceError) -> Bool { try ListedEntry.kind(of: folder + "/index.json") != nil }

  /// The sub-folders that have an index, in the order of their names. One of which that cannot be known is an error: it may have samples.
  private static func indexedNames(in folder: String) throws(SourceError) -> [String] {
    var found: [String] = []
    for entry in try ListedEntry.entries(in: folder) where !entry.name.hasPrefix("_") && !entry.name.hasPrefix(".") {
      let path = folder + "/" + entry.name
      // A link that leads nowhere and is called as files are is none to a folder.
      guard entry.kind == .folder || (entry.kind == nil && (ListedEntry.mayBeFolder(entry.name) || Folder.kind(of: path) != nil)) else { continue }
      if try ListedEntry.kind(of: path) == .folder, try hasIndex(path) { found.append(entry.name) }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The last parts of `worker_dirs`.
  private static func manifestNames(_ path: String) throws(SourceError) -> [String] {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try InputFile.contents(of: path, limit: 16 << 20) } catch { throw SourceError(.path, "\(error)") }
    do throws(JSONError) {
      return try workerNames(bytes.rawSpan)
    } catch {
      throw SourceError(.path, "\(path): \(error)")
    }
  }

  private static func workerNames(_ manifest: RawSpan) throws(JSONError) -> [String] {
    var reader = JSONReader(manifest)
    var names: [String] = []
    try reader.beginObject()
    while try reader.nextKey() {
      guard reader.keyEquals("worker_dirs") else {
        _ = try reader.skipValue()
        continue
      }
      try reader.beginArray()
      while try reader.nextElement() {
        let address = try reader.readString()
        if let name = address.split(separator: "/").last.map(String.init), !names.contains(name) { names.append(name) }
      }
    }
    return names
  }
}
