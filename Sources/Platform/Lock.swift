// A mutual exclusion lock with the value it guards, over pthread_mutex.
//
// Synchronization.Mutex is not used: the Thread Sanitizer of this toolchain does not know its futex and reports races that are not there.

import Glibc

/// Guards a value: it can be reached only inside `withLock`.
///
/// A lock is not recursive. Where two are held at once the order is written at the declaration of the inner one.
@safe
public final class Lock<Value>: @unchecked Sendable {
  // Sound: `mutex` lives as long as this object, is initialised once and never moved; `value` is touched only while it is held.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  public init(_ value: sending Value) {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    // Sound: a freshly allocated mutex that nobody else has seen.
    let status = unsafe pthread_mutex_init(mutex, nil)
    precondition(status == 0, "pthread_mutex_init failed with \(status)")
    self.value = value
  }

  deinit {
    // Sound: nobody holds the lock of an object that is being deinitialised.
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Runs `body` with the lock held, and hands it the value.
  public func withLock<Result: ~Copyable, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }

  /// Runs `body` with the lock held, again after every wait on `condition`, until it is done.
  ///
  /// Each run has an access to the value of its own: during the wait others change it.
  public func withLock<Result>(waitingOn condition: Condition, _ body: (inout Value) -> WaitStep<Result>) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      switch body(&value) {
      case .done(let result): return result
      case .wait(let nanoseconds): unsafe condition.wait(mutex, nanoseconds: nanoseconds)
      }
    }
  }
}

/// What a look at a guarded value comes to.
public enum WaitStep<Result> {
  case done(Result)
  /// Look again after the condition was signalled, or at the latest after so many nanoseconds, where given.
  case wait(nanoseconds: UInt64? = nil)
}

/// Wakes threads that wait inside `Lock.withLock(waitingOn:)`.
@safe
public final class Condition: @unchecked Sendable {
  // Sound: initialised once, never moved, destroyed with the object.
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  public init() {
    unsafe condition = .allocate(capacity: 1)
    unsafe condition.initialize(to: pthread_cond_t())
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    // Sound: a freshly allocated condition that nobody else has seen.
    let status = unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
    precondition(status == 0, "pthread_cond_init failed with \(status)")
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe condition.deallocate()
  }

  public func signal() { unsafe _ = pthread_cond_signal(condition) }
  public func broadcast() { unsafe _ = pthread_cond_broadcast(condition) }

  // Sound: `Lock` calls this with its own mutex, held.
  @unsafe fileprivate func wait(_ mutex: UnsafeMutablePointer<pthread_mutex_t>, nanoseconds: UInt64?) {
    guard let nanoseconds else {
      unsafe _ = pthread_cond_wait(condition, mutex)
      return
    }
    let end = MonotonicClock.nanoseconds + nanoseconds
    var time = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
    unsafe _ = pthread_cond_timedwait(condition, mutex, &time)
  }
}
