// Values that are stored without their nulls, moved to where they belong among them.

internal import ByteParsing

public enum NullSpreading {
  /// Spreads the `valueCount` values at the start of `slots` over `slotCount` slots of `valueByteCount` bytes, in place, and writes `fill` where `mask` is 1.
  ///
  /// `mask`: a byte a slot, 1 for null, 0 for a value (`Levels.decodeMask`). `fill`: the bytes of one value (0, NaN, NaT).
  /// - Precondition: the mask has `valueCount` zeros.
  public static func spread(
    valueCount: Int, slotCount: Int, mask: RawSpan, valueByteCount: Int, fill: RawSpan, in slots: inout MutableRawSpan
  ) {
    precondition(valueByteCount > 0 && fill.byteCount == valueByteCount && mask.byteCount >= slotCount && valueCount >= 0)
    requireOutput(slots, slotCount * valueByteCount)
    let nullCount = countOnes(mask, slotCount)
    precondition(nullCount + valueCount == slotCount, "\(valueCount) values and \(nullCount) nulls for \(slotCount) slots")
    if nullCount == 0 { return }
    if valueCount == 0 { return Gather.fill(&slots, 0, slotCount, fill) }
    unsafe mask.withUnsafeBytes { nulls in
      unsafe fill.withUnsafeBytes { pattern in
        // Sound: the slots and the mask have `slotCount` entries; the values move to higher places only, from the last to the first.
        unsafe slots.withUnsafeMutableBytes { target in
          guard let nulls = nulls.baseAddress, let pattern = pattern.baseAddress, let base = target.baseAddress else { return }
          switch valueByteCount {
          case 1: unsafe move(valueCount, slotCount, nulls, pattern.loadUnaligned(as: UInt8.self), base)
          case 2: unsafe move(valueCount, slotCount, nulls, pattern.loadUnaligned(as: UInt16.self), base)
          case 4: unsafe move(valueCount, slotCount, nulls, pattern.loadUnaligned(as: UInt32.self), base)
          case 8: unsafe move(valueCount, slotCount, nulls, pattern.loadUnaligned(as: UInt64.self), base)
          default: unsafe moveBytes(valueCount, slotCount, nulls, pattern, valueByteCount, base)
          }
        }
      }
    }
  }

  private static func countOnes(_ mask: RawSpan, _ count: Int) -> Int {
    var ones = 0
    for index in 0..<count { ones &+= Int(mask.littleEndianUInt8(at: index) & 1) }
    return ones
  }

  @unsafe @inline(__always)
  private static func move<Value: FixedWidthInteger>(
    _ valueCount: Int, _ slotCount: Int, _ nulls: UnsafeRawPointer, _ fill: Value, _ base: UnsafeMutableRawPointer
  ) {
    let size = MemoryLayout<Value>.size
    var (slot, value) = (slotCount - 1, valueCount - 1)
    // Where both are at the same place no null is left before them. Without a branch on the mask: it is as random as the data.
    while slot != value {
      let isNull = unsafe nulls.load(fromByteOffset: slot, as: UInt8.self) & 1
      let found = unsafe base.loadUnaligned(fromByteOffset: max(value, 0) &* size, as: Value.self)
      unsafe base.storeBytes(of: isNull == 0 ? found : fill, toByteOffset: slot &* size, as: Value.self)
      value &-= 1 &- Int(isNull)
      slot &-= 1
    }
  }

  @unsafe private static func moveBytes(
    _ valueCount: Int, _ slotCount: Int, _ nulls: UnsafeRawPointer, _ fill: UnsafeRawPointer, _ size: Int, _ base: UnsafeMutableRawPointer
  ) {
    var (slot, value) = (slotCount - 1, valueCount - 1)
    while slot != value {
      if unsafe nulls.load(fromByteOffset: slot, as: UInt8.self) & 1 == 0 {
        unsafe (base + slot * size).copyMemory(from: base + value * size, byteCount: size)
        value -= 1
      } else {
        unsafe (base + slot * size).copyMemory(from: fill, byteCount: size)
      }
      slot -= 1
    }
  }
}
