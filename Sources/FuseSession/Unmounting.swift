// Taking mounts away.

internal import Glibc
internal import Platform

extension FuseSession {
  /// Unmounts the EpochFS at `mountpoint` from outside its daemon, which then ends by itself. Returns when the mount is gone.
  ///
  /// - Throws: `.nothingThere`, `.notAMount`, `.foreignMount` for what is not EpochFS, `.busy` with who holds it, `.unmountFailed`.
  public static func unmount(_ mountpoint: String) throws(FuseSessionError) {
    let path: String
    do throws(FuseSessionError) { path = try Mountpoint.resolve(mountpoint) } catch {
      // Who takes a mount away does not want to make a folder for one.
      if case .mountpointMissing = error { throw .nothingThere(mountpoint) }
      throw error
    }
    guard let mounted = MountedFileSystem.at(path) else { throw .notAMount(mountpoint) }
    guard mounted.isOurs else { throw .foreignMount(mountpoint, kind: mounted.kind) }
    try detach(path, lazily: false)
    // umount2 is done when it returns; fusermount3 of other systems need not be.
    for _ in 0..<500 {
      guard MountedFileSystem.at(path)?.device == mounted.device else { return }
      usleep(10_000)
    }
    throw .unmountFailed(mountpoint, detail: "it is still there after 5 s")
  }
}

/// Takes the mount at `path` away; `lazily`, from sight at once, and wholly when its last file is closed.
func detach(_ path: String, lazily: Bool) throws(FuseSessionError) {
  let flags = (lazily ? Int32(MNT_DETACH) : 0) | Int32(UMOUNT_NOFOLLOW)
  guard unsafe umount2(path, flags) != 0 else { return }
  let code = errno
  if code == EBUSY { throw .busy(path, holders: holders(of: path)) }
  guard code == EPERM else { throw .unmountFailed(path, detail: SystemError.text(code)) }
  // Not root: the setuid helper may unmount what its user mounted.
  let result = run("fusermount3", lazily ? ["-u", "-z", "--", path] : ["-u", "--", path])
  if result.status == 0 { return }
  let detail = result.output.split(separator: "\n").joined(separator: "; ")
  if result.output.contains("busy") { throw .busy(path, holders: holders(of: path)) }
  throw .unmountFailed(path, detail: detail.isEmpty ? "fusermount3 ended with \(result.status)" : detail)
}
