// The eight ways in which values are stored.

public enum ParquetPhysicalType: Int32, Sendable, Hashable {
  case boolean = 0
  case int32 = 1
  case int64 = 2
  /// Twelve bytes; only ever used for timestamps.
  case int96 = 3
  case float = 4
  case double = 5
  case byteArray = 6
  case fixedLengthByteArray = 7

  /// Bytes of a value of PLAIN encoding; nil for booleans, which are bits, for `byteArray`, and for `fixedLengthByteArray`, whose length the schema says.
  public var byteCount: Int? {
    switch self {
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .boolean, .byteArray, .fixedLengthByteArray: nil
    }
  }

  /// The format's name, as `BYTE_ARRAY`.
  public var name: String {
    switch self {
    case .boolean: "BOOLEAN"
    case .int32: "INT32"
    case .int64: "INT64"
    case .int96: "INT96"
    case .float: "FLOAT"
    case .double: "DOUBLE"
    case .byteArray: "BYTE_ARRAY"
    case .fixedLengthByteArray: "FIXED_LEN_BYTE_ARRAY"
    }
  }
}
