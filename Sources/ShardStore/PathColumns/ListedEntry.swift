// What is looked at while files are listed: nothing that has a name is passed over in silence, since its rows would be missing.

internal import Platform

enum ListedEntry {
  /// What `path` is, links followed; nil where nothing stands under that name.
  /// - Throws: `SourceError` that names what cannot be looked at.
  static func kind(of path: String) throws(SourceError) -> Folder.Kind? {
    do throws(SystemError) { return try Folder.kindIfPresent(path) } catch { throw refusal(error) }
  }

  /// The same of what was listed in a folder; of links the target counts.
  static func kind(of entry: FolderEntry, in folder: String) throws(SourceError) -> Folder.Kind? {
    if let kind = entry.kind { return kind }
    return try kind(of: folder + "/" + entry.name)
  }

  /// What stands in a folder, in no order.
  static func entries(in folder: String) throws(SourceError) -> [FolderEntry] {
    do throws(SystemError) { return try Folder.entries(in: folder) } catch {
      throw SourceError(.path, "\(folder): cannot be listed: \(error.reason); \(Self.advice)")
    }
  }

  /// A FIFO, a socket or a device at `path`.
  static func irregular(_ path: String) -> SourceError {
    SourceError(.path, "\(path): is a FIFO, a socket or a device, but a file or a folder is expected; remove it, or name in `path` only what is wanted")
  }

  /// Whether what cannot be looked at may be a folder with rows: not where its name ends as a file's does, with a dot and letters.
  static func mayBeFolder(_ name: String) -> Bool {
    guard HiveFolder.parse(name) == nil, let dot = name.lastIndex(of: ".") else { return true }
    return !name[dot...].contains { $0.isLetter }
  }

  private static let advice = "make it readable for this user, or name in `path` only what is wanted"

  private static func refusal(_ error: SystemError) -> SourceError {
    if let target = Folder.linkTarget(error.path) {
      return SourceError(
        .path,
        "\(error.path): is a link to \(target), which cannot be followed: \(error.reason); make it lead to what this user may read, or remove the link")
    }
    return SourceError(.path, "\(error.path): cannot be looked at: \(error.reason); \(Self.advice)")
  }
}
