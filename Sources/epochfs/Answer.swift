// Replies of the file system, waited for.

import FileTree
import Platform

/// Waits for a reply that comes from another thread.
enum Answer {
  static func wait<Value: Sendable>(_ ask: (@escaping @Sendable (Result<Value, FileError>) -> Void) -> Void) throws(FileError) -> Value {
    let answer = Lock<Result<Value, FileError>?>(nil)
    let arrived = Condition()
    ask { result in
      answer.withLock { $0 = result }
      arrived.broadcast()
    }
    return try answer.withLock(waitingOn: arrived) { answer in answer.map { .done($0) } ?? .wait() }.get()
  }
}
