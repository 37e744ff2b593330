// Where the index files of an MDS data set lie.

internal import ByteParsing
internal import JSONParsing
internal import Platform

enum MDSFolders {
  /// The folders with an `index.json` that `path` stands for: itself, or its sub-folders, in the order of a `manifest.json` beside them, else of their names.
  ///
  /// The manifest's absolute addresses are not followed: only the last part of each counts. Folders it does not name follow in the order of their names.
  static func find(_ path: String) throws(SourceError) -> [String] {
    switch Folder.kind(of: path) {
    case nil: throw SourceError(.path, "\(path): there is no such file or folder")
    case .file where path.hasSuffix("/index.json"): return [String(path.dropLast("/index.json".utf8.count))]
    case .file, .other: throw SourceError(.path, "\(path): is not a folder; an MDS data set is a folder with index.json, or of sub-folders that have one")
    case .folder: break
    }
    if Folder.kind(of: path + "/index.json") != nil { return [path] }
    let names: [String]
    do throws(SystemError) { names = try Folder.names(in: path) } catch { throw SourceError(.path, "\(error)") }
    var found = names.filter { !$0.hasPrefix("_") && !$0.hasPrefix(".") && Folder.kind(of: "\(path)/\($0)/index.json") != nil }
    if Folder.kind(of: path + "/manifest.json") == .file {
      let listed = try manifestNames(path + "/manifest.json")
      if let missing = listed.first(where: { !found.contains($0) }) {
        throw SourceError(.path, "\(path)/manifest.json: names the folder \(missing), but there is no \(path)/\(missing)/index.json")
      }
      found = listed + found.filter { !listed.contains($0) }
    }
    guard !found.isEmpty else { throw SourceError(.path, "\(path): has no index.json, and no sub-folder of it has one") }
    return found.map { "\(path)/\($0)" }
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
