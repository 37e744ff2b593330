// Finds the files that a path of the configuration stands for.

internal import Platform

/// Rules: what stands in a folder is taken recursively, in byte order of the relative paths, where its name ends as the format's files do; names that begin with `_`
/// or `.` are left out. A file that is named, or matched by a pattern, is taken whatever its name ends with. Links are followed; a folder that is reached again
/// inside itself is left out. What has such a name and cannot be looked at, entered or read as a file is an error, since all rows behind its own would change
/// their places. A column is made by each `{name}`, by each folder `column=value` below the path or matched by it, and by those the path ends with.
public struct FileListing: Sendable {
  /// Lower case, with the dot.
  private let endings: [String]
  private let takesFolders: Bool

  /// Of a format whose files end so (`.parquet`), in any case.
  public init(endings: [String]) {
    self.endings = endings
    takesFolders = false
  }

  private init(folders: Void) {
    endings = []
    takesFolders = true
  }

  /// Of a format whose data sets are folders: what matches is not walked into.
  public static let folders = FileListing(folders: ())

  /// Far more than a mount can serve; a guard against links that make a folder look endless.
  private static let fileLimit = 4_000_000
  private static let depthLimit = 128

  /// - Parameter written: absolute, of a file or folder, or a pattern; a path that exists is no pattern.
  /// - Throws: `SourceError` where nothing is found, a folder cannot be listed, or a pattern names a column twice.
  public func files(_ written: String) throws(SourceError) -> ListedFiles {
    var found: [FoundPath] = []
    let names = written.split(separator: "/")
    let segments = names.map { SegmentPattern($0) }
    // Names that are no patterns may have brackets all the same, to keep them from it: those of the configuration's own folder.
    let unquoted = "/" + zip(segments, names).map { $0.literal ?? String($1) }.joined(separator: "/")
    let isPattern = segments.contains { $0.literal == nil }
    if let path = [written, unquoted].first(where: { Folder.hasEntry($0) }) ?? (isPattern ? nil : unquoted) {
      guard let kind = try ListedEntry.kind(of: path) else { throw SourceError(.path, "\(path): there is no such file or folder") }
      try take(path, kind, Self.trailingHiveFolders(path, isFolder: kind == .folder), isNamed: true, &found)
      if found.isEmpty { throw SourceError(.path, "\(path): holds no file that ends with \(endings.joined(separator: ", "))\(example(path))") }
    } else {
      let captures = segments.flatMap(\.captures)
      if let twice = captures.first(where: { name in captures.filter { $0 == name }.count > 1 }) {
        throw SourceError(.path, "\(written): {\(twice)} is there twice; each name makes one column")
      }
      try match(segments[...], at: "", [], isMatched: false, &found)
      if found.isEmpty { throw SourceError(.path, "\(written): matches no file\(takesFolders ? " or folder" : "")") }
    }
    return ListedFiles(found)
  }

  // MARK: - Patterns

