// What stored values mean.

public import NumPyFormat

/// The logical type of a column or group, or what the older converted type says of it (parquet-format, LogicalTypes.md).
public enum ParquetLogicalType: Sendable, Hashable {
  case string
  case map
  case list
  case enumeration
  case decimal(precision: Int, scale: Int)
  case date
  /// A time of day; the unit is nil when the file names one that is not known.
  case time(TimeUnit?)
  /// The unit is nil when the file names one that is not known.
  case timestamp(TimeUnit?, isAdjustedToUTC: Bool)
  case integer(bitWidth: Int, isSigned: Bool)
  /// Nothing but nulls.
  case null
  case json
  case bson
  case uuid
  case float16
  case variant
  case geometry
  case geography
  case file
  /// Months, days and milliseconds; exists only as a converted type.
  case interval
  /// One that is not known here, by its number in the format.
  case unknown(Int)
}

extension ParquetLogicalType {
  /// What a converted type means; nil for numbers that are not known.
  init?(convertedType: Int32, precision: Int32?, scale: Int32?) {
    switch convertedType {
    case 0: self = .string
    // The second annotated the inner group of a map; where it annotates the outer one, as old files have it, it means the map.
    case 1, 2: self = .map
    case 3: self = .list
    case 4: self = .enumeration
    case 5: self = .decimal(precision: Int(precision ?? 0), scale: Int(scale ?? 0))
    case 6: self = .date
    case 7: self = .time(.milliseconds)
    case 8: self = .time(.microseconds)
    case 9: self = .timestamp(.milliseconds, isAdjustedToUTC: true)
    case 10: self = .timestamp(.microseconds, isAdjustedToUTC: true)
    case 11...14: self = .integer(bitWidth: 8 << Int(convertedType - 11), isSigned: false)
    case 15...18: self = .integer(bitWidth: 8 << Int(convertedType - 15), isSigned: true)
    case 19: self = .json
    case 20: self = .bson
    case 21: self = .interval
    default: return nil
    }
  }
}

extension ParquetLogicalType: CustomStringConvertible {
  public var description: String {
    switch self {
    case .string: "STRING"
    case .map: "MAP"
    case .list: "LIST"
    case .enumeration: "ENUM"
    case .decimal(let precision, let scale): "DECIMAL(\(precision), \(scale))"
    case .date: "DATE"
    case .time(let unit): "TIME(\(unit?.rawValue ?? "unknown unit"))"
    case .timestamp(let unit, let isAdjustedToUTC): "TIMESTAMP(\(unit?.rawValue ?? "unknown unit")\(isAdjustedToUTC ? ", UTC" : ""))"
    case .integer(let bitWidth, let isSigned): "\(isSigned ? "INT" : "UINT")(\(bitWidth))"
    case .null: "NULL"
    case .json: "JSON"
    case .bson: "BSON"
    case .uuid: "UUID"
    case .float16: "FLOAT16"
    case .variant: "VARIANT"
    case .geometry: "GEOMETRY"
    case .geography: "GEOGRAPHY"
    case .file: "FILE"
    case .interval: "INTERVAL"
    case .unknown(let number): "logical type \(number)"
    }
  }
}
