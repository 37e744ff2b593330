// What a filter has to know of a column.

public import NumPyFormat

public struct FilterColumn: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    /// Integers and floats; also booleans, moments and lengths of time, by their type.
    case fixed(ElementType)
    /// Decimals: integers of 8, 16 or 32 bytes that count units of 10^-scale.
    case decimal(ElementType, scale: Int)
    /// Text, or bytes that are compared with text byte by byte.
    case text
    /// Text from the path of a file. It is compared with numbers too, unless some value is no number: then this is the first such.
    case pathText(notANumber: String?)
    /// Values that can only be null or not; what they are, as `a list` or `a float32 array of shape [3]`.
    case opaque(String)
    /// Why nothing can be read of it.
    case unreadable(String)
  }

  /// Whoever made it finds the column by this.
  public let ordinal: Int
  public let name: String
  public let values: Values
  /// Whether a row may be null.
  public let isNullable: Bool

  public init(ordinal: Int, name: String, values: Values, isNullable: Bool) {
    self.ordinal = ordinal
    self.name = name
    self.values = values
    self.isNullable = isNullable
  }
}

extension FilterColumn {
  /// The first text that spells no number; nil where all do. Null spells none and does not count.
  public static func firstThatIsNoNumber(_ texts: [String?]) -> String? {
    texts.first { text in text.map { FilterNumber(decimal: $0) == nil } ?? false } ?? nil
  }

  /// For messages: `column bg (float32)`.
  var summary: String {
    let type =
      switch values {
      case .fixed(let type): type.name
      case .decimal(_, let scale): "decimal with \(scale) digits behind the point"
      case .text: "text"
      case .pathText: "text of the path"
      case .opaque(let what): what
      case .unreadable: "unreadable"
      }
    return "column \(name) (\(type))"
  }
}
