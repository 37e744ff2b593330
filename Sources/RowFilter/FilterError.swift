// Why a filter cannot be used: where in its text, what was found, what is expected.

public struct FilterError: Error, Sendable, Equatable {
  public enum Problem: Sendable, Equatable {
    /// A name that is none of the columns'; whoever knows them all adds the nearest.
    case unknownColumn(String)
    /// What was found and what is expected, as a sentence.
    case other(String)
  }

  /// The character of the filter's text that the problem begins at, 1-based.
  public let position: Int
  public let problem: Problem

  public init(at position: Int, _ problem: Problem) {
    self.position = position
    self.problem = problem
  }

  init(at position: Int, _ message: String) { self.init(at: position, .other(message)) }
}

extension FilterError: CustomStringConvertible {
  public var description: String {
    switch problem {
    case .unknownColumn(let name): "at character \(position): there is no column \"\(name)\""
    case .other(let message): "at character \(position): \(message)"
    }
  }
}
