// Why a mount or an unmount was refused or failed.

internal import Glibc
internal import Platform

public enum FuseSessionError: Error, Sendable, Equatable, CustomStringConvertible {
  case mountpointMissing(String)
  case mountpointNotADirectory(String)
  case rootOfAll
  /// Neither missing nor usable: the errno of looking at it.
  case mountpointUnusable(String, code: Int32)
  case alreadyMounted(String)
  /// A dead mount of another program lies there.
  case deadForeignMount(String, kind: String)
  case notAMount(String)
  /// Not even a folder, where a mount should be taken away.
  case nothingThere(String)
  case foreignMount(String, kind: String)
  case optionRefused(String, reason: String)
  /// What libfuse or the kernel said.
  case mountFailed(String, detail: String)
  /// There is no /dev/fuse, or nothing behind it.
  case noDevice
  case deviceDenied(DeviceOwnership)
  case deviceUnusable(code: Int32)
  case busy(String, holders: [String])
  case unmountFailed(String, detail: String)
  case noThread(code: Int32)
  /// It was asked for by name, and kernel or privileges do not allow it.
  case passthroughUnavailable

  public var description: String {
    switch self {
    case .mountpointMissing(let path): "\(path): the mountpoint does not exist; make it with mkdir -p"
    case .mountpointNotADirectory(let path): "\(path): the mountpoint is not a directory"
    case .rootOfAll: "/: nothing is mounted on the root of the file system, or taken away from it; give a folder of its own"
    case .mountpointUnusable(let path, let code): "\(path): the mountpoint cannot be used: \(SystemError.text(code))"
    case .alreadyMounted(let path): "\(path): EpochFS is already mounted here and answers; run `epochfs unmount \(path)` first"
    case .deadForeignMount(let path, let kind): "\(path): a dead mount of type \(kind) lies here; unmount it first (umount -l \(path))"
    case .notAMount(let path): "\(path): nothing is mounted here"
    case .nothingThere(let path): "\(path): there is no such folder, so nothing is mounted here"
    case .foreignMount(let path, let kind): "\(path): a mount of type \(kind), not of EpochFS; it is left alone"
    case .optionRefused(let option, let reason): "-o \(option): refused, because \(reason)"
    case .mountFailed(let path, let detail): "\(path): the mount failed: \(detail)"
    case .noDevice: "this machine has no /dev/fuse: load its module with `modprobe fuse`; a container is given it with --device /dev/fuse --cap-add SYS_ADMIN"
    case .deviceDenied(let ownership): "/dev/fuse cannot be opened by the user \(ownership); \(ownership.advice), or mount as root"
    case .deviceUnusable(let code):
      "/dev/fuse cannot be opened: \(SystemError.text(code)); a container may open it where it is started with --device /dev/fuse --cap-add SYS_ADMIN"
    case .busy(let path, let holders):
      holders.isEmpty
        ? "\(path): busy, some process has a file or a folder of it open"
        : "\(path): busy, in use by \(holders.joined(separator: ", "))"
    case .unmountFailed(let path, let detail): "\(path): the unmount failed: \(detail)"
    case .noThread(let code): "no thread could be started: \(SystemError.text(code))"
    case .passthroughUnavailable:
      "serve: passthrough is not possible here: it takes Linux 6.9 or newer, CAP_SYS_ADMIN and a FUSE device that allows it; `serve: auto` falls back to replies"
    }
  }
}
