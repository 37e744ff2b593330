// Levels in stretches: equal ones as a count, packed ones unpacked a few hundred at a time.

internal import ByteParsing

struct LevelCursor: ~Escapable {
  enum Stretch {
    case same(level: Int, count: Int)
    /// So many levels lie at the start of `levels`.
    case each(count: Int)
  }

  static let stretchCount = 512

  private(set) var levels = InlineArray<512, UInt8>(repeating: 0)
  private var values = InlineArray<512, UInt32>(repeating: 0)
  private var runs: HybridRuns
  private let maximum: Int
  /// What is left of a packed run.
  private var packedByteOffset = 0
  private var packedCount = 0
  /// Nil for the hybrid; for the old encoding the place of the next bit.
  private var oldBit: Int?

  @_lifetime(copy levels)
  init(_ levels: borrowing Levels) throws(EncodingError) {
    maximum = levels.maximum
    runs = try HybridRuns(levels.data, bitWidth: Levels.bitWidth(maximum: levels.maximum), valueCount: levels.count)
    if levels.encoding == .bitPacked, levels.maximum > 0 {
      oldBit = 0
      packedCount = levels.count
    }
  }

  @_lifetime(self: copy self)
  mutating func next() throws(EncodingError) -> Stretch? {
    if packedCount == 0 {
      if oldBit != nil { return nil }
      switch try runs.next() {
      case nil: return nil
      case .repeated(let value, let count):
        guard value <= UInt32(maximum) else { throw above(value, runs.byteOffset) }
        return .same(level: Int(value), count: count)
      case .packed(let byteOffset, let count): (packedByteOffset, packedCount) = (byteOffset, count)
      }
    }
    let count = min(Self.stretchCount, packedCount)
    if oldBit != nil { unpackOld(count) } else { unpack(count) }
    var highest: UInt32 = 0
    for index in 0..<count {
      highest = max(highest, values[index])
      levels[index] = UInt8(truncatingIfNeeded: values[index])
    }
    guard highest <= UInt32(maximum) else { throw above(highest, packedByteOffset) }
    packedCount -= count
    // A stretch is a multiple of eight values, but for the last: the next begins at a byte.
    packedByteOffset += count * runs.bitWidth / 8
    return .each(count: count)
  }

  private func above(_ level: UInt32, _ byteOffset: Int) -> EncodingError {
    EncodingError("levels", at: byteOffset, found: "a level of \(level)", expected: "at most \(maximum)")
  }

  @_lifetime(self: copy self)
  private mutating func unpack(_ count: Int) {
    let (packed, bitWidth) = (runs.data.extracting(packedByteOffset...), runs.bitWidth)
    var target = values.mutableSpan
    var bytes = unsafe target.mutableBytes
    BitUnpacker.unpack32(packed, bitWidth: bitWidth, count: count, into: &bytes)
  }

  /// The highest bit first, in a stream whose length was checked by `Levels`.
  @_lifetime(self: copy self)
  private mutating func unpackOld(_ count: Int) {
    var bit = oldBit ?? 0
    for index in 0..<count {
      var value: UInt32 = 0
      for _ in 0..<runs.bitWidth {
        value = value << 1 | UInt32(runs.data.littleEndianUInt8(at: bit >> 3) >> UInt8(7 - bit & 7) & 1)
        bit += 1
      }
      values[index] = value
    }
    oldBit = bit
  }
}
