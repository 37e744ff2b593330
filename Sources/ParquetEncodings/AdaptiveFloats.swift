// ALP (10): decimal floats as integers with a common exponent (parquet-format, AlpEncoding.md).

internal import ByteParsing

public enum AdaptiveFloats {
  /// Decodes a page of `count` FLOAT (`valueByteCount` 4) or DOUBLE (8) values to the start of `output`.
  public static func decode(_ data: RawSpan, count: Int, valueByteCount: Int, into output: inout MutableRawSpan) throws(EncodingError) {
    precondition(valueByteCount == 4 || valueByteCount == 8)
    requireOutput(output, count * valueByteCount)
    let layout = try Layout(data, count)
    var vectorOffset = layout.vectorCount * 4
    for ordinal in 0..<layout.vectorCount {
      let stated = Int(data.littleEndianUInt32(at: Layout.headerByteCount + ordinal * 4))
      guard stated == vectorOffset else {
        throw EncodingError(
          "ALP offsets", at: Layout.headerByteCount + ordinal * 4, found: "\(stated)", expected: "\(vectorOffset), where vector \(ordinal) begins")
      }
      let first = ordinal * layout.vectorValueCount
      let vector = try Vector(data, at: Layout.headerByteCount + vectorOffset, count: min(layout.vectorValueCount, count - first), valueByteCount)
      if valueByteCount == 4 { decodeFloats(data, vector, first, &output) } else { decodeDoubles(data, vector, first, &output) }
      try patch(data, vector, first, valueByteCount, &output)
      vectorOffset += vector.byteCount
    }
  }

  /// The page's header of seven bytes.
  private struct Layout {
    static let headerByteCount = 7
    let vectorValueCount: Int
    let vectorCount: Int

    init(_ data: RawSpan, _ count: Int) throws(EncodingError) {
      guard data.byteCount >= Self.headerByteCount else {
        throw EncodingError("ALP header", at: 0, found: "\(data.byteCount) bytes", expected: "\(Self.headerByteCount)")
      }
      let (mode, integers, logarithm) = (data.littleEndianUInt8(at: 0), data.littleEndianUInt8(at: 1), data.littleEndianUInt8(at: 2))
      guard mode == 0, integers == 0 else {
        throw EncodingError("ALP header", at: 0, found: "compression mode \(mode), integer encoding \(integers)", expected: "0 and 0, the only ones there are")
      }
      guard (3...15).contains(logarithm) else { throw EncodingError("ALP header", at: 2, found: "vectors of 2^\(logarithm) values", expected: "2^3 to 2^15") }
      let stated = Int32(bitPattern: data.littleEndianUInt32(at: 3))
      guard Int(stated) == count else { throw EncodingError("ALP header", at: 3, found: "\(stated) values", expected: "\(count)") }
      vectorValueCount = 1 << Int(logarithm)
      vectorCount = (count + vectorValueCount - 1) / vectorValueCount
      guard vectorCount <= (data.byteCount - Self.headerByteCount) / 4 else {
        throw EncodingError(
          "ALP offsets", at: Self.headerByteCount, found: "\(data.byteCount - Self.headerByteCount) bytes", expected: "\(vectorCount) offsets")
      }
    }
  }

  /// One vector's header, checked, and where its parts are.
  private struct Vector {
    let count: Int
    let exponent: Int
    let factor: Int
    let exceptionCount: Int
    let frame: UInt64
    let bitWidth: Int
    let packed: Int
    let positions: Int
    let exceptions: Int
    let byteCount: Int

    init(_ data: RawSpan, at begin: Int, count: Int, _ valueByteCount: Int) throws(EncodingError) {
      let headerByteCount = 4 + valueByteCount + 1
      guard headerByteCount <= data.byteCount - begin else {
        throw EncodingError("ALP vector", at: begin, found: "\(max(0, data.byteCount - begin)) bytes", expected: "a header of \(headerByteCount)")
      }
      self.count = count
      exponent = Int(data.littleEndianUInt8(at: begin))
      factor = Int(data.littleEndianUInt8(at: begin + 1))
      exceptionCount = Int(data.littleEndianUInt16(at: begin + 2))
      frame = valueByteCount == 4 ? UInt64(data.littleEndianUInt32(at: begin + 4)) : data.littleEndianUInt64(at: begin + 4)
      bitWidth = Int(data.littleEndianUInt8(at: begin + 4 + valueByteCount))
      let maximumExponent = valueByteCount == 4 ? 10 : 18
      guard exponent <= maximumExponent, factor <= exponent else {
        throw EncodingError(
          "ALP vector", at: begin, found: "exponent \(exponent), factor \(factor)", expected: "an exponent to \(maximumExponent), and a factor to the exponent")
      }
      guard bitWidth <= valueByteCount * 8 else {
        throw EncodingError("ALP vector", at: begin + 4 + valueByteCount, found: "\(bitWidth) bits", expected: "at most \(valueByteCount * 8)")
      }
      guard exceptionCount <= count else {
        throw EncodingError("ALP vector", at: begin + 2, found: "\(exceptionCount) exceptions", expected: "at most \(count)")
      }
      packed = begin + headerByteCount
      positions = packed + BitUnpacker.byteCount(count, bitWidth: bitWidth)
      exceptions = positions + exceptionCount * 2
      byteCount = exceptions + exceptionCount * valueByteCount - begin
      guard byteCount <= data.byteCount - begin else {
        throw EncodingError("ALP vector", at: begin, found: "\(data.byteCount - begin) bytes", expected: "\(byteCount)")
      }
    }
  }

