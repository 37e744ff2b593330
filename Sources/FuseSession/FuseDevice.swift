// The device that leads to the kernel's FUSE.

internal import Glibc

enum FuseDevice {
  /// Opens the device as libfuse and fusermount3 will, with the rights of this user: what they say when it fails tells less.
  ///
  /// - Throws: `.noDevice`, `.deviceDenied`, `.deviceUnusable`.
  static func check(_ path: String = "/dev/fuse") throws(FuseSessionError) {
    let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
    guard descriptor < 0 else {
      close(descriptor)
      return
    }
    let code = errno
    switch code {
    case ENOENT, ENODEV, ENXIO: throw .noDevice
    case EACCES:
      guard let ownership = DeviceOwnership(of: path) else { throw .deviceUnusable(code: code) }
      throw .deviceDenied(ownership)
    default: throw .deviceUnusable(code: code)
    }
  }
}

/// Who may open a device, and who wanted to.
public struct DeviceOwnership: Sendable, Equatable, CustomStringConvertible {
  private let mode: mode_t
  private let owner: String
  private let group: String
  private let user: String

  /// Nil where the device cannot be looked at.
  init?(of path: String) {
    var status = Glibc.stat()
    // Sound: stat(2) fills the structure it is given.
    guard unsafe stat(path, &status) == 0 else { return nil }
    mode = status.st_mode & 0o7777
    owner = Self.userName(status.st_uid)
    group = Self.groupName(status.st_gid)
    user = Self.userName(geteuid())
  }

  public var description: String { "\(user): its mode is 0\(String(mode, radix: 8)), its owner \(owner):\(group)" }

  /// What lets a user open it.
  var advice: String {
    mode & 0o060 == 0o060 ? "join the group \(group)" : "as root give it the mode that distributions do, chmod 0666 /dev/fuse"
  }

  private static func userName(_ number: uid_t) -> String {
    // Sound: the entry is read before anything else asks for one, and its name is copied at once.
    unsafe getpwuid(number).map { unsafe String(cString: $0.pointee.pw_name) } ?? "\(number)"
  }

  private static func groupName(_ number: gid_t) -> String {
    // Sound: as above.
    unsafe getgrgid(number).map { unsafe String(cString: $0.pointee.gr_name) } ?? "\(number)"
  }
}
