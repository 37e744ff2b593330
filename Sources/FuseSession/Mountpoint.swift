// Where a mount goes: checked before, and cleaned of what a killed daemon left.

internal import Glibc
internal import Platform

/// A directory that can be mounted on.
struct Mountpoint {
  /// Absolute, without symbolic links: as the kernel's list of mounts has it.
  let path: String

  /// Checks `path`, and takes a dead mount of EpochFS off it.
  init(preparing path: String) throws(FuseSessionError) {
    self.path = try Self.resolve(path)
    // A restarted daemon that was killed again leaves one mount over the other.
    for _ in 0..<64 {
      let code = Self.look(at: self.path)
      guard code == ENOTCONN || code == ECONNABORTED else { break }
      let kind = MountedFileSystem.at(self.path)?.kind ?? "unknown"
      guard kind == MountedFileSystem.ourKind else { throw .deadForeignMount(path, kind: kind) }
      try detach(self.path, lazily: true)
    }
    let code = Self.look(at: self.path)
    if code == ENOENT { throw .mountpointMissing(path) }
    if code == ENOTDIR { throw .mountpointNotADirectory(path) }
    if code != 0 { throw .mountpointUnusable(path, code: code) }
    if MountedFileSystem.at(self.path)?.isOurs == true { throw .alreadyMounted(path) }
  }

  /// The path as the kernel has it. The folder above is resolved, not the mountpoint: it may be dead.
  static func resolve(_ path: String) throws(FuseSessionError) -> String {
    if let whole = Folder.resolved(path) {
      // A mount there hides everything, and taking it away by its path would ask for the real root, since every process has that below it.
      if whole == "/" { throw .rootOfAll }
      return whole
    }
    let code = errno
    if code == ENOENT { throw .mountpointMissing(path) }
    if code == ENOTDIR { throw .mountpointNotADirectory(path) }
    guard code == ENOTCONN || code == ECONNABORTED else { throw .mountpointUnusable(path, code: code) }
    var names = path.split(separator: "/", omittingEmptySubsequences: true)
    guard let last = names.popLast(), last != ".", last != "..", let above = Folder.resolved((path.hasPrefix("/") ? "/" : "./") + names.joined(separator: "/"))
    else {
      throw .mountpointUnusable(path, code: code)
    }
    return above == "/" ? "/\(last)" : "\(above)/\(last)"
  }

  /// The errno of looking at a directory; 0 when it is one.
  private static func look(at path: String) -> Int32 {
    var status = Glibc.stat()
    // Sound: stat(2) fills the structure it is given.
    guard unsafe stat(path, &status) == 0 else { return errno }
    // The kernel keeps the attributes of a mount for years, also of one whose daemon is gone; its totals it asks for every time.
    var totals = statvfs()
    guard unsafe statvfs(path, &totals) == 0 else { return errno }
    return status.st_mode & S_IFMT == S_IFDIR ? 0 : ENOTDIR
  }
}
