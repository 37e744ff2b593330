// Where the rows of a text shard lie: its meta file.

internal import ByteParsing

/// The checked table of one meta file.
///
///     0               uint32  sample count N
///     4               uint32  offset in the data file of each sample, and of the end of the last: N + 1 entries
///     4 + 4 (N + 1)           a description of the columns, which the index has too
public struct TextShardTable: Sendable {
  public let sampleCount: Int
  /// Where the first row begins: behind the line of column names, where there is one.
  public let firstByteOffset: Int
  private let dataByteCount: Int
  private let metaByteCount: Int
  /// The entries at which the 32 bits of the offsets began anew, ascending; empty below 4 GiB.
  private let wraps: [Int]

  /// Checks the counts and offsets of `meta`, which belongs to a data file of `dataByteCount` bytes with, as the index says, `expected` samples.
  ///
  /// Offsets must never fall but where they wrap, beyond 4 GiB, and end with the data.
  public init(parsing meta: RawSpan, sampleCount expected: Int, dataByteCount: Int) throws(TextShardError) {
    guard meta.byteCount >= 8 else { throw .metaTooShort(found: meta.byteCount, expected: 8) }
    let found = Int(meta.littleEndianUInt32(at: 0))
    guard found == expected else { throw .sampleCount(found: found, expected: expected) }
    let tableEnd = 4 + 4 * (found + 1)
    guard meta.byteCount >= tableEnd else { throw .metaTooShort(found: meta.byteCount, expected: tableEnd) }
    var least = 0
    var wrapped = 0
    var wraps: [Int] = []
    for entry in 0...found {
      var offset = wrapped + Int(meta.littleEndianUInt32(at: 4 + 4 * entry))
      if offset < least, offset + Self.wrapByteCount <= dataByteCount {
        wrapped += Self.wrapByteCount
        offset += Self.wrapByteCount
        wraps.append(entry)
      }
      guard offset >= least, offset <= dataByteCount else {
        throw .sampleOffset(entry: entry, byteOffset: 4 + 4 * entry, found: offset, expected: least...dataByteCount)
      }
      least = offset
    }
    guard least == dataByteCount else {
      throw .sampleOffset(entry: found, byteOffset: 4 + 4 * found, found: least, expected: dataByteCount...dataByteCount)
    }
    sampleCount = found
    firstByteOffset = Int(meta.littleEndianUInt32(at: 4))
    self.dataByteCount = dataByteCount
    metaByteCount = meta.byteCount
    self.wraps = wraps
  }

  /// The extent of a sample in the data file; `meta` are the bytes that were checked.
  /// - Precondition: `sample` is one, 0 to `sampleCount` - 1.
  public func range(ofSample sample: Int, in meta: RawSpan) throws(TextShardError) -> Range<Int> {
    precondition(sample >= 0 && sample < sampleCount && meta.byteCount == metaByteCount)
    let entry = 4 + 4 * sample
    var begin = Int(meta.littleEndianUInt32(at: entry))
    var end = Int(meta.littleEndianUInt32(at: entry + 4))
    if !wraps.isEmpty {
      for wrap in wraps where wrap <= sample { begin += Self.wrapByteCount }
      for wrap in wraps where wrap <= sample + 1 { end += Self.wrapByteCount }
    }
    // Checked again: the bytes need not be those that were examined.
    guard begin <= end, end <= dataByteCount else {
      throw .sampleOffset(entry: sample + 1, byteOffset: entry + 4, found: end, expected: min(begin, dataByteCount)...dataByteCount)
    }
    return begin..<end
  }

  private static let wrapByteCount = 1 << 32
}
