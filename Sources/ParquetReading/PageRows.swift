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

  /// The definition level of a slot; `maximum` where every slot has a value.
  @inline(__always)
  func definitionLevel(at slot: Int, orElse maximum: Int) -> Int {
    if let definitionLevels { return Int(definitionLevels.byte(at: slot)) }
    return maximum
  }
}

/// The values of one page that are not null.
enum PageValues: ~Escapable {
  /// Array elements, one after another.
  case fixed(RawSpan)
  /// Texts: value i has `offsets[i + 1] - offsets[i]` bytes (`Int64`) and begins `gap` * (i + 1) behind `offsets[i]` of `bytes`; verified to lie inside.
  case texts(offsets: RawSpan, bytes: RawSpan, gap: Int)
  /// Texts of a dictionary: value i is the one numbered `indexes[i]` (`UInt32`), verified to exist; text e begins 4 * (e + 1) behind `offsets[e]` of `bytes`.
  case dictionaryTexts(indexes: RawSpan, offsets: RawSpan, bytes: RawSpan)
}

extension RawSpan {
  /// One byte; traps when it is outside.
  @inline(__always)
  func byte(at offset: Int) -> UInt8 {
    // Sound: a byte, bounds checked by the span.
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The `UInt32` numbered `index`; traps when it is outside.
  @inline(__always)
  func index(at index: Int) -> Int {
    // Sound: four bytes, bounds checked by the span; every pattern of bits is a number.
    unsafe Int(unsafeLoadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
  }

  /// The `Int64` numbered `index`, a place in memory; traps when it is outside.
  @inline(__always)
  func offset(at index: Int) -> Int {
    // Sound: as above.
    unsafe Int(truncatingIfNeeded: unsafeLoadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
  }
}
