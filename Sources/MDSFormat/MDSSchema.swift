// The columns of a shard.

internal import NumPyFormat

/// One column of a shard.
public struct MDSColumn: Sendable, Hashable {
  public let name: String
  public let encoding: MDSEncoding
  /// The bytes of every value, 1 to 2^32 - 1; nil where each value carries its own length.
  public let fixedByteCount: Int?

  public init(name: String, encoding: MDSEncoding, fixedByteCount: Int?) {
    self.name = name
    self.encoding = encoding
    self.fixedByteCount = fixedByteCount
  }
}

/// The columns of a shard in stored order, which the writers sort by name.
public struct MDSSchema: Sendable, Hashable, RandomAccessCollection {
  /// More columns than any dataset has; a limit for damaged files.
  public static let maximumColumnCount = 10_000

  public let columns: [MDSColumn]
  /// How the rows are written.
  public let rows: MDSRowLayout

  public init(columns: [MDSColumn], rows: MDSRowLayout = .joint) {
    self.columns = columns
    self.rows = rows
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { columns.count }
  public subscript(index: Int) -> MDSColumn { columns[index] }

  /// The place of the column of this name, nil when there is none.
  public func index(named name: String) -> Int? { columns.firstIndex { $0.name == name } }
}

/// How the samples of a shard are written: the `format` of an index, with what belongs to it.
public enum MDSRowLayout: Sendable, Hashable {
  /// `mds`: offsets and samples in one file.
  case joint
  /// `json`: a JSON object a sample, each followed by `newline`; the offsets in a second file.
  case json(newline: String)
  /// `xsv`, `csv`, `tsv`: a line of names, then a line a sample; nothing is quoted or escaped; the offsets in a second file.
  case separated(format: String, separator: String, newline: String)

  /// As the index spells it.
  public var formatName: String {
    switch self {
    case .joint: "mds"
    case .json: "json"
    case .separated(let format, _, _): format
    }
  }
}

extension MDSColumn {
  /// The stored size as the encoding has it: `.some(nil)` where values carry their lengths, nil where any size will do.
  var expectedByteCount: Int?? {
    switch encoding {
    case .bytes, .unknown: return nil
    case .int, .scalar, .shapedArray: break
    case .string, .integerText, .floatText, .decimalText, .array, .typedArray, .pil, .jpeg, .png, .jpegArray, .pilList, .jpegList, .pngList, .pickle, .json:
      return .some(nil)
    }
    guard let (elementType, shape) = encoding.fixedArray else { return nil }
    return .some(ArrayShape.byteCount(shape, elementType: elementType))
  }
}
