// The bounds of each data page of a chunk.

/// As the file says it; only the lengths of the lists have been checked. Entry i is about page i of the offset index.
public struct ParquetColumnIndex: Sendable, Hashable {
  /// Whether all values of a page are null; its bounds then say nothing.
  public let nullPages: [Bool]
  /// In PLAIN encoding, byte arrays without their length.
  public let minimums: ByteStrings
  public let maximums: ByteStrings
  /// nil when the file does not say, which is not 0.
  public let nullCounts: [Int]?
  /// nil when the file does not say: there may be NaN anywhere.
  public let nanCounts: [Int]?

  public var pageCount: Int { nullPages.count }

  /// Byte strings one behind the other.
  public struct ByteStrings: Sendable, Hashable {
    fileprivate var bytes: [UInt8] = []
    fileprivate var ends: [Int] = []

    public var count: Int { ends.count }

    public subscript(_ index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }
  }

  /// Reads the bytes at a chunk's `columnIndexRange`.
  /// - Parameter pageCount: of the offset index.
  public init(parsing bytes: RawSpan, fileByteOffset: Int, pageCount: Int) throws(ParquetError) {
    var reader = ThriftReader(bytes, part: .columnIndex, fileByteOffset: fileByteOffset)
    var nullPages: [Bool]?
    var (minimums, maximums): (ByteStrings?, ByteStrings?)
    var (nullCounts, nanCounts): ([Int]?, [Int]?)
    var number: Int16 = 0
    while let field = try reader.nextField(after: &number) {
      switch field.number {
      case 1:
        var pages: [Bool] = []
        for _ in 0..<(try reader.beginList(field, of: .booleanTrue)) { pages.append(try reader.readListedBool()) }
        nullPages = pages
      case 2: minimums = try reader.readByteStrings(field)
      case 3: maximums = try reader.readByteStrings(field)
      case 5: nullCounts = try reader.readInt64List(field)
      case 8: nanCounts = try reader.readInt64List(field)
      default: try reader.skip(field)
      }
    }
    guard let nullPages else { throw reader.error(.missingField("null_pages"), at: 0) }
    guard let minimums else { throw reader.error(.missingField("min_values"), at: 0) }
    guard let maximums else { throw reader.error(.missingField("max_values"), at: 0) }
    let counts = [nullPages.count, minimums.count, maximums.count, nullCounts?.count ?? pageCount, nanCounts?.count ?? pageCount]
    guard counts.allSatisfy({ $0 == pageCount }) else {
      throw reader.error(.invalid("the lists", found: "of \(counts) entries", expected: "\(pageCount), the number of pages"), at: 0)
    }
    self.nullPages = nullPages
    self.minimums = minimums
    self.maximums = maximums
    self.nullCounts = nullCounts
    self.nanCounts = nanCounts
  }
}

extension ThriftReader {
  @_lifetime(self: copy self)
  fileprivate mutating func readByteStrings(_ list: ThriftField) throws(ParquetError) -> ParquetColumnIndex.ByteStrings {
    var strings = ParquetColumnIndex.ByteStrings()
    for _ in 0..<(try beginList(list, of: .binary)) {
      strings.bytes += bytes.copy(try readBinary())
      strings.ends.append(strings.bytes.count)
    }
    return strings
  }
}
