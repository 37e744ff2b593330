// Repetition or definition levels of one page: questions that are answered from the runs, and the levels one by one where they must be.

internal import ByteParsing

/// The levels of a page. Levels are small: 0 to `maximum`, which is at most 255.
public struct Levels: ~Escapable {
  public enum Encoding: Sendable {
    /// RLE (3), the hybrid.
    case hybrid
    /// BIT_PACKED (4), of writers before 2013: all values packed, the highest bit first.
    case bitPacked
  }

  let data: RawSpan
  let encoding: Encoding
  public let maximum: Int
  public let count: Int

  /// `data`: the section without its length prefix (`section`). A section of `maximum` 0 is not stored: `data` may be empty.
  /// - Precondition: `maximum` is 0 to 255.
  /// - Throws: where the data are too short for `.bitPacked`, or `count` is negative.
  @_lifetime(copy data)
  public init(_ data: RawSpan, encoding: Encoding = .hybrid, maximum: Int, count: Int) throws(EncodingError) {
    precondition((0...255).contains(maximum))
    guard count >= 0, count <= Int32.max else { throw EncodingError("number of levels", at: 0, found: "\(count)", expected: "0 to 2^31 - 1") }
    self.data = data
    self.encoding = encoding
    self.maximum = maximum
    self.count = count
    if encoding == .bitPacked, data.byteCount < bitPackedByteCount {
      throw EncodingError("bit-packed levels", at: 0, found: "\(data.byteCount) bytes", expected: "\(bitPackedByteCount)")
    }
  }

  public static func bitWidth(maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

  /// The bytes of a `.bitPacked` section, which has no length prefix.
  public var bitPackedByteCount: Int { BitUnpacker.byteCount(count, bitWidth: Self.bitWidth(maximum: maximum)) }

  /// The section that begins at `byteOffset` of a version 1 page with its length, four bytes; moves behind it.
  @_lifetime(copy page)
  public static func section(of page: RawSpan, at byteOffset: inout Int) throws(EncodingError) -> RawSpan {
    guard byteOffset >= 0, page.byteCount - byteOffset >= 4 else {
      throw EncodingError("length of levels", at: byteOffset, found: "\(max(0, page.byteCount - byteOffset)) bytes", expected: "4")
    }
    let length = Int(page.littleEndianUInt32(at: byteOffset))
    let begin = byteOffset + 4
    guard length <= page.byteCount - begin else {
      throw EncodingError("length of levels", at: byteOffset, found: "\(length)", expected: "at most \(page.byteCount - begin), the rest of the page")
    }
    byteOffset = begin + length
    return page.extracting(begin..<begin + length)
  }

  /// Whether every level is `value`. Runs are compared whole; bits are looked at only where a page is packed.
  public func isAll(_ value: Int) throws(EncodingError) -> Bool {
    var cursor = try LevelCursor(self)
    while let stretch = try cursor.next() {
      switch stretch {
      case .same(let level, _): if level != value { return false }
      case .each(let count): for index in 0..<count where Int(cursor.levels[index]) != value { return false }
      }
    }
    return true
  }

  /// How many of the levels in `range` (all, without one) are `value`.
  /// - Throws: for a damaged stream, and for a level above the maximum, before or in the range.
  public func countEqual(to value: Int, in range: Range<Int>? = nil) throws(EncodingError) -> Int {
    let range = range ?? 0..<count
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    var found = 0
    var begin = 0
    var cursor = try LevelCursor(self)
    while begin < range.upperBound, let stretch = try cursor.next() {
      switch stretch {
      case .same(let level, let count):
        if level == value { found += max(0, min(begin + count, range.upperBound) - max(begin, range.lowerBound)) }
        begin += count
      case .each(let count):
        let (first, end) = (max(0, range.lowerBound - begin), min(count, range.upperBound - begin))
        for index in first..<max(first, end) { found &+= Int(cursor.levels[index]) == value ? 1 : 0 }
        begin += count
      }
    }
    return found
  }

  /// The place of the level that is the `ordinal`-th `value`, counted from 0; nil where there are not so many.
  /// For repetition levels and value 0: where row `ordinal` of the page begins (a page may begin inside a row).
  public func position(ofOrdinal ordinal: Int, equalTo value: Int = 0) throws(EncodingError) -> Int? {
    precondition(ordinal >= 0)
    var left = ordinal
    var begin = 0
    var cursor = try LevelCursor(self)
    while let stretch = try cursor.next() {
      switch stretch {
      case .same(let level, let count):
        if level == value {
          if left < count { return begin + left }
          left -= count
        }
        begin += count
      case .each(let count):
        for index in 0..<count where Int(cursor.levels[index]) == value {
          if left == 0 { return begin + index }
          left -= 1
        }
        begin += count
      }
    }
    return nil
  }

  /// Writes one byte a level to the start of `output`.
  public func decode(into output: inout MutableRawSpan) throws(EncodingError) {
    requireOutput(output, count)
    var begin = 0
    var cursor = try LevelCursor(self)
    while let stretch = try cursor.next() {
      switch stretch {
      case .same(let level, let count):
        output.fill(begin..<begin + count, with: UInt8(level))
        begin += count
      case .each(let count):
        for index in 0..<count { output.storeBytes(of: cursor.levels[index], toByteOffset: begin + index, as: UInt8.self) }
        begin += count
      }
    }
  }

  /// Writes one byte a level to the start of `output`: 1 where the level is below the maximum, 0 where it is the maximum. Of definition levels: the null mask.
  /// Answers how many are below.
  public func decodeMask(into output: inout MutableRawSpan) throws(EncodingError) -> Int {
    requireOutput(output, count)
    var begin = 0
    var below = 0
    var cursor = try LevelCursor(self)
    while let stretch = try cursor.next() {
      switch stretch {
      case .same(let level, let count):
        if level < maximum { below += count }
        output.fill(begin..<begin + count, with: level < maximum ? 1 : 0)
        begin += count
      case .each(let count):
        for index in 0..<count {
          let bit: UInt8 = Int(cursor.levels[index]) < maximum ? 1 : 0
          below += Int(bit)
          output.storeBytes(of: bit, toByteOffset: begin + index, as: UInt8.self)
        }
        begin += count
      }
    }
    return below
  }
}
