// What a source was projected to, once for each set of columns.

internal import Platform

/// The groups of a view, a million of them, are all projected to the same columns of one source: its files are opened and its tables made for the first.
final class Projections: Sendable {
  private let known = Lock<[[Int]: any ShardSource]>([:])

  func source(of columns: [Int], _ make: () -> any ShardSource) -> any ShardSource {
    if let source = known.withLock({ $0[columns] }) { return source }
    // Twice at the worst, when two ask at once.
    let source = make()
    known.withLock { $0[columns] = source }
    return source
  }
}
