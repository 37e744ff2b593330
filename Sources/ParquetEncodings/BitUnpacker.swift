// Bit-packed numbers, the lowest bit first: the inner loop of levels, dictionary indexes, deltas and ALP.

/// Unpacks numbers of 0 to 32 bits to `UInt32`, and of 0 to 64 to `UInt64`. Value i lies in the bits i * width to (i + 1) * width - 1 of the data.
public enum BitUnpacker {
  /// The bytes that `count` values take, the last byte padded.
  public static func byteCount(_ count: Int, bitWidth: Int) -> Int { (count * bitWidth + 7) / 8 }

  /// Unpacks `count` values of `bitWidth` 0 to 32 from the start of `data` into as many `UInt32` at the start of `output`.
  /// - Precondition: the data and the output have the bytes.
  public static func unpack32(_ data: RawSpan, bitWidth: Int, count: Int, into output: inout MutableRawSpan) {
    requireOutput(output, count * 4)
    precondition((0...32).contains(bitWidth) && data.byteCount >= byteCount(count, bitWidth: bitWidth))
    unsafe data.withUnsafeBytes { source in
      // Sound: both buffers have the bytes, as checked above; the target is written as bytes of UInt32, which have no other owner.
      unsafe output.withUnsafeMutableBytes { target in
        guard let base = target.baseAddress else { return }
        // Without bytes there are no values, or values of no bits.
        let first = unsafe source.baseAddress ?? UnsafeRawPointer(base)
        unsafe unpack(first, byteCount: source.count, bitWidth: bitWidth, count: count, into: base)
      }
    }
  }

  /// As `unpack32`, of `bitWidth` 0 to 64 into `UInt64`.
  public static func unpack64(_ data: RawSpan, bitWidth: Int, count: Int, into output: inout MutableRawSpan) {
    requireOutput(output, count * 8)
    precondition((0...64).contains(bitWidth) && data.byteCount >= byteCount(count, bitWidth: bitWidth))
    unsafe data.withUnsafeBytes { source in
      // Sound: as above.
      unsafe output.withUnsafeMutableBytes { target in
        guard let base = target.baseAddress else { return }
        // Without bytes there are no values, or values of no bits.
        let first = unsafe source.baseAddress ?? UnsafeRawPointer(base)
        unsafe unpackLong(first, byteCount: source.count, bitWidth: bitWidth, count: count, into: base)
      }
    }
  }

  /// `byteCount`: what may be read from `source`; `count` values must lie in it. The target need not be aligned.
  @unsafe static func unpack(_ source: UnsafeRawPointer, byteCount: Int, bitWidth: Int, count: Int, into target: UnsafeMutableRawPointer) {
    if bitWidth == 0 {
      unsafe target.initializeMemory(as: UInt8.self, repeating: 0, count: count * 4)
      return
    }
    // The loads are of eight bytes: a group is unpacked so where they end inside the data.
    let reach = bitWidth <= 8 ? 8 : 7 * bitWidth / 8 + 8
    let groupCount = byteCount < reach ? 0 : min(count / 8, (byteCount - reach) / bitWidth + 1)
    unsafe unpackGroups(bitWidth, source, groupCount, target)
    let mask = UInt64(1) << UInt64(bitWidth) - 1
    for index in groupCount * 8..<max(count, groupCount * 8) {
      let bit = index * bitWidth
      let word = unsafe load(source, bit >> 3, byteCount) >> UInt64(bit & 7)
      unsafe target.storeBytes(of: UInt32(truncatingIfNeeded: word & mask), toByteOffset: index * 4, as: UInt32.self)
    }
  }

  @unsafe static func unpackLong(_ source: UnsafeRawPointer, byteCount: Int, bitWidth: Int, count: Int, into target: UnsafeMutableRawPointer) {
    if bitWidth == 0 {
      unsafe target.initializeMemory(as: UInt8.self, repeating: 0, count: count * 8)
      return
    }
    let mask = bitWidth == 64 ? UInt64.max : UInt64(1) << UInt64(bitWidth) - 1
    // Where a load of nine bytes ends inside the data.
    let fastCount = byteCount < 9 ? 0 : min(count, ((byteCount - 9) * 8 + 7) / bitWidth + 1)
    if bitWidth <= 56 {
      for index in 0..<fastCount {
        let bit = index &* bitWidth
        let word = unsafe UInt64(littleEndian: source.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self)) &>> UInt64(bit & 7)
        unsafe target.storeBytes(of: word & mask, toByteOffset: index &* 8, as: UInt64.self)
      }
    } else {
      for index in 0..<fastCount {
        let bit = index &* bitWidth
        let low = unsafe UInt64(littleEndian: source.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
        let high = unsafe UInt64(source.load(fromByteOffset: bit &>> 3 &+ 8, as: UInt8.self))
        let shift = UInt64(bit & 7)
        unsafe target.storeBytes(of: (low &>> shift | (high << 1) &<< (63 &- shift)) & mask, toByteOffset: index &* 8, as: UInt64.self)
      }
    }
    for index in fastCount..<max(count, fastCount) {
      let bit = index * bitWidth
      let shift = UInt64(bit & 7)
      let low = unsafe load(source, bit >> 3, byteCount)
      let high = unsafe bit >> 3 + 8 < byteCount ? UInt64(source.load(fromByteOffset: bit >> 3 + 8, as: UInt8.self)) : 0
      unsafe target.storeBytes(of: (low >> shift | (high << 1) << (63 - shift)) & mask, toByteOffset: index * 8, as: UInt64.self)
    }
  }

