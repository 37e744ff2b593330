// How often each level occurs in a column chunk, and how many bytes its text has.

/// As the file says it; nothing has been checked.
public struct ParquetSizeStatistics: Sendable, Hashable {
  /// Of BYTE_ARRAY values, without their lengths.
  public internal(set) var unencodedByteCount: Int?
  /// How often each repetition level occurs, from 0 to the highest.
  public internal(set) var repetitionLevelCounts: [Int]?
  /// How often each definition level occurs, from 0 to the highest.
  public internal(set) var definitionLevelCounts: [Int]?
}

extension ThriftReader {
  @_lifetime(self: copy self)
  mutating func readSizeStatistics(_ structure: ThriftField) throws(ParquetError) -> ParquetSizeStatistics {
    try beginStructure(structure)
    var statistics = ParquetSizeStatistics()
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      switch field.number {
      case 1: statistics.unencodedByteCount = try readInt64(field)
      case 2: statistics.repetitionLevelCounts = try readInt64List(field)
      case 3: statistics.definitionLevelCounts = try readInt64List(field)
      default: try skip(field)
      }
    }
    return statistics
  }

  @_lifetime(self: copy self)
  mutating func readInt64List(_ list: ThriftField) throws(ParquetError) -> [Int] {
    let count = try beginList(list, of: .int64)
    var values: [Int] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try readInt64()) }
    return values
  }
}
