// Opens and reads of batches and arrays: counted while they wait, timed, told to the log.

internal import Glibc
internal import Platform
internal import Synchronization

/// An open or a read that was answered.
public struct FileAccess: Sendable {
  public enum Kind: Sendable, Equatable {
    case open
    case read(byteOffset: Int, byteCount: Int)
  }
  public let kind: Kind
  /// From the request to its answer.
  public let nanoseconds: UInt64
  /// Nil where it was answered with what was asked for.
  public let error: FileError?
  private let tree: FileTree
  private let node: Node

  init(_ kind: Kind, of node: Node, in tree: FileTree, nanoseconds: UInt64, error: FileError?) {
    self.kind = kind
    self.node = node
    self.tree = tree
    self.nanoseconds = nanoseconds
    self.error = error
  }

  /// The file below the mount; made when it is asked for.
  public var path: String { tree.path(of: node) }
}

extension MountedTree {
  /// `reply`, with what counts and times the request around it.
  func timed<Value>(
    _ kind: FileAccess.Kind, of node: Node, _ reply: @escaping @Sendable (Result<Value, FileError>) -> Void
  ) -> @Sendable (Result<Value, FileError>) -> Void {
    let begin = MonotonicClock.nanoseconds
    control.requestsInProgress.add(1, ordering: .relaxed)
    return { [self] result in
      reply(result)
      control.requestsInProgress.subtract(1, ordering: .relaxed)
      let nanoseconds = MonotonicClock.nanoseconds - begin
      (kind == .open ? control.openLatency : control.readLatency).record(nanoseconds: nanoseconds)
      let error: FileError? = if case .failure(let error) = result { error } else { nil }
      switch error?.errno {
      case nil: break
      case ENOMEM: control.outOfMemoryCount.add(1, ordering: .relaxed)
      default: control.failedCount.add(1, ordering: .relaxed)
      }
      onAccess(FileAccess(kind, of: node, in: tree, nanoseconds: nanoseconds, error: error))
    }
  }
}
