// A thread of our own: decoding blocks for tens of milliseconds, which no shared pool should have to bear.

internal import CPlatform
import Glibc

/// A joinable thread. Joining twice, or never, is allowed.
@safe
public final class WorkerThread: Sendable {
  private let thread: Lock<pthread_t?>

  /// - Parameter name: at most 15 bytes are kept; shown by `top -H`.
  public init(name: String, _ body: @escaping @Sendable () -> Void) {
    final class Start: Sendable {
      let name: String
      let body: @Sendable () -> Void
      init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
      }
    }
    var thread = pthread_t()
    // Sound: the box is retained for the new thread, which takes that reference over.
    let box = unsafe Unmanaged.passRetained(Start(name: String(name.prefix(15)), body: body))
    let status = unsafe pthread_create(&thread, nil, { argument in
      let start = unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
      unsafe epochfs_name_thread(start.name)
      start.body()
      return nil
    }, unsafe box.toOpaque())
    precondition(status == 0, "pthread_create failed with \(status)")
    self.thread = Lock(thread)
  }

  /// Waits for the end of the thread.
  public func join() {
    let joined = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    if let joined { _ = pthread_join(joined, nil) }
  }
}
