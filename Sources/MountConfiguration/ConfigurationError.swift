// What is wrong with a configuration, in the form `FILE:LINE: key: message`.

internal import Platform

/// One thing that is wrong, or that the user should know.
public struct ConfigurationProblem: Sendable, Equatable {
  public var place: SourcePlace
  /// One line: the value found and what is allowed.
  public var message: String

  public init(_ place: SourcePlace, _ message: String) {
    self.place = place
    self.message = message
  }
}

extension ConfigurationProblem: CustomStringConvertible {
  public var description: String { "\(place): \(message)" }
}

/// Everything that was found wrong with a configuration; later checks, with the sources open, throw the same error.
public struct ConfigurationError: Error, Sendable, Equatable {
  /// So many are printed, one a line; of the others only the number.
  public static let printedProblemLimit = 10

  /// At least one, in the order of their lines.
  public let problems: [ConfigurationProblem]
  /// Problems that were only counted.
  public let omittedProblemCount: Int

  /// - Precondition: `problems` is not empty.
  public init(problems: [ConfigurationProblem], omittedProblemCount: Int = 0) {
    precondition(!problems.isEmpty)
    self.omittedProblemCount = omittedProblemCount
    // The sort of the standard library is stable; values of `--set` have no line and come last.
    self.problems = problems.sorted { ($0.place.line ?? .max) < ($1.place.line ?? .max) }
  }

  public init(_ place: SourcePlace, _ message: String) { self.init(problems: [ConfigurationProblem(place, message)]) }

  /// The same, with more said of each problem: what it was found in.
  public func adding(_ remark: String) -> ConfigurationError {
    ConfigurationError(problems: problems.map { ConfigurationProblem($0.place, $0.message + remark) }, omittedProblemCount: omittedProblemCount)
  }
}

extension ConfigurationError: CustomStringConvertible {
  public var description: String {
    var lines = problems.prefix(Self.printedProblemLimit).map(\.description)
    let others = problems.count - lines.count + omittedProblemCount
    if others > 0 { lines.append("and \(ItemCount.text(others, "more problem"))") }
    return lines.joined(separator: "\n")
  }
}
