// The sizes of files that only their values tell, kept once they were found.

internal import Platform

/// Remembers so many sizes as a folder may have that somebody lists again and again; what is forgotten is found again by making the batch.
final class FoundSizes: Sendable {
  private struct State: Sendable {
    var byteCounts: [Inode: Int] = [:]
    /// What was remembered before; dropped when as many were remembered since.
    var older: [Inode: Int] = [:]
  }
  private let state = Lock(State())
  /// Two tables of so many, of about 32 bytes each.
  private static let limit = 100_000

  func byteCount(of inode: Inode) -> Int? { state.withLock { $0.byteCounts[inode] ?? $0.older[inode] } }

  func remember(_ byteCount: Int, of inode: Inode) {
    state.withLock { state in
      if state.byteCounts.count >= Self.limit {
        state.older = state.byteCounts
        state.byteCounts = [:]
      }
      state.byteCounts[inode] = byteCount
    }
  }
}
