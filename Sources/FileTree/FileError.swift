// Why a request of a reader failed, and, in one exhaustive place, the errno that says so.

internal import Glibc

public enum FileError: Error, Sendable, Equatable {
  /// The name is not in the tree.
  case notFound
  case notADirectory
  case isADirectory
  /// An attempt to change anything.
  case readOnly
  case invalidArgument
  /// Data is damaged, truncated, missing or changed since the mount; the sentence names source, shard, offset and what was found.
  case damagedData(String)
  /// The batch does not fit into the memory cap while other readers hold theirs open.
  case outOfMemory
  /// The mount is going away.
  case stopping

  /// The errno of DESIGN.md section 5.
  public var errno: Int32 {
    switch self {
    case .notFound: ENOENT
    case .notADirectory: ENOTDIR
    case .isADirectory: EISDIR
    case .readOnly: EROFS
    case .invalidArgument: EINVAL
    case .damagedData: EIO
    case .outOfMemory: ENOMEM
    case .stopping: EIO
    }
  }
}
