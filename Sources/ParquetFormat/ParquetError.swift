// What can be wrong with a Parquet file's metadata, and where.

internal import ByteParsing

public struct ParquetError: Error, Sendable, Equatable {
  /// Which bytes are concerned.
  public enum Part: String, Sendable {
    /// The magic bytes and the footer's length.
    case frame = "file"
    case footer
    case pageHeader = "page header"
    case offsetIndex = "offset index"
    case columnIndex = "column index"
    /// The Arrow schema that the footer carries under `ARROW:schema`.
    case arrowSchema = "ARROW:schema"
  }

  public enum Problem: Sendable, Equatable {
    /// Fewer bytes remain than are needed.
    case endOfData(needed: Int, remaining: Int)
    /// A number of more than ten bytes, or of more bits than its type has.
    case numberTooLarge(type: String)
    /// A field or element of another Thrift type than its name has.
    case thriftType(found: UInt8, expected: String)
    case missingField(String)
    case tooDeep(limit: Int)
    case limitExceeded(String, limit: Int)
    case invalid(String, found: String, expected: String)
    /// The file does not begin or end with Parquet's magic bytes.
    case notParquet(found: [UInt8])
    case encryptedFooter
    case encryptedColumn(String)
  }

  public var part: Part
  /// The first byte concerned, from the start of the file; within `arrowSchema`, from the start of its decoded message.
  public var byteOffset: Int
  public var problem: Problem

  public init(_ part: Part, byteOffset: Int, _ problem: Problem) {
    self.part = part
    self.byteOffset = byteOffset
    self.problem = problem
  }
}

extension ParquetError: CustomStringConvertible {
  public var description: String { "\(part.rawValue), byte \(byteOffset): \(problem)" }
}

extension ParquetError.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .endOfData(let needed, let remaining): "\(needed) bytes expected, \(remaining) found"
    case .numberTooLarge(let type): "a number that does not fit \(type)"
    case .thriftType(let found, let expected): "Thrift type \(found) found, expected \(expected)"
    case .missingField(let name): "\(name) is missing"
    case .tooDeep(let limit): "nested more than \(limit) deep"
    case .limitExceeded(let what, let limit): "more than \(limit) \(what)"
    case .invalid(let what, let found, let expected): "\(what) is \(found), expected \(expected)"
    case .notParquet(let found): "no Parquet file: \(ByteText.text(found)) found where 'PAR1' is expected"
    case .encryptedFooter: "the footer is encrypted ('PARE'); encrypted files are not supported"
    case .encryptedColumn(let name): "column \(name) is encrypted; encrypted columns are not supported"
    }
  }
}
