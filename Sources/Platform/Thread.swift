// Threads that outlive the call that starts them, over pthread.

internal import CPlatform
internal import Glibc

/// A started thread. It ends by itself when its body returns; a handle that is dropped does not end it.
@safe
public final class Thread: @unchecked Sendable {
  // Sound: set once by `pthread_create` before the object is handed out, and only read after that.
  private var identity = pthread_t()
  private let isJoined = Lock(false)

  /// Starts `body` on a thread of its own.
  ///
  /// - Parameter name: shown by `top -H`; the kernel keeps 15 bytes of it.
  /// - Throws: `ThreadError` when the system has no room for another thread.
  public init(name: String = "epochfs", _ body: @escaping @Sendable () -> Void) throws(ThreadError) {
    let box = unsafe Unmanaged.passRetained(Body(name: String(name.prefix(15)), run: body))
    let status = unsafe pthread_create(
      &identity, nil,
      { context in
        // Whatever the thread that starts this one blocks, it must be possible to interrupt it.
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, interruption)
        unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        // Sound: the pointer is the box retained above; the thread takes that one reference.
        guard let context = unsafe context else { return nil }
        let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        unsafe epochfs_name_thread(body.name)
        body.run()
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      // Sound: no thread was started that would take the reference.
      unsafe box.release()
      // Nor is there one to be detached.
      isJoined.withLock { $0 = true }
      throw ThreadError(code: status)
    }
  }

  /// Names the calling thread; the process's first thread's name is that of the process.
  static func nameCurrent(_ name: String) { unsafe epochfs_name_thread(name) }

  deinit {
    if !isJoined.withLock({ $0 }) { pthread_detach(identity) }
  }

  /// Waits for the end of the thread; at once where that was waited for before.
  public func join() {
    let isFirst = isJoined.withLock { isJoined in
      defer { isJoined = true }
      return !isJoined
    }
    if isFirst { pthread_join(identity, nil) }
  }

  /// Makes a system call that this thread waits in fail with EINTR. One that it is only about to make is not reached: call again until it shows.
  ///
  /// - Precondition: the thread has not ended; its body must make sure of that, for instance by a count that it lowers under a lock held here.
  public func interrupt() {
    _ = interruptionHandler
    _ = pthread_kill(identity, interruption)
  }

  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void
    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }
}

/// The signal that interrupts: nobody else sends it, and by default it does nothing.
private let interruption = SIGURG

/// Installed once: a signal without a handler interrupts nothing.
private let interruptionHandler: Void = {
  var action = sigaction()
  unsafe action.__sigaction_handler.sa_handler = { _ in }
  // Sound: a handler that does nothing may run anywhere; without SA_RESTART the system call that it interrupts ends.
  unsafe _ = sigaction(interruption, &action, nil)
}()

/// No thread could be started.
public struct ThreadError: Error, CustomStringConvertible {
  /// The errno of `pthread_create`.
  public let code: Int32
  public var description: String { "no thread could be started: \(SystemError.text(code))" }
}
