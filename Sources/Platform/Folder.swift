// What lies in a folder, and what a path is.

import Glibc

public enum Folder {
  public enum Kind: Sendable { case file, folder, other }

  /// What `path` is, links followed; nil where there is nothing, or nothing that can be looked at.
  public static func kind(of path: String) -> Kind? { (try? kindIfPresent(path)) ?? nil }

  /// What `path` is, links followed; nil where nothing stands under that name.
  /// - Throws: where something does, or may, that cannot be looked at: a link that leads nowhere, a folder on the way that may not be entered.
  public static func kindIfPresent(_ path: String) throws(SystemError) -> Kind? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      let number = errno
      if number == ENOENT || number == ENOTDIR, !hasEntry(path) { return nil }
      throw SystemError(call: "stat", path: path, number: number)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Whether anything has that name, be it a link that leads nowhere.
  public static func hasEntry(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0
  }

  /// What the link at `path` says; nil where there is no link.
  public static func linkTarget(_ path: String) -> String? {
    var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
    // Sound: at most as many bytes are written as the array has.
    let count = unsafe target.withUnsafeMutableBytes { unsafe readlink(path, $0.baseAddress!, $0.count) }
    return count < 0 ? nil : String(decoding: target.prefix(count), as: UTF8.self)
  }

  public static func identity(of path: String) -> FileIdentity? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return FileIdentity(status)
  }

  /// The names in a folder, without `.` and `..`, in the order of their bytes.
  public static func names(in path: String) throws(SystemError) -> [String] {
    try entries(in: path).map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What stands in a folder, without `.` and `..`, in no order; without a look at each of its files.
  public static func entries(in path: String) throws(SystemError) -> [FolderEntry] {
    guard let folder = unsafe opendir(path) else { throw SystemError(call: "list", path: path, number: errno) }
    defer { unsafe _ = closedir(folder) }
    var entries: [FolderEntry] = []
    while true {
      // Its end and an error are told apart by errno alone.
      errno = 0
      guard let entry = unsafe readdir(folder) else {
        guard errno == 0 else { throw SystemError(call: "list", path: path, number: errno) }
        return entries
      }
      // Sound: the entry is valid until the next readdir, and its name is copied before.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe String(cString: UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
      }
      if name == "." || name == ".." { continue }
      let kind: Kind? =
        switch unsafe Int(entry.pointee.d_type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK), Int(DT_UNKNOWN): nil
        default: .other
        }
      entries.append(FolderEntry(name: name, kind: kind))
    }
  }

  /// `path` with every link resolved, or nil where it does not exist.
  public static func resolved(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}

/// What stands in a folder under a name.
public struct FolderEntry: Sendable {
  public let name: String
  /// Nil for links, whose target has to be looked at, and where the file system does not say.
  public let kind: Folder.Kind?

  public init(name: String, kind: Folder.Kind?) {
    self.name = name
    self.kind = kind
  }
}
