// Signals, taken where anything may be done.

internal import Glibc
internal import Synchronization

/// Signals to the process.
public enum Signals {
  /// Calls `body` for each of `signals` that comes, one after the other on a thread of its own; while it runs further ones wait, so it should not.
  ///
  /// Handlers and a pipe are used, not blocked signals and sigwait: those would have to be blocked before any thread begins, and programs that are
  /// started would inherit that.
  /// - Precondition: called once in a process.
  /// - Throws: `ThreadError` when there is no room for the thread or the pipe.
  public static func handle(_ signals: [Int32], with body: @escaping @Sendable (Int32) -> Void) throws(ThreadError) {
    var ends: [Int32] = [-1, -1]
    // Sound: pipe(2) fills the two.
    guard unsafe pipe(&ends) == 0 else { throw ThreadError(code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (reading, writing) = (ends[0], ends[1])
    // A handler must not wait: what does not fit into a full pipe has been said often enough.
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    let previous = handlerPipe.exchange(writing, ordering: .sequentiallyConsistent)
    precondition(previous == -1, "Signals.handle is called once in a process")
    _ = try Thread {
      var number: UInt8 = 0
      while true {
        // Sound: reads one byte into a variable of one byte.
        let count = unsafe read(reading, &number, 1)
        if count == 1 { body(Int32(number)) } else if count == 0 || errno != EINTR { return }
      }
    }
    for signal in signals {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { number in
        // Only what is allowed in a handler: an atomic load and write(2), with errno as it was.
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        unsafe _ = write(handlerPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
        errno = before
      }
      action.sa_flags = Int32(SA_RESTART)
      // Sound: the structure is complete, and the handler captures nothing.
      unsafe _ = sigaction(signal, &action, nil)
    }
  }

  /// Lets signals pass that would end the process, until `handle` takes them.
  public static func ignore(_ signals: [Int32]) {
    // Sound: SIG_IGN is a handler for every signal that may be ignored.
    for number in signals { _ = signal(number, SIG_IGN) }
  }

  /// A write to a closed pipe or socket becomes an error of that write.
  public static func ignoreBrokenPipes() {
    // Sound: SIG_IGN is a handler for every signal that may be ignored.
    _ = signal(SIGPIPE, SIG_IGN)
  }
}

/// Where the handlers write; -1 before there are any.
private let handlerPipe = Atomic<Int32>(-1)
