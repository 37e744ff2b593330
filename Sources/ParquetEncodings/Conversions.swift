// Stored numbers to the types that their columns declare.

internal import ByteParsing

public enum Conversions {
  /// Integers that Parquet stores as wider ones.
  public enum NarrowInteger: Sendable, CaseIterable {
    case int8, uint8, int16, uint16
    /// Stored as INT64 by writers of version 1 files. In INT32 it needs no conversion: the bits are the same.
    case uint32
  }

  /// Narrows `count` INT32 values (INT64 for `.uint32`) of `data` to the start of `output`.
  /// - Throws: for a value outside the type's range: it is not cut.
  public static func narrow(_ data: RawSpan, count: Int, to type: NarrowInteger, into output: inout MutableRawSpan) throws(EncodingError) {
    let bad: Int? =
      switch type {
      case .int8: narrow32(data, count, Int8.self, &output)
      case .uint8: narrow32(data, count, UInt8.self, &output)
      case .int16: narrow32(data, count, Int16.self, &output)
      case .uint16: narrow32(data, count, UInt16.self, &output)
      case .uint32: narrow64(data, count, &output)
      }
    guard let bad else { return }
    let found = type == .uint32 ? Int64(bitPattern: data.littleEndianUInt64(at: bad * 8)) : Int64(Int32(bitPattern: data.littleEndianUInt32(at: bad * 4)))
    throw EncodingError("integers of type \(type)", at: bad * (type == .uint32 ? 8 : 4), found: "\(found) as value \(bad)", expected: "a number of that type")
  }

  /// Answers the first value that does not fit.
  @inline(__always)
  private static func narrow32<Value: FixedWidthInteger & BitwiseCopyable>(
    _ data: RawSpan, _ count: Int, _ type: Value.Type, _ output: inout MutableRawSpan
  ) -> Int? {
    precondition(count >= 0 && data.byteCount >= count * 4)
    requireOutput(output, count * MemoryLayout<Value>.size)
    var lost: Int32 = 0
    unsafe data.withUnsafeBytes { source in
      // Sound: both have `count` values, as checked above.
      unsafe output.withUnsafeMutableBytes { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        for index in 0..<count {
          let value = unsafe from.loadUnaligned(fromByteOffset: index &* 4, as: Int32.self)
          let narrow = Value(truncatingIfNeeded: value)
          lost |= value ^ Int32(truncatingIfNeeded: narrow)
          unsafe to.storeBytes(of: narrow, toByteOffset: index &* MemoryLayout<Value>.size, as: Value.self)
        }
      }
    }
    if lost == 0 { return nil }
    return (0..<count).first { Value(exactly: Int32(bitPattern: data.littleEndianUInt32(at: $0 * 4))) == nil }
  }

  private static func narrow64(_ data: RawSpan, _ count: Int, _ output: inout MutableRawSpan) -> Int? {
    precondition(count >= 0 && data.byteCount >= count * 8)
    requireOutput(output, count * 4)
    for index in 0..<count {
      let value = data.littleEndianUInt64(at: index * 8)
      guard let narrow = UInt32(exactly: value) else { return index }
      output.storeBytes(of: narrow, toByteOffset: index * 4, as: UInt32.self)
    }
    return nil
  }

  /// INT96 timestamps (nanoseconds of the day in 8 bytes, Julian day in 4) to `Int64` nanoseconds since 1970.
  /// - Throws: for a time outside 1677 to 2262, which 64 bits of nanoseconds do not hold: it is not wrapped.
  public static func nanoseconds(ofINT96 data: RawSpan, count: Int, into output: inout MutableRawSpan) throws(EncodingError) {
    precondition(count >= 0 && data.byteCount >= count * 12)
    requireOutput(output, count * 8)
    for index in 0..<count {
      // Old writers have negative times of a day, and ones beyond its end.
      let time = Int64(bitPattern: data.littleEndianUInt64(at: index * 12))
      let day = Int64(Int32(bitPattern: data.littleEndianUInt32(at: index * 12 + 8))) - julianDayOf1970
      // The product alone may pass the range where the sum does not, in the first and the last day of it: summed in 128 bits.
      let sum = Int128(day) * Int128(nanosecondsOfDay) + Int128(time)
      guard let exact = Int64(exactly: sum) else {
        throw EncodingError(
          "INT96 timestamps", at: index * 12, found: "\(time) ns of Julian day \(day + julianDayOf1970) as value \(index)",
          expected: "a time that 64 bits of nanoseconds since 1970 hold (1677 to 2262)")
      }
      output.storeBytes(of: exact, toByteOffset: index * 8, as: Int64.self)
    }
  }

  private static let julianDayOf1970: Int64 = 2_440_588
  private static let nanosecondsOfDay: Int64 = 86_400_000_000_000
}
