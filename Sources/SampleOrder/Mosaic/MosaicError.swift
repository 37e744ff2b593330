// What mosaicml-streaming would refuse, or could not do.

public struct MosaicError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is to blame, as keys of a view's `order` or `source`.
  public enum Subject: Sendable, Equatable {
    case block, canonicalNodes, nodes, epochSize, batching, algorithm
    /// A stream, by its place in the list.
    case stream(Int)
  }

  public let subject: Subject
  /// A sentence without the name of the stream.
  public let description: String

  init(_ subject: Subject, _ description: String) {
    self.subject = subject
    self.description = description
  }
}
