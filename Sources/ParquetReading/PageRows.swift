// A data page with its levels expanded and its values decoded: what rows are put together from.

/// One page's slots. Valid while the memory it was decoded in is not used for another.
struct PageRows: ~Escapable {
  let slotCount: Int
  /// One byte a slot; nil where the column has no lists: every slot is a row.
  let repetitionLevels: RawSpan?
  /// One byte a slot; nil where every slot has a value.
  let definitionLevels: RawSpan?
  /// The values of the slots that have one, one after another.
  let values: PageValues

  @_lifetime(copy repetitionLevels, copy definitionLevels, copy values)
  init(slotCount: Int, repetitionLevels: RawSpan?, definitionLevels: RawSpan?, values: consuming PageValues) {
    self.slotCount = slotCount
    self.repetitionLevels = repetitionLevels
    self.definitionLevels = definitionLevels
    self.values = values
  }
}

/// The values of one page that are not null.
enum PageValues: ~Escapable {
  /// Array elements, one after another.
  case fixed(RawSpan)
  /// Texts: of each, two `UInt32`: where it begins in `bytes` and its length; verified to lie inside.
  case texts(places: RawSpan, bytes: RawSpan)
}

extension RawSpan {
  /// One byte; traps when it is outside.
  @inline(__always)
  func byte(at offset: Int) -> UInt8 {
    // Sound: a byte, bounds checked by the span.
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// Four bytes as a number; traps when they are outside.
  @inline(__always)
  func number(at offset: Int) -> UInt32 {
    // Sound: four bytes, bounds checked by the span; every pattern of bits is a number.
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }
}
