// Why a JSON text could not be read, and where.

public struct JSONError: Error, Sendable, Equatable {
  public enum Problem: Sendable, Equatable {
    case endOfText
    /// A byte that cannot stand there.
    case unexpectedByte(UInt8, expected: String)
    /// A value of another kind than the one asked for.
    case unexpectedKind(JSONKind, expected: String)
    case invalidNumber
    /// A number with a fraction or an exponent where a whole one is needed.
    case notAnInteger
    case numberOutOfRange(type: String)
    case invalidEscape
    /// A byte sequence that is not UTF-8, or an escaped half of a surrogate pair without the other.
    case invalidUnicode
    case controlCharacterInString(UInt8)
    case tooDeep(limit: Int)
    case stringTooLong(limit: Int)
    case bytesAfterValue
  }

  /// The byte concerned, from the start of the text.
  public var byteOffset: Int
  /// The line of that byte, from 1.
  public var line: Int
  public var problem: Problem

  public init(byteOffset: Int, line: Int, problem: Problem) {
    self.byteOffset = byteOffset
    self.line = line
    self.problem = problem
  }
}

extension JSONError: CustomStringConvertible {
  public var description: String { "line \(line), byte \(byteOffset): \(problem)" }
}

extension JSONError.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .endOfText: "the text ends inside a value"
    case .unexpectedByte(let byte, let expected):
      if byte > 0x20 && byte < 0x7F { "'\(Character(Unicode.Scalar(byte)))' found, \(expected) expected" } else { "byte \(byte) found, \(expected) expected" }
    case .unexpectedKind(let kind, let expected): "\(kind) found, \(expected) expected"
    case .invalidNumber: "not a number as JSON spells them"
    case .notAnInteger: "a number with a fraction or an exponent found, a whole number expected"
    case .numberOutOfRange(let type): "a number that does not fit \(type)"
    case .invalidEscape: "an escape that JSON does not know"
    case .invalidUnicode: "text that is not valid Unicode"
    case .controlCharacterInString(let byte): "the control character \(byte) inside a string"
    case .tooDeep(let limit): "objects and arrays nested more than \(limit) deep"
    case .stringTooLong(let limit): "a string or number of more than \(limit) bytes"
    case .bytesAfterValue: "something follows the end of the value"
    }
  }
}

/// The kinds of JSON values.
public enum JSONKind: Sendable, Equatable {
  case object, array, string, number, boolean, null
}

extension JSONKind: CustomStringConvertible {
  public var description: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .boolean: "true or false"
    case .null: "null"
    }
  }
}
