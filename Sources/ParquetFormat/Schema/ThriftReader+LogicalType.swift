// Reads the union of logical types.

internal import NumPyFormat

extension ThriftReader {
  /// nil for an empty union, which says nothing.
  @_lifetime(self: copy self)
  mutating func readLogicalType() throws(ParquetError) -> ParquetLogicalType? {
    var type: ParquetLogicalType?
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      type =
        switch field.number {
        case 1: .string
        case 2: .map
        case 3: .list
        case 4: .enumeration
        case 5: try readDecimalType(field)
        case 6: .date
        case 7: .time(try readTimeType(field).unit)
        case 8: try readTimestampType(field)
        case 10: try readIntegerType(field)
        case 11: .null
        case 12: .json
        case 13: .bson
        case 14: .uuid
        case 15: .float16
        case 16: .variant
        case 17: .geometry
        case 18: .geography
        case 19: .file
        default: .unknown(Int(field.number))
        }
      switch field.number {
      case 5, 7, 8, 10: break
      default: try skip(field)
      }
    }
    return type
  }

  @_lifetime(self: copy self)
  private mutating func readDecimalType(_ union: ThriftField) throws(ParquetError) -> ParquetLogicalType {
    try beginStructure(union)
    var (scale, precision): (Int32?, Int32?) = (nil, nil)
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      switch field.number {
      case 1: scale = try readInt32(field)
      case 2: precision = try readInt32(field)
      default: try skip(field)
      }
    }
    guard let scale, let precision else { throw error(.missingField("DecimalType's scale or precision"), at: union.byteOffset) }
    return .decimal(precision: Int(precision), scale: Int(scale))
  }

  @_lifetime(self: copy self)
  private mutating func readTimestampType(_ union: ThriftField) throws(ParquetError) -> ParquetLogicalType {
    let (unit, isAdjustedToUTC) = try readTimeType(union)
    return .timestamp(unit, isAdjustedToUTC: isAdjustedToUTC)
  }

  @_lifetime(self: copy self)
  private mutating func readTimeType(_ union: ThriftField) throws(ParquetError) -> (unit: TimeUnit?, isAdjustedToUTC: Bool) {
    try beginStructure(union)
    var isAdjustedToUTC: Bool?
    var unit: TimeUnit?
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      switch field.number {
      case 1: isAdjustedToUTC = try readBool(field)
      case 2: unit = try readTimeUnit(field)
      default: try skip(field)
      }
    }
    guard let isAdjustedToUTC else { throw error(.missingField("isAdjustedToUTC"), at: union.byteOffset) }
    return (unit, isAdjustedToUTC)
  }

  /// nil for a unit that is not known.
  @_lifetime(self: copy self)
  private mutating func readTimeUnit(_ union: ThriftField) throws(ParquetError) -> TimeUnit? {
    try beginStructure(union)
    var unit: TimeUnit?
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      unit =
        switch field.number {
        case 1: .milliseconds
        case 2: .microseconds
        case 3: .nanoseconds
        default: nil
        }
      try skip(field)
    }
    return unit
  }

  @_lifetime(self: copy self)
  private mutating func readIntegerType(_ union: ThriftField) throws(ParquetError) -> ParquetLogicalType {
    try beginStructure(union)
    var bitWidth: Int8?
    var isSigned: Bool?
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      switch field.number {
      case 1: bitWidth = try readInt8(field)
      case 2: isSigned = try readBool(field)
      default: try skip(field)
      }
    }
    guard let bitWidth, let isSigned else { throw error(.missingField("IntType's bitWidth or isSigned"), at: union.byteOffset) }
    return .integer(bitWidth: Int(bitWidth), isSigned: isSigned)
  }
}
