// What a file system answers, without FUSE in it: FuseSession turns requests of the kernel into calls of this protocol,
// and tests call it directly.

/// A read-only file system of virtual files.
///
/// No call waits: what needs decoding is answered later, by another thread, through `reply`. Every `reply` is called exactly once.
public protocol FileService: Sendable {
  /// The attributes of the entry `name` (UTF-8, without `/`) of a directory. Fails with `.notFound` or `.notADirectory`.
  func lookUp(_ name: String, in directory: Inode, reply: @escaping @Sendable (Result<FileAttributes, FileError>) -> Void)
  /// `handle`: the open file that is asked about, where there is one; the size of a control file is that of its snapshot.
  func attributes(of inode: Inode, handle: FileHandle?, reply: @escaping @Sendable (Result<FileAttributes, FileError>) -> Void)
  func open(_ inode: Inode, reply: @escaping @Sendable (Result<OpenedFile, FileError>) -> Void)
  /// At most `byteCount` bytes from `byteOffset`; fewer only at the end of the file.
  func read(_ inode: Inode, handle: FileHandle, byteOffset: Int, byteCount: Int, reply: @escaping @Sendable (Result<FileBytes, FileError>) -> Void)
  func close(_ inode: Inode, handle: FileHandle)
  /// Hands the entries of a directory to `emit`, from the one numbered `ordinal` (0-based; `.` and `..` are not among them), until it answers false.
  /// Entries are made as they are asked for, so that a directory of millions costs nothing to open.
  func entries(of directory: Inode, from ordinal: Int, emit: (DirectoryEntry) -> Bool) throws(FileError)
  /// The file system's totals for `statfs`.
  var totals: FileSystemTotals { get }
}

/// The number by which the kernel knows a file or directory; arithmetic on the configuration, the same after a restart.
public struct Inode: Hashable, Sendable {
  public let number: UInt64
  public init(_ number: UInt64) { self.number = number }
  public static let root = Inode(1)
}

/// Names one open file between `open` and `close`. Zero where nothing needs to be remembered.
public struct FileHandle: Hashable, Sendable {
  public let number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

public struct FileAttributes: Sendable, Equatable {
  public enum Kind: Sendable { case file, directory }
  public var inode: Inode
  public var kind: Kind
  /// Exact, before anything is read.
  public var byteCount: Int
  public var modified: FileTime
  public var userID: UInt32
  public var groupID: UInt32
  /// False for the files of `.epochfs`, whose content is of the moment: neither attributes nor pages may be cached.
  public var isImmutable: Bool

  public init(inode: Inode, kind: Kind, byteCount: Int, modified: FileTime, userID: UInt32, groupID: UInt32, isImmutable: Bool) {
    self.inode = inode
    self.kind = kind
    self.byteCount = byteCount
    self.modified = modified
    self.userID = userID
    self.groupID = groupID
    self.isImmutable = isImmutable
  }
}

/// A time since the epoch of POSIX.
public struct FileTime: Sendable, Hashable, Comparable {
  public var seconds: Int
  public var nanoseconds: Int
  public init(seconds: Int, nanoseconds: Int = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
  public static func < (a: FileTime, b: FileTime) -> Bool { (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds) }
}

public struct DirectoryEntry: Sendable {
  public let name: String
  public let inode: Inode
  public let kind: FileAttributes.Kind
  public init(name: String, inode: Inode, kind: FileAttributes.Kind) {
    self.name = name
    self.inode = inode
    self.kind = kind
  }
}

public struct FileSystemTotals: Sendable {
  public var byteCount: UInt64
  public var fileCount: UInt64
  public init(byteCount: UInt64, fileCount: UInt64) {
    self.byteCount = byteCount
    self.fileCount = fileCount
  }
}
