// Threads that outlive the call that starts them, over pthread.

internal import Glibc

/// A started thread. It ends by itself when its body returns; a handle that is dropped does not end it.
@safe
public final class Thread: @unchecked Sendable {
  // Sound: set once by `pthread_create` before the object is handed out, and only read after that.
  private var identity = pthread_t()

  /// Starts `body` on a thread of its own.
  ///
  /// - Throws: `ThreadError` when the system has no room for another thread.
  public init(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
    let box = unsafe Unmanaged.passRetained(Body(run: body))
    let status = unsafe pthread_create(
      &identity, nil,
      { context in
        // Whatever the thread that starts this one blocks, it must be possible to interrupt it.
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, interruption)
        unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        // Sound: the pointer is the box retained above; the thread takes that one reference.
        if let context = unsafe context { unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      // Sound: no thread was started that would take the reference.
      unsafe box.release()
      throw ThreadError(code: status)
    }
    pthread_detach(identity)
  }

  /// Makes a system call that this thread waits in fail with EINTR. One that it is only about to make is not reached: call again until it shows.
  ///
  /// - Precondition: the thread has not ended; its body must make sure of that, for instance by a count that it lowers under a lock held here.
  public func interrupt() {
    _ = interruptionHandler
    _ = pthread_kill(identity, interruption)
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
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
  public var description: String { "no thread could be started: \(unsafe String(cString: strerror(code)))" }
}
