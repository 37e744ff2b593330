// A folder that appears whole or not at all.

internal import Glibc
internal import Platform

/// Collects files beside their destination, or inside it where that exists already, and moves them to their place at the end.
///
/// What was not published is removed when the value goes away.
struct StagedFolder: ~Copyable {
  /// Where the files will be, where they are until then, and whether the second lies in the first: an empty folder
  /// that was there before stays, since it may be a mount point, or the one that somebody's shell is in.
  private let target: String
  private let staging: String
  private let isInside: Bool
  /// Everything made so far, parents before children.
  private var made: [(path: String, isFolder: Bool)]

  /// - Throws: `.folderNotEmpty`, `.notAFolder`, `.system`.
  init(target path: String) throws(SampleDataError) {
    let target = Self.withoutTrailingSlashes(path)
    let isInside = try Self.isEmptyFolder(target)
    let (parent, name) = Self.split(target)
    if !isInside { try OutputFiles.makeFolders(parent) }
    let staging = isInside ? "\(target)/.epochfs-\(getpid())" : "\(parent)/.\(name).epochfs-\(getpid())"
    try OutputFiles.makeFolder(staging)
    self.target = target
    self.staging = staging
    self.isInside = isInside
    made = [(staging, isFolder: true)]
  }

  deinit {
    for entry in made.reversed() {
      if entry.isFolder { OutputFiles.removeFolder(entry.path) } else { OutputFiles.removeFile(entry.path) }
    }
  }

  /// `path` is relative; its parents were made before.
  mutating func makeFolder(_ path: String) throws(SampleDataError) {
    try OutputFiles.makeFolder("\(staging)/\(path)")
    made.append(("\(staging)/\(path)", isFolder: true))
  }

  mutating func write(_ bytes: [UInt8], to path: String) throws(SampleDataError) {
    try OutputFiles.write(bytes, to: "\(staging)/\(path)")
    made.append(("\(staging)/\(path)", isFolder: false))
  }

  /// Moves everything to its place. `names` are those at the top, the one that makes the rest usable last.
  consuming func publish(_ names: [String]) throws(SampleDataError) {
    if isInside {
      try moveOut(names)
    } else {
      try OutputFiles.move(staging, to: target)
    }
    made = []
  }

  private func moveOut(_ names: [String]) throws(SampleDataError) {
    var moved: [String] = []
    do throws(SampleDataError) {
      for name in names {
        try OutputFiles.move("\(staging)/\(name)", to: "\(target)/\(name)")
        moved.append(name)
      }
    } catch {
      // Back, to be removed with the rest.
      for name in moved { try OutputFiles.move("\(target)/\(name)", to: "\(staging)/\(name)") }
      throw error
    }
    OutputFiles.removeFolder(staging)
  }

  /// False where there is nothing.
  private static func isEmptyFolder(_ path: String) throws(SampleDataError) -> Bool {
    guard let kind = Folder.kind(of: path) else { return false }
    guard kind == .folder else { throw .notAFolder(path) }
    let names: [String]
    do throws(SystemError) { names = try Folder.names(in: path) } catch { throw .system(error) }
    guard let found = names.first else { return true }
    throw .folderNotEmpty(path, found: found)
  }

  private static func split(_ path: String) -> (parent: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    var path = path[...]
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return String(path)
  }
}
