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
  public let boundaryOrder: BoundaryOrder

  /// How the bounds of pages follow each other, those of pages of nulls left out.
  public enum BoundaryOrder: Sendable, Hashable {
    case none, ascending, descending
  }

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
    var boundaryOrder = BoundaryOrder.none
    var number: Int16 = 0
    while let field = try reader.nextField(after: &number) {
      switch field.number {
      case 1:
        var pages: [Bool] = []
        try reader.beginList(field, of: .booleanTrue, count: pageCount)
        for _ in 0..<pageCount { pages.append(try reader.readListedBool()) }
        nullPages = pages
      case 2: minimums = try reader.readByteStrings(field, count: pageCount)
      case 3: maximums = try reader.readByteStrings(field, count: pageCount)
      case 4:
        switch try reader.readInt32(field) {
        case 1: boundaryOrder = .ascending
        case 2: boundaryOrder = .descending
        default: boundaryOrder = .none
        }
      case 5: nullCounts = try reader.readCounts(field, count: pageCount)
      case 8: nanCounts = try reader.readCounts(field, count: pageCount)
      default: try reader.skip(field)
      }
    }
    guard let nullPages else { throw reader.error(.missingField("null_pages"), at: 0) }
    guard let minimums else { throw reader.error(.missingField("min_values"), at: 0) }
    guard let maximums else { throw reader.error(.missingField("max_values"), at: 0) }
    self.nullPages = nullPages
    self.minimums = minimums
    self.maximums = maximums
    self.nullCounts = nullCounts
    self.nanCounts = nanCounts
    self.boundaryOrder = boundaryOrder
  }
}

extension ThriftReader {
  /// Begins a list of one entry a page. Of another length it is refused before any of it is kept: entries take more memory than bytes of the file.
  @_lifetime(self: copy self)
  fileprivate mutating func beginList(_ list: ThriftField, of type: ThriftType, count: Int) throws(ParquetError) {
    let found = try beginList(list, of: type)
    guard found == count else {
      throw error(.invalid("a list", found: "of \(found) entries", expected: "\(count), the number of pages"), at: list.byteOffset)
    }
  }

  @_lifetime(self: copy self)
  fileprivate mutating func readByteStrings(_ list: ThriftField, count: Int) throws(ParquetError) -> ParquetColumnIndex.ByteStrings {
    var strings = ParquetColumnIndex.ByteStrings()
    try beginList(list, of: .binary, count: count)
    for _ in 0..<count {
      strings.bytes += bytes.copy(try readBinary())
      strings.ends.append(strings.bytes.count)
    }
    return strings
  }

  @_lifetime(self: copy self)
  fileprivate mutating func readCounts(_ list: ThriftField, count: Int) throws(ParquetError) -> [Int] {
    var counts: [Int] = []
    try beginList(list, of: .int64, count: count)
    for _ in 0..<count { counts.append(try readInt64()) }
    return counts
  }
}
