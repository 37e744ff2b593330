// A file without a name that lives in memory (memfd): what can be handed to the kernel as the backing file of an inode.

internal import CPlatform
import Glibc
import Synchronization

/// A memory file of fixed size. Rows are written into it by `write`; once sealed its bytes can never change again,
/// also not for a reader that keeps a mapping after closing.
///
/// It lies in a tmpfs of the program's own where that is possible, in large pages, else in a memfd.
public final class MemoryFile: Sendable {
  public let descriptor: Int32
  public let byteCount: Int
  private let isSealable: Bool

  /// The program's own tmpfs; -1 where the kernel does not allow one.
  private static let ownFileSystem = epochfs_own_tmpfs()

  private static let openCount = Atomic(0)

  /// Nil where the kernel refuses (memory exhausted), or too few descriptors would be left for other files: shards must still be opened.
  public init?(byteCount: Int) {
    let number = Self.openCount.add(1, ordering: .relaxed).newValue
    guard number <= DescriptorLimit.forMemoryFiles, let made = Self.make(byteCount: byteCount) else {
      Self.openCount.subtract(1, ordering: .relaxed)
      return nil
    }
    descriptor = made
    self.byteCount = byteCount
    isSealable = Self.ownFileSystem < 0
  }

  deinit {
    close(descriptor)
    Self.openCount.subtract(1, ordering: .relaxed)
  }

  private static func make(byteCount: Int) -> Int32? {
    if ownFileSystem >= 0 {
      let descriptor = epochfs_tmpfs_file(ownFileSystem, byteCount)
      return descriptor >= 0 ? descriptor : nil
    }
    let descriptor = unsafe epochfs_memfd_create("epochfs-batch", UInt32(EPOCHFS_MFD_CLOEXEC) | UInt32(EPOCHFS_MFD_ALLOW_SEALING))
    guard descriptor >= 0 else { return nil }
    guard ftruncate(descriptor, byteCount) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// Writes all of `bytes` at `byteOffset`. Disjoint ranges may be written by several threads at once. False where the kernel refuses (no memory left).
  public func write(_ bytes: RawSpan, at byteOffset: Int) -> Bool {
    var done = 0
    while done < bytes.byteCount {
      // Sound: the buffer is the span's own, for the length of the call.
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(byteOffset + done))
      }
      if written > 0 { done += written } else if errno != EINTR { return false }
    }
    return true
  }

  /// Where the first page begins that nobody has written to; nil where none is left.
  public var firstUnwrittenByte: Int? {
    // What is allocated and never written counts as a hole.
    let hole = Int(lseek(descriptor, 0, SEEK_HOLE))
    return hole >= 0 && hole < byteCount ? hole / Page.byteCount * Page.byteCount : nil
  }

  /// Has the kernel clear those pages of `range`, which begins with a page, that nobody has written to yet, so that the first write to them finds them at hand. Bytes do not
  /// change, whoever writes meanwhile. Not to be called once the file was, or is being, sealed.
  public func populate(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount && range.lowerBound % Page.byteCount == 0)
    let address = unsafe mmap(nil, range.count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, off_t(range.lowerBound))
    guard unsafe address != MAP_FAILED else { return }
    // Sound: the mapping was made above, is used by nobody else, and is only touched by the kernel. A kernel before 5.14 knows no such advice; then the writers pay.
    unsafe _ = madvise(address, range.count, MADV_POPULATE_WRITE)
    unsafe _ = munmap(address, range.count)
  }

  /// Fills `target` from `byteOffset`; false where that lies past the end.
  public func read(into target: inout MutableRawSpan, from byteOffset: Int) -> Bool {
    var done = 0
    while done < target.byteCount {
      let count = target.byteCount - done
      let received = unsafe target.withUnsafeMutableBytes { buffer in
        unsafe pread(descriptor, buffer.baseAddress! + done, count, off_t(byteOffset + done))
      }
      if received > 0 { done += received } else if received == 0 || errno != EINTR { return false }
    }
    return true
  }

  /// Forbids every later change of bytes and size, for ever: a memfd by sealing it, a file of the own tmpfs by giving up the only description that can write it.
  public func seal() -> Bool { (isSealable ? epochfs_seal_forever(descriptor) : epochfs_make_read_only(descriptor)) == 0 }
}
