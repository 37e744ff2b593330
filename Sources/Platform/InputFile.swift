// A stored file opened for positioned reads (pread, not mmap: a truncated file is an error then, not a SIGBUS).

import Glibc

/// What tells whether a file is still the one that was seen before.
public struct FileIdentity: Sendable, Hashable {
  public let device: UInt64
  public let inode: UInt64
  public let byteCount: Int
  public let modifiedSeconds: Int
  public let modifiedNanoseconds: Int

  /// Which file it is, whatever its content.
  public struct Place: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64
  }
  public var place: Place { Place(device: device, inode: inode) }

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    byteCount = Int(status.st_size)
    modifiedSeconds = status.st_mtim.tv_sec
    modifiedNanoseconds = status.st_mtim.tv_nsec
  }
}

public struct InputFile: ~Copyable {
  public let path: String
  private let descriptor: Int32

  public init(opening path: String) throws(SystemError) {
    self.path = path
    // Without O_NONBLOCK the open of a FIFO would wait for a writer, for ever; regular files do not know it.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw SystemError(call: "open", path: path, number: errno) }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  public func identity() throws(SystemError) -> FileIdentity {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw SystemError(call: "stat", path: path, number: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(call: "read", path: path, number: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL) }
    return FileIdentity(status)
  }

  /// Reads at most as many bytes as `target` holds, from `byteOffset`, and tells how many there were: fewer only at the end of the file.
  public func read(into target: inout MutableRawSpan, from byteOffset: Int) throws(SystemError) -> Int {
    var done = 0
    while done < target.byteCount {
      let count = target.byteCount - done
      // Sound: writes `count` bytes at most into the part of the span that is left.
      let received = unsafe target.withUnsafeMutableBytes { buffer in
        unsafe pread(descriptor, buffer.baseAddress! + done, count, off_t(byteOffset + done))
      }
      if received == 0 { break }
      if received > 0 { done += received } else if errno != EINTR { throw SystemError(call: "read", path: path, number: errno) }
    }
    return done
  }

  /// Asks the kernel to begin reading the file, since it will be wanted soon.
  public func willNeed() { _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_WILLNEED) }

  /// The whole of a small file (an index, a configuration), at most `limit` bytes.
  public static func contents(of path: String, limit: Int) throws(SystemError) -> [UInt8] {
    let file = try InputFile(opening: path)
    let byteCount = try file.identity().byteCount
    guard byteCount <= limit else { throw SystemError(call: "read", path: path, number: EFBIG) }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes  // Sound: any byte is a valid UInt8.
    let received = try file.read(into: &target, from: 0)
    guard received == byteCount else { throw SystemError(call: "read", path: path, number: EIO) }
    return bytes
  }
}