  /// `isMatched`: a pattern was matched above.
  private func match(
    _ segments: ArraySlice<SegmentPattern>, at folder: String, _ values: [FoundPath.Value], isMatched: Bool, _ found: inout [FoundPath]
  ) throws(SourceError) {
    var folder = folder
    var segments = segments
    var values = values
    var kind = Folder.Kind.folder
    while let literal = segments.first?.literal {
      folder += "/" + literal
      // Name by name: a link on the way that leads nowhere has to be told from a folder that is not there.
      guard let found = try ListedEntry.kind(of: folder) else { return }
      kind = found
      segments = segments.dropFirst()
      if let hive = HiveFolder.parse(literal), !values.contains(where: { $0.name == hive.column }) {
        values.append(Self.value(hive))
      } else if !isMatched {
        // Above the first pattern only those just above it count, as those that a path ends with do.
        values = []
      }
    }
    guard let pattern = segments.first else { return try take(folder, kind, values, isNamed: true, &found) }
    guard kind == .folder else { return }
    var matches: [(key: String, entry: FolderEntry, values: [FoundPath.Value])] = []
    for entry in try ListedEntry.entries(in: folder.isEmpty ? "/" : folder) {
      guard let captured = pattern.match(entry.name) else { continue }
      var made = values + zip(pattern.captures, captured).map { FoundPath.Value(name: $0, text: $1, isCaptured: true) }
      guard let kind = try ListedEntry.kind(of: entry, in: folder) else { continue }
      if kind == .folder, let hive = HiveFolder.parse(entry.name), !made.contains(where: { $0.name == hive.column }) { made.append(Self.value(hive)) }
      matches.append((entry.name + (kind == .folder ? "/" : ""), FolderEntry(name: entry.name, kind: kind), made))
    }
    for match in matches.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      let path = folder + "/" + match.entry.name
      if segments.count > 1 {
        if match.entry.kind == .folder { try self.match(segments.dropFirst(), at: path, match.values, isMatched: true, &found) }
      } else if let kind = match.entry.kind {
        try take(path, kind, match.values, isNamed: true, &found)
      }
    }
  }

  // MARK: - Folders

  /// A file, or all files below a folder.
  private func take(_ path: String, _ kind: Folder.Kind, _ values: [FoundPath.Value], isNamed: Bool, _ found: inout [FoundPath]) throws(SourceError) {
    if kind == .folder, !takesFolders {
      var ancestors: [FileIdentity.Place] = []
      return try walk(path, values, &ancestors, &found)
    }
    guard kind != .other else { throw ListedEntry.irregular(path) }
    guard found.count < Self.fileLimit else { throw SourceError(.path, "\(path): is one of more than \(Self.fileLimit) files") }
    found.append(FoundPath(path: path, values: values))
  }

  private func walk(
    _ folder: String, _ values: [FoundPath.Value], _ ancestors: inout [FileIdentity.Place], _ found: inout [FoundPath]
  ) throws(SourceError) {
    guard ancestors.count < Self.depthLimit else { throw SourceError(.path, "\(folder): is more than \(Self.depthLimit) folders deep") }
    let entries = try ListedEntry.entries(in: folder)
    guard let place = Folder.identity(of: folder)?.place else { throw SourceError(.path, "\(folder): went away while it was listed; try again") }
    guard !ancestors.contains(place) else { return }
    ancestors.append(place)
    defer { ancestors.removeLast() }
    var wanted: [(key: String, entry: FolderEntry)] = []
    for entry in entries where !entry.name.hasPrefix("_") && !entry.name.hasPrefix(".") {
      switch try kind(of: entry, in: folder) {
      case .folder: wanted.append((entry.name + "/", FolderEntry(name: entry.name, kind: .folder)))
      case .file: if isOfFormat(entry.name) { wanted.append((entry.name, FolderEntry(name: entry.name, kind: .file))) }
      case .other: if isOfFormat(entry.name) { throw ListedEntry.irregular(folder + "/" + entry.name) }
      case nil: continue
      }
    }
    // With a slash behind folders' names this is the byte order of the whole relative paths.
    for (_, entry) in wanted.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      let path = folder + "/" + entry.name
      if entry.kind == .folder {
        var values = values
        if let hive = HiveFolder.parse(entry.name) {
          if values.contains(where: { $0.name == hive.column }) {
            throw SourceError(.path, "\(path): the column \(hive.column) is named twice by this path")
          }
          values.append(Self.value(hive))
        }
        try walk(path, values, &ancestors, &found)
      } else {
        guard found.count < Self.fileLimit else { throw SourceError(.path, "\(path): is one of more than \(Self.fileLimit) files") }
        found.append(FoundPath(path: path, values: values))
      }
    }
  }

  /// What cannot be looked at and has another format's name would not be read: nil.
  private func kind(of entry: FolderEntry, in folder: String) throws(SourceError) -> Folder.Kind? {
    do throws(SourceError) { return try ListedEntry.kind(of: entry, in: folder) } catch {
      guard isOfFormat(entry.name) || ListedEntry.mayBeFolder(entry.name) else { return nil }
      throw error
    }
  }

  private func isOfFormat(_ name: String) -> Bool {
    let name = name.lowercased()
    return endings.contains { name.hasSuffix($0) }
  }

  private static func value(_ hive: (column: String, text: String?)) -> FoundPath.Value {
    FoundPath.Value(name: hive.column, text: hive.text, isCaptured: false)
  }

  /// The hive folders that a given path ends with, the file's own name not counted.
  private static func trailingHiveFolders(_ path: String, isFolder: Bool) -> [FoundPath.Value] {
    var values: [FoundPath.Value] = []
    for segment in path.split(separator: "/").reversed().dropFirst(isFolder ? 0 : 1) {
      guard let hive = HiveFolder.parse(segment), !values.contains(where: { $0.name == hive.column }) else { break }
      values.append(value(hive))
    }
    return values.reversed()
  }

  /// What does stand there, for the message about a folder without files of the format.
  private func example(_ folder: String) -> String {
    guard let other = try? FileListing(endings: [""]).allFiles(folder), let first = other.first else { return "" }
    return "; there are \(other.count) others, such as \(first.split(separator: "/").last ?? "")"
  }

  /// The files of the format below a folder, of which there may be none.
  public func allFiles(_ folder: String) throws(SourceError) -> [String] {
    var found: [FoundPath] = []
    var ancestors: [FileIdentity.Place] = []
    try walk(folder, [], &ancestors, &found)
    return found.map(\.path)
  }
}
