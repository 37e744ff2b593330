// Why bytes could not be parsed, and where.

public struct ParsingError: Error, Sendable, Equatable {
  public enum Problem: Sendable, Equatable {
    /// Fewer bytes remain than are needed.
    case endOfData(needed: Int, remaining: Int)
    /// A place outside the data, `byteCount` bytes long.
    case outsideData(target: Int, byteCount: Int)
    case negativeByteCount(Int)
    /// A sum, product or conversion of numbers of the data does not fit its type.
    case overflow
  }

  /// The first byte concerned, from the start of the data.
  public var byteOffset: Int
  public var problem: Problem

  public init(byteOffset: Int, problem: Problem) {
    self.byteOffset = byteOffset
    self.problem = problem
  }
}

extension ParsingError: CustomStringConvertible {
  public var description: String {
    switch problem {
    case .endOfData(let needed, let remaining): "byte \(byteOffset): \(needed) bytes expected, \(remaining) found"
    case .outsideData(let target, let byteCount): "byte \(byteOffset): leads to byte \(target), outside the \(byteCount) bytes of the data"
    case .negativeByteCount(let count): "byte \(byteOffset): a length of \(count) bytes"
    case .overflow: "byte \(byteOffset): a number too large"
    }
  }
}
