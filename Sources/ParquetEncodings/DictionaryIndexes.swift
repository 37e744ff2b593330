// RLE_DICTIONARY (8) and PLAIN_DICTIONARY (2): indexes into a dictionary, looked up while they are unpacked.

internal import ByteParsing

/// The values section of a dictionary-encoded page: a byte with the indexes' bit width, then runs.
public struct DictionaryIndexes: ~Escapable {
  private var runs: HybridRuns
  private let dictionaryCount: Int
  private var packedByteOffset = 0
  private var packedCount = 0

  enum Stretch {
    case same(index: Int, count: Int)
    /// So many indexes lie at the start of the buffer.
    case each(count: Int)
  }

  /// `count` indexes, each below `dictionaryCount`. Where there are none, `data` may lack even the bit width.
  @_lifetime(copy data)
  public init(_ data: RawSpan, count: Int, dictionaryCount: Int) throws(EncodingError) {
    self.dictionaryCount = dictionaryCount
    guard count != 0 else {
      runs = try HybridRuns(data, bitWidth: 0, valueCount: 0)
      return
    }
    guard data.byteCount > 0 else { throw EncodingError("dictionary indexes", at: 0, found: "no bytes", expected: "a bit width") }
    let bitWidth = Int(data.littleEndianUInt8(at: 0))
    guard bitWidth <= 32 else { throw EncodingError("dictionary indexes", at: 0, found: "a bit width of \(bitWidth)", expected: "0 to 32") }
    runs = try HybridRuns(data.extracting(1...), bitWidth: bitWidth, valueCount: count)
  }

  /// The next indexes, all of them checked against the dictionary.
  @_lifetime(self: copy self)
  mutating func next(into buffer: inout InlineArray<1024, UInt32>) throws(EncodingError) -> Stretch? {
    if packedCount == 0 {
      switch try runs.next() {
      case nil: return nil
      case .repeated(let index, let count):
        try check(index)
        return .same(index: Int(index), count: count)
      case .packed(let byteOffset, let count): (packedByteOffset, packedCount) = (byteOffset, count)
      }
    }
    let count = min(1024, packedCount)
    let (packed, bitWidth) = (runs.data.extracting(packedByteOffset...), runs.bitWidth)
    var span = buffer.mutableSpan
    var bytes = unsafe span.mutableBytes
    BitUnpacker.unpack32(packed, bitWidth: bitWidth, count: count, into: &bytes)
    var highest: UInt32 = 0
    for place in 0..<count { highest = max(highest, buffer[place]) }
    try check(highest)
    packedCount -= count
    packedByteOffset += count * bitWidth / 8
    return .each(count: count)
  }

  private func check(_ index: UInt32) throws(EncodingError) {
    guard Int(index) < dictionaryCount else {
      throw EncodingError(
        "dictionary indexes", at: packedByteOffset + 1, found: "the index \(index)", expected: "one below \(dictionaryCount), the values of the dictionary")
    }
  }

  // MARK: - Whole pages

  /// Writes the dictionary's values of `valueByteCount` bytes each for `count` indexes of `data` to the start of `output`.
  public static func decode(
    _ data: RawSpan, count: Int, dictionary: RawSpan, valueByteCount: Int, into output: inout MutableRawSpan
  ) throws(EncodingError) {
    precondition(valueByteCount > 0 && count >= 0)
    requireOutput(output, count * valueByteCount)
    var indexes = try DictionaryIndexes(data, count: count, dictionaryCount: dictionary.byteCount / valueByteCount)
    var buffer = InlineArray<1024, UInt32>(repeating: 0)
    var done = 0
    while let stretch = try indexes.next(into: &buffer) {
      switch stretch {
      case .same(let index, let count):
        Gather.fill(&output, done * valueByteCount, count, dictionary.extracting(index * valueByteCount..<(index + 1) * valueByteCount))
        done += count
      case .each(let count):
        Gather.values(of: dictionary, valueByteCount, buffer, count, &output, done * valueByteCount)
        done += count
      }
    }
  }

  /// Writes the `count` indexes themselves, as `UInt32`: what a categorical column is.
  public static func decodeIndexes(_ data: RawSpan, count: Int, dictionaryCount: Int, into output: inout MutableRawSpan) throws(EncodingError) {
    requireOutput(output, count * 4)
    var indexes = try DictionaryIndexes(data, count: count, dictionaryCount: dictionaryCount)
    var buffer = InlineArray<1024, UInt32>(repeating: 0)
    var done = 0
    while let stretch = try indexes.next(into: &buffer) {
      switch stretch {
      case .same(let index, let count):
        for place in 0..<count { output.storeBytes(of: UInt32(index), toByteOffset: (done + place) * 4, as: UInt32.self) }
        done += count
      case .each(let count):
        for place in 0..<count { output.storeBytes(of: buffer[place], toByteOffset: (done + place) * 4, as: UInt32.self) }
        done += count
      }
    }
  }
}
