// What is said of the values of a column chunk: counts and bounds.

/// As the file says it; nothing has been checked. `ParquetBounds` tells which bounds can be trusted.
public struct ParquetStatistics: Sendable, Hashable {
  /// The bounds of files that do not tell their order; they were compared as signed numbers.
  public internal(set) var deprecatedMinimum: [UInt8]?
  public internal(set) var deprecatedMaximum: [UInt8]?
  /// In PLAIN encoding, byte arrays without their length.
  public internal(set) var minimum: [UInt8]?
  public internal(set) var maximum: [UInt8]?
  /// Whether a bound is a value of the column; nil when the file does not say.
  public internal(set) var isMinimumExact: Bool?
  public internal(set) var isMaximumExact: Bool?
  /// nil when the file does not say, which is not 0.
  public internal(set) var nullCount: Int?
  /// nil when the file does not say: there may be some.
  public internal(set) var nanCount: Int?
}

extension ThriftReader {
  @_lifetime(self: copy self)
  mutating func readStatistics(_ structure: ThriftField) throws(ParquetError) -> ParquetStatistics {
    try beginStructure(structure)
    var statistics = ParquetStatistics()
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      switch field.number {
      case 1: statistics.deprecatedMaximum = bytes.copy(try readBinary(field))
      case 2: statistics.deprecatedMinimum = bytes.copy(try readBinary(field))
      case 3: statistics.nullCount = try readInt64(field)
      case 5: statistics.maximum = bytes.copy(try readBinary(field))
      case 6: statistics.minimum = bytes.copy(try readBinary(field))
      case 7: statistics.isMaximumExact = try readBool(field)
      case 8: statistics.isMinimumExact = try readBool(field)
      case 9: statistics.nanCount = try readInt64(field)
      default: try skip(field)
      }
    }
    return statistics
  }
}
