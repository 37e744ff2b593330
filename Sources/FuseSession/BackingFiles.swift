// The files that the kernel reads by itself: one backing file an inode, while it is open anywhere.

internal import CFuse
internal import FileTree
internal import Glibc
internal import Platform

/// Decides for each open whether its inode is read through a backing file.
///
/// The kernel refuses (EIO) opens of one inode that disagree, so the first open of an inode decides for all that follow until the last release. Opens
/// whose answer is still on its way are counted: a backing id must not be closed before the kernel has seen the last answer that names it.
final class BackingFiles: Sendable {
  private enum Serving {
    case replies
    /// The opened file holds the memory that the id stands for.
    case backing(id: Int32, OpenedFile)
  }
  private struct Entry {
    var serving: Serving
    var openCount: Int
  }
  private let device: Int32
  private let entries = Lock<[Inode: Entry]>([:])

  /// Nil where the kernel does not take backing files after all, for want of CAP_SYS_ADMIN for instance.
  init?(device: Int32) {
    self.device = device
    let page = epochfs_sealed_page()
    guard page >= 0 else { return nil }
    defer { close(page) }
    let id = epochfs_backing_open(device, page)
    guard id > 0 else { return nil }
    epochfs_backing_close(device, UInt32(id))
  }

  /// Counts an open of `inode`; answers the backing id to read it through, or nil for replies. Each call is followed by one `closed`.
  func opened(_ inode: Inode, _ file: OpenedFile) -> Int32? {
    entries.withLock { entries in
      var entry = entries[inode] ?? Entry(serving: serving(of: file), openCount: 0)
      entry.openCount += 1
      entries[inode] = entry
      switch entry.serving {
      case .replies: return nil
      case .backing(let id, _): return id
      }
    }
  }

  private func serving(of file: OpenedFile) -> Serving {
    guard let descriptor = file.backingDescriptor else { return .replies }
    let id = epochfs_backing_open(device, descriptor)
    return id > 0 ? .backing(id: id, file) : .replies
  }

  /// Takes back one open of `inode`, after its release or because its answer came too late.
  func closed(_ inode: Inode) {
    // What is dropped here may free a batch: outside the lock.
    let last: Serving? = entries.withLock { entries in
      guard var entry = entries[inode] else { return nil }
      entry.openCount -= 1
      guard entry.openCount == 0 else {
        entries[inode] = entry
        return nil
      }
      entries[inode] = nil
      // Under the lock, so that an open that comes now finds the kernel without the old file.
      if case .backing(let id, _) = entry.serving { epochfs_backing_close(device, UInt32(id)) }
      return entry.serving
    }
    _ = consume last
  }

  /// Inodes that are open now, and how many of them through a backing file.
  var counts: (open: Int, backed: Int) {
    entries.withLock { entries in
      (entries.count, entries.values.count { if case .backing = $0.serving { true } else { false } })
    }
  }
}
