// DELTA_BINARY_PACKED (5): integers as differences in blocks of bit-packed miniblocks (parquet-format, Encodings.md, "Delta Encoding").

internal import ByteParsing

/// Reads the numbers of one stream in order. 32-bit columns wrap around in 32 bits, which the low half of these 64-bit sums does.
public struct DeltaBinaryPacked: ~Escapable {
  public let data: RawSpan
  /// The numbers of the stream, as its header says; the header is checked against `expectedCount`.
  public let valueCount: Int
  /// Numbers not yet read.
  public private(set) var remaining: Int
  /// The next byte; when all numbers were read (`finish`), the byte behind the stream.
  public private(set) var byteOffset: Int

  /// Numbers of a miniblock: a multiple of 32.
  private let miniblockValueCount: Int
  private let miniblockCount: Int
  private var lastValue: Int64
  private var isFirst = true
  private var minimumDelta: Int64 = 0
  /// Where the present block's bit widths are, and which miniblock is next.
  private var widthsByteOffset = 0
  private var nextMiniblock: Int
  private var bitWidth = 0
  /// Numbers of the present miniblock that were not read, padding included.
  private var miniblockRemaining = 0

  /// So many numbers are given at once.
  static let stretchCount = 256

  /// - Throws: for a header that is no valid one, or promises another count than `expectedCount`.
  @_lifetime(copy data)
  public init(_ data: RawSpan, expectedCount: Int) throws(EncodingError) {
    self.data = data
    byteOffset = 0
    let part = "DELTA_BINARY_PACKED header"
    let blockValueCount = try data.readULEB128(&byteOffset, part: part)
    let miniblockCount = try data.readULEB128(&byteOffset, part: part)
    let valueCount = try data.readULEB128(&byteOffset, part: part)
    lastValue = zigzag(try data.readULEB128(&byteOffset, part: part))
    guard blockValueCount > 0, blockValueCount % 128 == 0, blockValueCount <= 1 << 31 else {
      throw EncodingError(part, at: 0, found: "blocks of \(blockValueCount) values", expected: "a multiple of 128")
    }
    guard miniblockCount > 0, miniblockCount <= blockValueCount / 32, blockValueCount % (miniblockCount * 32) == 0 else {
      throw EncodingError(
        part, at: 0, found: "\(miniblockCount) miniblocks in a block of \(blockValueCount)", expected: "miniblocks of a multiple of 32 values")
    }
    guard valueCount == UInt64(clamping: expectedCount), expectedCount >= 0 else {
      throw EncodingError(part, at: 0, found: "\(valueCount) values", expected: "\(expectedCount)")
    }
    self.valueCount = expectedCount
    remaining = expectedCount
    self.miniblockCount = Int(miniblockCount)
    miniblockValueCount = Int(blockValueCount / miniblockCount)
    nextMiniblock = self.miniblockCount
  }

  /// The header's count, for a caller who knows none of its own.
  public static func valueCount(of data: RawSpan) throws(EncodingError) -> Int {
    var byteOffset = 0
    for _ in 0..<2 { _ = try data.readULEB128(&byteOffset, part: "DELTA_BINARY_PACKED header") }
    let count = try data.readULEB128(&byteOffset, part: "DELTA_BINARY_PACKED header")
    guard count <= Int32.max else { throw EncodingError("DELTA_BINARY_PACKED header", at: 0, found: "\(count) values", expected: "at most 2^31 - 1") }
    return Int(count)
  }

