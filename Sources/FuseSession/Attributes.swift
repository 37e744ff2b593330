// File attributes as the kernel wants them.

internal import FileTree
internal import Glibc

extension FileAttributes {
  /// How long the kernel may keep what it was told: for good where nothing ever changes (ten years, in seconds), else not at all.
  var cacheSeconds: Double { isImmutable ? 315_360_000 : 0 }
}

extension FileAttributes.Kind {
  /// The type bits of st_mode.
  var typeBits: mode_t {
    switch self {
    case .file: S_IFREG
    case .directory: S_IFDIR
    }
  }
}

/// The `struct stat` of an entry: files 0444, folders 0555.
func status(of attributes: FileAttributes) -> stat {
  var status = Glibc.stat()
  status.st_ino = UInt(attributes.inode.number)
  status.st_mode = attributes.kind.typeBits | (attributes.kind == .directory ? 0o555 : 0o444)
  // One for folders too, as btrfs has it: "the sub-folders are not counted". Two would tell `find` that there are none.
  status.st_nlink = 1
  status.st_uid = attributes.userID
  status.st_gid = attributes.groupID
  status.st_size = attributes.byteCount
  status.st_blksize = 4096
  status.st_blocks = attributes.byteCount / 512 + (attributes.byteCount % 512 == 0 ? 0 : 1)
  let time = timespec(tv_sec: attributes.modified.seconds, tv_nsec: attributes.modified.nanoseconds)
  status.st_mtim = time
  status.st_ctim = time
  status.st_atim = time
  return status
}
