// Where the samples of a decoded shard lie.

internal import ByteParsing

/// The checked layout of one raw shard.
///
///     0               uint32  sample count N
///     4               uint32  offset of each sample, and of the end of the last: N + 1 entries
///     4 + 4 (N + 1)           a description of the columns, which the index has too
///     offset[0]               the samples, one after another
///
/// A sample is the uint32 lengths of its columns of varying size, then the values of all columns.
public struct MDSShardLayout: Sendable {
  /// Where a column's value lies in a sample.
  struct Field: Sendable {
    /// nil where every value carries its length.
    var fixedByteCount: Int?
    /// The columns of varying size before this one.
    var variableColumnsBefore: Int
    /// The bytes of the columns of fixed size before this one.
    var fixedBytesBefore: Int
  }

  public let sampleCount: Int
  /// The bytes of the whole shard.
  public let byteCount: Int
  public let schema: MDSSchema
  let fields: [Field]
  let variableColumnCount: Int
  /// The bytes of all columns of fixed size in a sample.
  let fixedBytes: Int
  /// The entries of the table at which its 32 bits began anew, ascending; empty in shards below 4 GiB.
  private let wraps: [Int]

  /// Checks the counts and the table of offsets of a shard, `bytes`, of which the index says that it has `expected` samples.
  ///
  /// The samples themselves are checked when their fields are looked for.
  ///
  /// Older writers, and those without a size limit, made shards over 4 GiB, whose offsets lost what 32 bits do not hold.
  /// They are found again: an offset below the one before it stands for one 4 GiB further on.
  public init(parsing bytes: RawSpan, sampleCount expected: Int, schema: MDSSchema) throws(MDSError) {
    guard bytes.byteCount >= 8 else { throw .shardTooShort(found: bytes.byteCount, expected: 8) }
    let found = Int(bytes.littleEndianUInt32(at: 0))
    guard found == expected else { throw .sampleCount(found: found, expected: expected) }
    let tableEnd = 4 + 4 * (found + 1)
    guard bytes.byteCount >= tableEnd else { throw .shardTooShort(found: bytes.byteCount, expected: tableEnd) }
    wraps = try Self.checkOffsets(bytes, sampleCount: found, tableEnd: tableEnd)
    sampleCount = found
    byteCount = bytes.byteCount
    self.schema = schema
    var fields: [Field] = []
    var variableColumnCount = 0
    var fixedBytes = 0
    for column in schema {
      fields.append(Field(fixedByteCount: column.fixedByteCount, variableColumnsBefore: variableColumnCount, fixedBytesBefore: fixedBytes))
      // No overflow: at most 10,000 columns of at most 2^32 bytes come from an index.
      if let fixed = column.fixedByteCount { fixedBytes += fixed } else { variableColumnCount += 1 }
    }
    self.fields = fields
    self.variableColumnCount = variableColumnCount
    self.fixedBytes = fixedBytes
  }

  /// The offsets must begin behind their table, never fall but where they wrap, and end with the shard. Answers the entries at which they wrap.
  private static func checkOffsets(_ bytes: RawSpan, sampleCount: Int, tableEnd: Int) throws(MDSError) -> [Int] {
    var least = tableEnd
    var wrapped = 0
    var wraps: [Int] = []
    for entry in 0...sampleCount {
      let byteOffset = 4 + 4 * entry
      var offset = wrapped + Int(bytes.littleEndianUInt32(at: byteOffset))
      if offset < least, entry > 0, offset + wrapByteCount <= bytes.byteCount {
        wrapped += wrapByteCount
        offset += wrapByteCount
        wraps.append(entry)
      }
      guard offset >= least, offset <= bytes.byteCount else {
        throw .sampleOffset(entry: entry, byteOffset: byteOffset, found: offset, expected: least...bytes.byteCount)
      }
      least = offset
    }
    guard least == bytes.byteCount else {
      throw .sampleOffset(entry: sampleCount, byteOffset: 4 + 4 * sampleCount, found: least, expected: bytes.byteCount...bytes.byteCount)
    }
    return wraps
  }

  private static let wrapByteCount = 1 << 32

  /// The bytes that must be there before a shard of so many samples can be examined: its count and its table of offsets.
  public static func tableByteCount(sampleCount: Int) -> Int { 4 + 4 * (sampleCount + 1) }

  /// Of a shard of which only the first `byteCount` bytes are there: how many of its samples are whole, given that the first `known` are.
  public func wholeSampleCount(in bytes: RawSpan, first byteCount: Int, known: Int) throws(MDSError) -> Int {
    var count = known
    while count < sampleCount, try sampleRange(count, in: bytes).upperBound <= byteCount { count += 1 }
    return count
  }

  /// The extent of a sample, checked again: `bytes` need not be those that were examined.
  func sampleRange(_ sample: Int, in bytes: RawSpan) throws(MDSError) -> Range<Int> {
    let entry = 4 + 4 * sample
    var begin = Int(bytes.littleEndianUInt32(at: entry))
    var end = Int(bytes.littleEndianUInt32(at: entry + 4))
    if !wraps.isEmpty {
      for wrap in wraps where wrap <= sample { begin += Self.wrapByteCount }
      for wrap in wraps where wrap <= sample + 1 { end += Self.wrapByteCount }
    }
    guard begin <= end, end <= bytes.byteCount else {
      throw .sampleOffset(entry: sample + 1, byteOffset: entry + 4, found: end, expected: min(begin, bytes.byteCount)...bytes.byteCount)
    }
    return begin..<end
  }
}
