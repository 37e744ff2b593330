// BYTE_STREAM_SPLIT (9): the first bytes of all values, then the second bytes, and so on (parquet-format, Encodings.md, "Byte Stream Split").

internal import ByteParsing

public enum ByteStreamSplit {
  /// Puts `values` (their ordinals in the page) of `valueByteCount` bytes together at the start of `output`.
  /// - Throws: where `data` is not a whole number of values, or has too few.
  public static func decode(_ data: RawSpan, values: Range<Int>, valueByteCount: Int, into output: inout MutableRawSpan) throws(EncodingError) {
    precondition(valueByteCount > 0 && values.lowerBound >= 0)
    requireOutput(output, values.count * valueByteCount)
    guard data.byteCount % valueByteCount == 0, values.upperBound <= data.byteCount / valueByteCount else {
      throw EncodingError(
        "BYTE_STREAM_SPLIT values", at: 0, found: "\(data.byteCount) bytes", expected: "at least \(values.upperBound) whole values of \(valueByteCount) bytes")
    }
    guard !values.isEmpty else { return }
    let stride = data.byteCount / valueByteCount
    unsafe data.withUnsafeBytes { whole in
      // Sound: stream s has `stride` bytes from s * stride on, of which `values` are a part; the output has room for them.
      unsafe output.withUnsafeMutableBytes { target in
        guard let begin = whole.baseAddress, let to = target.baseAddress else { return }
        let from = unsafe begin + values.lowerBound
        switch valueByteCount {
        case 2: unsafe join2(from, stride, values.count, to)
        case 4: unsafe join4(from, stride, values.count, to)
        case 8: unsafe join8(from, stride, values.count, to)
        default: unsafe join(from, stride, values.count, valueByteCount, to)
        }
      }
    }
  }

  @unsafe private static func join2(_ source: UnsafeRawPointer, _ stride: Int, _ count: Int, _ target: UnsafeMutableRawPointer) {
    for index in 0..<count {
      let value = unsafe UInt16(source.load(fromByteOffset: index, as: UInt8.self)) | UInt16(source.load(fromByteOffset: index &+ stride, as: UInt8.self)) &<< 8
      unsafe target.storeBytes(of: value, toByteOffset: index &* 2, as: UInt16.self)
    }
  }

  @unsafe private static func join4(_ source: UnsafeRawPointer, _ stride: Int, _ count: Int, _ target: UnsafeMutableRawPointer) {
    let (b, c, d) = unsafe (source + stride, source + 2 &* stride, source + 3 &* stride)
    for index in 0..<count {
      let low = unsafe UInt32(source.load(fromByteOffset: index, as: UInt8.self)) | UInt32(b.load(fromByteOffset: index, as: UInt8.self)) &<< 8
      let high = unsafe UInt32(c.load(fromByteOffset: index, as: UInt8.self)) | UInt32(d.load(fromByteOffset: index, as: UInt8.self)) &<< 8
      unsafe target.storeBytes(of: low | high &<< 16, toByteOffset: index &* 4, as: UInt32.self)
    }
  }

  @unsafe private static func join8(_ source: UnsafeRawPointer, _ stride: Int, _ count: Int, _ target: UnsafeMutableRawPointer) {
    for index in 0..<count {
      var value: UInt64 = 0
      for stream in 0..<8 { value |= unsafe UInt64(source.load(fromByteOffset: index &+ stream &* stride, as: UInt8.self)) &<< UInt64(8 &* stream) }
      unsafe target.storeBytes(of: value, toByteOffset: index &* 8, as: UInt64.self)
    }
  }

  /// A block of values at a time, so that the output stays in the cache while the streams are walked.
  @unsafe private static func join(_ source: UnsafeRawPointer, _ stride: Int, _ count: Int, _ width: Int, _ target: UnsafeMutableRawPointer) {
    for begin in Swift.stride(from: 0, to: count, by: 256) {
      for stream in 0..<width {
        for index in begin..<min(count, begin &+ 256) {
          let byte = unsafe source.load(fromByteOffset: index &+ stream &* stride, as: UInt8.self)
          unsafe target.storeBytes(of: byte, toByteOffset: index &* width &+ stream, as: UInt8.self)
        }
      }
    }
  }
}
