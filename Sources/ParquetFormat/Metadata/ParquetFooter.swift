// Where a file's footer lies.

internal import ByteParsing

/// The frame of a Parquet file: `PAR1`, data, the footer, its length in four bytes, `PAR1`.
public enum ParquetFooter {
  /// The footer's length and the magic bytes behind it.
  public static let trailerByteCount = 8
  public static let magicByteCount = 4
  /// The magic bytes at both ends and a length.
  public static let minimumFileByteCount = 12

  /// Finds the footer.
  /// - Parameters:
  ///   - tail: the file's last bytes, at least `trailerByteCount` of them unless the file is shorter.
  ///   - fileByteCount: the length of the whole file.
  /// - Returns: the footer's bytes, counted from the start of the file; nonempty, and between the two magic numbers.
  /// - Throws: when the file is no Parquet file, its footer is encrypted, or the footer's length is impossible.
  public static func locate(tail: RawSpan, fileByteCount: Int) throws(ParquetError) -> Range<Int> {
    precondition(tail.byteCount <= fileByteCount && tail.byteCount >= min(trailerByteCount, fileByteCount))
    guard fileByteCount >= minimumFileByteCount else {
      throw ParquetError(.frame, byteOffset: 0, .endOfData(needed: minimumFileByteCount, remaining: fileByteCount))
    }
    let end = fileByteCount - trailerByteCount
    let place = tail.byteCount - trailerByteCount
    switch tail.littleEndianUInt32(at: place + 4) {
    case 0x3152_4150: break
    case 0x4552_4150: throw ParquetError(.frame, byteOffset: end + 4, .encryptedFooter)
    default: throw ParquetError(.frame, byteOffset: end + 4, .notParquet(found: tail.copy(place + 4..<place + 8)))
    }
    let byteCount = Int(tail.littleEndianUInt32(at: place))
    guard byteCount > 0, byteCount <= end - magicByteCount else {
      throw ParquetError(.frame, byteOffset: end, .invalid("the footer's length", found: "\(byteCount)", expected: "1 to \(end - magicByteCount)"))
    }
    return end - byteCount..<end
  }

  /// Checks the file's first four bytes.
  public static func checkHead(_ head: RawSpan) throws(ParquetError) {
    guard head.byteCount >= magicByteCount else {
      throw ParquetError(.frame, byteOffset: 0, .endOfData(needed: magicByteCount, remaining: head.byteCount))
    }
    switch head.littleEndianUInt32(at: 0) {
    case 0x3152_4150: break
    case 0x4552_4150: throw ParquetError(.frame, byteOffset: 0, .encryptedFooter)
    default: throw ParquetError(.frame, byteOffset: 0, .notParquet(found: head.copy(0..<4)))
    }
  }
}
