// Has the kernel clear the pages of memory files before rows are written to them.

internal import BatchCache
internal import Platform

/// A thread beside the decoding ones, which takes files in the order in which they were made. The first write to a page of a memory file has the kernel find the page and clear it, which can take longer than decoding what is
/// written to it (docs/PERFORMANCE.md); done here, that time is not taken from decoding. Nothing waits for it: pages that were written to meanwhile are passed over.
final class PagePopulator: Sendable {
  private let shared = Shared()
  private let thread: Thread?

  private final class Shared: Sendable {
    let queue = Lock(Queue())
    let wakeup = Condition()
  }

  private struct Queue: Sendable {
    var files: [BatchBuffer?] = []
    /// The first that was not taken.
    var first = 0
    var isStopping = false

    mutating func next() -> BatchBuffer? {
      guard first < files.count else { return nil }
      defer {
        // Let go here, or its memory would stay charged.
        files[first] = nil
        first += 1
        if first == files.count { (files, first) = ([], 0) }
      }
      return files[first]
    }
  }

  /// Where no thread can be started the decoding ones do the work.
  init() {
    thread = try? Thread(name: "epochfs-pages") { [shared] in
      while let file = Self.waitForNext(shared) { file.populate() }
    }
  }

  /// Takes on the memory files of a batch that was just given its memory.
  func add(_ files: [BatchBuffer]) {
    guard thread != nil, !files.isEmpty else { return }
    shared.queue.withLock { $0.files += files.map(Optional.some) }
    shared.wakeup.signal()
  }

  func stop() {
    shared.queue.withLock { $0.isStopping = true }
    shared.wakeup.broadcast()
    thread?.join()
  }

  private static func waitForNext(_ shared: Shared) -> BatchBuffer? {
    shared.queue.withLock(waitingOn: shared.wakeup) { queue in
      if queue.isStopping { return .done(nil) }
      return queue.next().map { .done($0) } ?? .wait()
    }
  }
}
