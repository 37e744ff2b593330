// What is known of the pages of column chunks, kept for the next reader.

internal import Platform

/// The directories of the chunks that were read lately; the one that was used longest ago goes first.
public final class PageDirectoryCache: Sendable {
  struct Key: Hashable, Sendable {
    let file: Int
    let rowGroup: Int
    let leaf: Int
    /// Directories of fixed lists count values, others rows.
    let valuesPerRow: Int?
    /// Whether the file's own index may have been believed.
    let mayBeIndex: Bool
  }

  private struct State: Sendable {
    var directories: [Key: (directory: PageDirectory, use: UInt64)] = [:]
    var byteCount = 0
    var useCount: UInt64 = 0
  }
  private let state = Lock(State())

  /// A chunk of 2.7 GB in pages of 1 MiB takes 90 KB.
  private static let byteLimit = 24 << 20

  public init() {}

  func directory(_ key: Key) -> PageDirectory? {
    state.withLock { state in
      state.useCount += 1
      state.directories[key]?.use = state.useCount
      return state.directories[key]?.directory
    }
  }

  func keep(_ directory: PageDirectory, _ key: Key) {
    state.withLock { state in
      if let old = state.directories.removeValue(forKey: key) { state.byteCount -= old.directory.byteCount }
      state.useCount += 1
      state.directories[key] = (directory, state.useCount)
      state.byteCount += directory.byteCount
      if state.byteCount <= Self.byteLimit { return }
      // A quarter at once, so that the search for the oldest is not made for every new one.
      for old in state.directories.sorted(by: { $0.value.use < $1.value.use }) where old.key != key {
        state.directories[old.key] = nil
        state.byteCount -= old.value.directory.byteCount
        if state.byteCount <= Self.byteLimit / 4 * 3 { break }
      }
    }
  }
}
