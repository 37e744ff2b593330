// A data page in memory: its levels and its values, as they are encoded.

internal import ParquetEncodings
internal import ParquetFormat

/// Valid only inside `PageReader.withPage`.
struct PageView: ~Escapable {
  /// Slots: values, nulls and empty lists.
  let slotCount: Int
  /// Empty where the column has no lists.
  let repetitionLevels: RawSpan
  /// Empty where nothing may be null.
  let definitionLevels: RawSpan
  let values: RawSpan
  let layout: Layout

  /// What does not lie in memory.
  struct Layout {
    /// Where its header begins in the file.
    let byteOffset: Int
    let encoding: ParquetEncoding
    let repetitionLevelEncoding: ParquetEncoding
    let definitionLevelEncoding: ParquetEncoding
    /// Its bytes in the file, and decompressed.
    let storedByteCount: Int
    let rawByteCount: Int
    /// Where the values lie: in which memory, and from which byte on.
    var valuesPurpose: ReadingMemory.Purpose = .stored
    var valuesByteOffset = 0
  }

  @_lifetime(copy repetitionLevels, copy definitionLevels, copy values)
  init(slotCount: Int, repetitionLevels: RawSpan, definitionLevels: RawSpan, values: RawSpan, layout: Layout) {
    self.slotCount = slotCount
    self.repetitionLevels = repetitionLevels
    self.definitionLevels = definitionLevels
    self.values = values
    self.layout = layout
  }
}