  /// Two multiplications, in the values' own precision: the specification asks for just these.
  private static func decodeFloats(_ data: RawSpan, _ vector: Vector, _ first: Int, _ output: inout MutableRawSpan) {
    let (up, down) = (Float(doublePowers[vector.factor]), Float(bitPattern: floatInverses[vector.exponent]))
    let frame = UInt32(truncatingIfNeeded: vector.frame)
    var deltas = InlineArray<256, UInt32>(repeating: 0)
    for begin in stride(from: 0, to: vector.count, by: 256) {
      let count = min(256, vector.count - begin)
      var span = deltas.mutableSpan
      var bytes = unsafe span.mutableBytes
      BitUnpacker.unpack32(data.extracting((vector.packed + begin * vector.bitWidth / 8)...), bitWidth: vector.bitWidth, count: count, into: &bytes)
      for index in 0..<count {
        let value = Float(Int32(bitPattern: deltas[index] &+ frame)) * up * down
        output.storeBytes(of: value, toByteOffset: (first + begin + index) * 4, as: Float.self)
      }
    }
  }

  private static func decodeDoubles(_ data: RawSpan, _ vector: Vector, _ first: Int, _ output: inout MutableRawSpan) {
    let (up, down) = (doublePowers[vector.factor], Double(bitPattern: doubleInverses[vector.exponent]))
    var deltas = InlineArray<256, UInt64>(repeating: 0)
    for begin in stride(from: 0, to: vector.count, by: 256) {
      let count = min(256, vector.count - begin)
      var span = deltas.mutableSpan
      var bytes = unsafe span.mutableBytes
      BitUnpacker.unpack64(data.extracting((vector.packed + begin * vector.bitWidth / 8)...), bitWidth: vector.bitWidth, count: count, into: &bytes)
      for index in 0..<count {
        let value = Double(Int64(bitPattern: deltas[index] &+ vector.frame)) * up * down
        output.storeBytes(of: value, toByteOffset: (first + begin + index) * 8, as: Double.self)
      }
    }
  }

  /// Values that are no short decimals stand in the vector as they are.
  private static func patch(
    _ data: RawSpan, _ vector: Vector, _ first: Int, _ valueByteCount: Int, _ output: inout MutableRawSpan
  ) throws(EncodingError) {
    for index in 0..<vector.exceptionCount {
      let position = Int(data.littleEndianUInt16(at: vector.positions + index * 2))
      guard position < vector.count else {
        throw EncodingError("ALP exceptions", at: vector.positions + index * 2, found: "position \(position)", expected: "one below \(vector.count)")
      }
      let value = vector.exceptions + index * valueByteCount
      output.copy(data.extracting(value..<value + valueByteCount), to: (first + position) * valueByteCount)
    }
  }

  // Exact in both types as far as each uses them.
  private static let doublePowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  ]
  // The bits of 1e-0, 1e-1 ..., rounded correctly: Swift rounds a literal twice, first to the largest type.
  private static let floatInverses: [UInt32] = [
    0x3F800000, 0x3DCCCCCD, 0x3C23D70A, 0x3A83126F, 0x38D1B717, 0x3727C5AC, 0x358637BD, 0x33D6BF95, 0x322BCC77, 0x3089705F, 0x2EDBE6FF,
  ]
  private static let doubleInverses: [UInt64] = [
    0x3FF0000000000000, 0x3FB999999999999A, 0x3F847AE147AE147B, 0x3F50624DD2F1A9FC, 0x3F1A36E2EB1C432D, 0x3EE4F8B588E368F1,
    0x3EB0C6F7A0B5ED8D, 0x3E7AD7F29ABCAF48, 0x3E45798EE2308C3A, 0x3E112E0BE826D695, 0x3DDB7CDFD9D7BDBB, 0x3DA5FD7FE1796495,
    0x3D719799812DEA11, 0x3D3C25C268497682, 0x3D06849B86A12B9B, 0x3CD203AF9EE75616, 0x3C9CD2B297D889BC, 0x3C670EF54646D497,
    0x3C32725DD1D243AC,
  ]
}
