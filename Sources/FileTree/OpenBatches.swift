// The batches that readers have open and the kernel reads by itself: their memory cannot be had back before the last close.

internal import BatchCache
internal import Platform

/// Counts opens by inode. A batch that was evicted while it is open is found here again: the kernel accepts only one backing file for an inode.
final class OpenBatches: Sendable {
  private struct Entry: Sendable {
    let buffer: BatchBuffer
    var openCount: Int
  }
  private struct State: Sendable {
    var entries: [Inode: Entry] = [:]
    var byteCount = 0
  }
  private let state = Lock(State())
  /// What open batches may hold together. Beyond it files are served by replies, which hold nothing between two reads.
  private let limit: Int

  init(byteLimit: Int) { limit = byteLimit }

  /// The buffer that `inode` is open with, counted once more.
  func reopen(_ inode: Inode) -> BatchBuffer? {
    state.withLock { state in
      state.entries[inode]?.openCount += 1
      return state.entries[inode]?.buffer
    }
  }

  /// Counts an open of `inode` with `buffer`, or with the one it is open with already; nil where open batches hold too much. `isFirst`: nobody had it open.
  func open(_ inode: Inode, _ buffer: BatchBuffer) -> (buffer: BatchBuffer, isFirst: Bool)? {
    state.withLock { state in
      if let entry = state.entries[inode] {
        state.entries[inode]?.openCount += 1
        return (entry.buffer, false)
      }
      guard state.byteCount + buffer.byteCount <= limit else { return nil }
      state.byteCount += buffer.byteCount
      state.entries[inode] = Entry(buffer: buffer, openCount: 1)
      return (buffer, true)
    }
  }

  /// Takes one open back; answers the buffer after the last one. To be dropped outside any lock: it may give memory back.
  func close(_ inode: Inode) -> BatchBuffer? {
    state.withLock { state in
      guard let entry = state.entries[inode] else { return nil }
      if entry.openCount > 1 {
        state.entries[inode]?.openCount -= 1
        return nil
      }
      state.entries[inode] = nil
      state.byteCount -= entry.buffer.byteCount
      return entry.buffer
    }
  }

  /// What open batches hold now.
  var byteCount: Int { state.withLock { $0.byteCount } }
}