  /// Eight bytes at `byteOffset`, zeros behind the end of the data.
  @unsafe private static func load(_ source: UnsafeRawPointer, _ byteOffset: Int, _ byteCount: Int) -> UInt64 {
    if byteOffset + 8 <= byteCount { return unsafe UInt64(littleEndian: source.loadUnaligned(fromByteOffset: byteOffset, as: UInt64.self)) }
    var word: UInt64 = 0
    for place in byteOffset..<max(byteOffset, byteCount) {
      word |= unsafe UInt64(source.load(fromByteOffset: place, as: UInt8.self)) << UInt64(8 * (place - byteOffset))
    }
    return word
  }

  /// Eight values of up to eight bits are one load.
  @unsafe @inline(__always)
  private static func unpackNarrow(_ width: Int, _ source: UnsafeRawPointer, _ groupCount: Int, _ target: UnsafeMutableRawPointer) {
    let mask = UInt64(1) &<< UInt64(width) &- 1
    for group in 0..<groupCount {
      let word = unsafe UInt64(littleEndian: source.loadUnaligned(fromByteOffset: group &* width, as: UInt64.self))
      var values = SIMD8<UInt32>()
      for lane in 0..<8 { values[lane] = UInt32(truncatingIfNeeded: word &>> UInt64(lane &* width) & mask) }
      unsafe target.storeBytes(of: values, toByteOffset: group &* 32, as: SIMD8<UInt32>.self)
    }
  }

  @unsafe @inline(__always)
  private static func unpackWide(_ width: Int, _ source: UnsafeRawPointer, _ groupCount: Int, _ target: UnsafeMutableRawPointer) {
    let mask = UInt64(1) &<< UInt64(width) &- 1
    for group in 0..<groupCount {
      let begin = unsafe source + group &* width
      var values = SIMD8<UInt32>()
      for lane in 0..<8 {
        let bit = lane &* width
        let word = unsafe UInt64(littleEndian: begin.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self)) &>> UInt64(bit & 7)
        values[lane] = UInt32(truncatingIfNeeded: word & mask)
      }
      unsafe target.storeBytes(of: values, toByteOffset: group &* 32, as: SIMD8<UInt32>.self)
    }
  }

  /// The width is a constant in each: shifts and masks are immediate.
  @unsafe private static func unpackGroups(_ width: Int, _ source: UnsafeRawPointer, _ groupCount: Int, _ target: UnsafeMutableRawPointer) {
    switch width {
    case 1: unsafe unpackNarrow(1, source, groupCount, target)
    case 2: unsafe unpackNarrow(2, source, groupCount, target)
    case 3: unsafe unpackNarrow(3, source, groupCount, target)
    case 4: unsafe unpackNarrow(4, source, groupCount, target)
    case 5: unsafe unpackNarrow(5, source, groupCount, target)
    case 6: unsafe unpackNarrow(6, source, groupCount, target)
    case 7: unsafe unpackNarrow(7, source, groupCount, target)
    case 8: unsafe unpackNarrow(8, source, groupCount, target)
    case 9: unsafe unpackWide(9, source, groupCount, target)
    case 10: unsafe unpackWide(10, source, groupCount, target)
    case 11: unsafe unpackWide(11, source, groupCount, target)
    case 12: unsafe unpackWide(12, source, groupCount, target)
    case 13: unsafe unpackWide(13, source, groupCount, target)
    case 14: unsafe unpackWide(14, source, groupCount, target)
    case 15: unsafe unpackWide(15, source, groupCount, target)
    case 16: unsafe unpackWide(16, source, groupCount, target)
    case 17: unsafe unpackWide(17, source, groupCount, target)
    case 18: unsafe unpackWide(18, source, groupCount, target)
    case 19: unsafe unpackWide(19, source, groupCount, target)
    case 20: unsafe unpackWide(20, source, groupCount, target)
    case 21: unsafe unpackWide(21, source, groupCount, target)
    case 22: unsafe unpackWide(22, source, groupCount, target)
    case 23: unsafe unpackWide(23, source, groupCount, target)
    case 24: unsafe unpackWide(24, source, groupCount, target)
    case 25: unsafe unpackWide(25, source, groupCount, target)
    case 26: unsafe unpackWide(26, source, groupCount, target)
    case 27: unsafe unpackWide(27, source, groupCount, target)
    case 28: unsafe unpackWide(28, source, groupCount, target)
    case 29: unsafe unpackWide(29, source, groupCount, target)
    case 30: unsafe unpackWide(30, source, groupCount, target)
    case 31: unsafe unpackWide(31, source, groupCount, target)
    case 32: unsafe unpackWide(32, source, groupCount, target)
    default: preconditionFailure("\(width) bits")
    }
  }
}