  /// The next numbers, at most 256, at the start of `values`; 0 when all were read.
  @_lifetime(self: copy self)
  mutating func next(into values: inout InlineArray<256, Int64>) throws(EncodingError) -> Int {
    guard remaining > 0 else { return 0 }
    if isFirst {
      isFirst = false
      remaining -= 1
      values[0] = lastValue
      return 1
    }
    if miniblockRemaining == 0 { try beginMiniblock() }
    let count = min(Self.stretchCount, miniblockRemaining, remaining)
    var last = lastValue
    let minimum = minimumDelta
    if bitWidth == 0 {
      for index in 0..<count {
        last &+= minimum
        values[index] = last
      }
    } else {
      let packed = data.extracting(byteOffset...)
      var span = values.mutableSpan
      var bytes = unsafe span.mutableBytes
      BitUnpacker.unpack64(packed, bitWidth: bitWidth, count: count, into: &bytes)
      for index in 0..<count {
        last &+= minimum &+ values[index]
        values[index] = last
      }
    }
    lastValue = last
    remaining -= count
    miniblockRemaining -= count
    // Whole stretches end at a byte; after the last number the rest of its miniblock is padding.
    byteOffset += (remaining == 0 ? count + miniblockRemaining : count) * bitWidth / 8
    return count
  }

  /// Reads the block's head where one begins, and sees that the miniblock's bytes are there.
  @_lifetime(self: copy self)
  private mutating func beginMiniblock() throws(EncodingError) {
    if nextMiniblock == miniblockCount {
      minimumDelta = zigzag(try data.readULEB128(&byteOffset, part: "DELTA_BINARY_PACKED block"))
      guard data.byteCount - byteOffset >= miniblockCount else {
        throw EncodingError(
          "DELTA_BINARY_PACKED block", at: byteOffset, found: "\(data.byteCount - byteOffset) bytes", expected: "\(miniblockCount) bit widths")
      }
      widthsByteOffset = byteOffset
      byteOffset += miniblockCount
      nextMiniblock = 0
    }
    bitWidth = Int(data.littleEndianUInt8(at: widthsByteOffset + nextMiniblock))
    guard bitWidth <= 64 else {
      throw EncodingError("DELTA_BINARY_PACKED miniblock", at: widthsByteOffset + nextMiniblock, found: "\(bitWidth) bits", expected: "0 to 64")
    }
    let byteCount = miniblockValueCount * bitWidth / 8
    // Some writers cut the padding of the last miniblock.
    let needed = remaining < miniblockValueCount ? BitUnpacker.byteCount(remaining, bitWidth: bitWidth) : byteCount
    guard needed <= data.byteCount - byteOffset else {
      throw EncodingError("DELTA_BINARY_PACKED miniblock", at: byteOffset, found: "\(data.byteCount - byteOffset) bytes", expected: "\(needed)")
    }
    nextMiniblock += 1
    miniblockRemaining = miniblockValueCount
  }

  /// Reads the numbers that are left, and answers the byte behind the stream.
  @_lifetime(self: copy self)
  public mutating func finish() throws(EncodingError) -> Int {
    while remaining > 0 {
      if isFirst {
        isFirst = false
        remaining -= 1
        continue
      }
      if miniblockRemaining == 0 { try beginMiniblock() }
      remaining -= min(remaining, miniblockRemaining)
      byteOffset += miniblockRemaining * bitWidth / 8
      miniblockRemaining = 0
    }
    byteOffset = min(byteOffset, data.byteCount)
    return byteOffset
  }

  /// Decodes `data`, `count` numbers, into `Int32` (`byteWidth` 4, modulo 2^32) or `Int64` (8) at the start of `output`; answers the bytes read.
  @discardableResult
  public static func decode(_ data: RawSpan, count: Int, byteWidth: Int, into output: inout MutableRawSpan) throws(EncodingError) -> Int {
    precondition(byteWidth == 4 || byteWidth == 8)
    var stream = try DeltaBinaryPacked(data, expectedCount: count)
    requireOutput(output, count * byteWidth)
    var values = InlineArray<256, Int64>(repeating: 0)
    var done = 0
    while true {
      let found = try stream.next(into: &values)
      if found == 0 { break }
      if byteWidth == 8 {
        for index in 0..<found { output.storeBytes(of: values[index], toByteOffset: (done + index) * 8, as: Int64.self) }
      } else {
        for index in 0..<found { output.storeBytes(of: Int32(truncatingIfNeeded: values[index]), toByteOffset: (done + index) * 4, as: Int32.self) }
      }
      done += found
    }
    return try stream.finish()
  }
}
