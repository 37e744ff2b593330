// A reply that closures may carry to the thread that will give it.

internal import CFuse
internal import Glibc
internal import Synchronization

/// Holds a request's reply until somebody takes it. Dropped without that, the request is answered with EIO.
///
/// While nobody has answered, a signal to the waiting thread is looked at (`InterruptWatch`): a reader that is being killed is let go with EINTR.
final class PendingReply: Sendable {
  private let request: UnansweredRequest

  /// - Parameter endurance: what it takes to let go of the reader before the answer is there.
  @unsafe init(_ request: fuse_req_t, of connection: Connection, endurance: Endurance) {
    unsafe self.request = UnansweredRequest(request, of: connection, endurance: endurance)
    self.request.watch()
  }

  deinit { _ = request.take() }

  /// The reply, the first time; nil after that, or when the reader was let go.
  func take() -> Reply? { request.take() }
}

/// What of a request libfuse's interrupt callback and the watch may reach; it outlives the callback.
@safe
final class UnansweredRequest: @unchecked Sendable {
  // Sound: `reply` is touched once after `init`, by the one caller that turns `isTaken`; the request may be used until that reply is given.
  private var reply: Reply?
  private let request: fuse_req_t
  private let isTaken = Atomic(false)
  private let connection: Connection
  /// The thread that waits, as this process knows it; 0 where it lives in a process namespace that this one cannot see.
  let threadID: Int32
  let endurance: Endurance

  @unsafe fileprivate init(_ request: fuse_req_t, of connection: Connection, endurance: Endurance) {
    unsafe self.request = unsafe request
    reply = unsafe Reply(request, of: connection)
    self.connection = connection
    // Sound: libfuse answers a pointer into the request.
    threadID = unsafe fuse_req_ctx(request)?.pointee.pid ?? 0
    self.endurance = endurance
  }

  var isAnswered: Bool { isTaken.load(ordering: .acquiring) }

  fileprivate func watch() {
    // Sound: `PendingReply` holds this object until `take` has taken the callback back. libfuse runs it under the request's own lock, which taking it
    // back waits for, so that none is running after that.
    unsafe fuse_req_interrupt_func(
      request,
      { _, context in
        guard let context = unsafe context else { return }
        let request = unsafe Unmanaged<UnansweredRequest>.fromOpaque(context).takeUnretainedValue()
        request.connection.interruptions.add(request)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  func take() -> Reply? {
    guard !isTaken.exchange(true, ordering: .acquiringAndReleasing) else { return nil }
    unsafe fuse_req_interrupt_func(request, nil, nil)
    return reply.take()
  }

  /// Lets go of the reader, where nobody has answered meanwhile.
  func interrupt() { take()?.error(EINTR) }
}
