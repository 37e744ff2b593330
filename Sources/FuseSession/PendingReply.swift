// A reply that closures may carry to the thread that will give it.

internal import Synchronization

/// Holds a `Reply` until somebody takes it. Dropped without that, the request is answered with EIO.
@safe
final class PendingReply: @unchecked Sendable {
  // Sound: `reply` is touched once after `init`, by the one caller that turns `isTaken`, or by `deinit`.
  private var reply: Reply?
  private let isTaken = Atomic(false)

  init(_ reply: consuming Reply) { self.reply = consume reply }

  /// The reply, the first time; nil after that.
  func take() -> Reply? {
    guard !isTaken.exchange(true, ordering: .acquiringAndReleasing) else { return nil }
    return reply.take()
  }
}
