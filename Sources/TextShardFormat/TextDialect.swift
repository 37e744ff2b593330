// How the rows of text shards are spelled: as the index of a data set says.

/// The spelling of rows.
public enum TextDialect: Sendable, Equatable {
  /// `json`: one JSON object a row, `newline` behind each.
  case json(newline: [UInt8])
  /// `xsv`, `csv`, `tsv`: a line of column names, then a line a row. Nothing is quoted or escaped: the writers refuse values that hold a separator or a newline,
  /// and a quotation mark is a part of its value.
  case separated(separator: [UInt8], newline: [UInt8])

  /// What stands behind every row.
  var newline: [UInt8] {
    switch self {
    case .json(let newline), .separated(_, let newline): newline
    }
  }
}

/// One column of text shards.
public struct TextColumn: Sendable, Equatable {
  public let name: String
  public let encoding: TextEncoding

  public init(name: String, encoding: TextEncoding) {
    self.name = name
    self.encoding = encoding
  }
}

/// What the values of a column are.
public enum TextEncoding: Sendable, Equatable {
  /// Whole numbers of 64 bits.
  case int
  /// Doubles, also NaN and infinities.
  case float
  /// UTF-8.
  case string
  /// A name the writers do not have; the bytes of its values are served as they are spelled.
  case unknown(String)

  public init(name: String) {
    switch name {
    case "int": self = .int
    case "float": self = .float
    case "str": self = .string
    default: self = .unknown(name)
    }
  }

  /// The name in an index.
  public var name: String {
    switch self {
    case .int: "int"
    case .float: "float"
    case .string: "str"
    case .unknown(let name): name
    }
  }
}
