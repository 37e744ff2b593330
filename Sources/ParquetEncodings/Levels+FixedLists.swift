// Repetition levels of lists that all have the same length, recognised from the runs: what every writer makes of a fixed-size list.

internal import ByteParsing

extension Levels {
  /// Whether these repetition levels, of maximum 1, are those of lists of `length` elements each: every `length`-th is 0, the others 1.
  /// The first level lies `position` elements inside its list (0: the page begins with a list); the last list may go on in the next page.
  ///
  /// However the writer divided them: pyarrow has 8 packed levels and a run for each row, DuckDB 256 and a run. Costs time by runs and packed bytes, not by levels.
  public func isFixedLists(ofLength length: Int, startingAt position: Int = 0) throws(EncodingError) -> Bool {
    precondition(length > 0 && position >= 0 && position < length)
    guard maximum == 1 else { return false }
    if encoding == .bitPacked { return try isFixedListsByLevels(length, position) }
    var runs = try HybridRuns(data, bitWidth: 1, valueCount: count)
    /// The next level's place in its list.
    var place = position
    while let run = try runs.next() {
      switch run {
      case .repeated(0, let count):
        guard place == 0, length == 1 || count == 1 else { return false }
        place = length == 1 ? 0 : 1
      case .repeated(_, let count):
        guard place > 0, count <= length - place else { return false }
        place = place + count == length ? 0 : place + count
      case .packed(let byteOffset, let count):
        guard isFixedLists(data, byteOffset, count, length, &place) else { return false }
      }
    }
    return true
  }

  /// Eight packed levels a step.
  private func isFixedLists(_ data: RawSpan, _ byteOffset: Int, _ count: Int, _ length: Int, _ place: inout Int) -> Bool {
    var done = 0
    while done < count {
      let step = min(8, count - done)
      // Bits of list beginnings are 0.
      var expected: UInt8 = 0xFF
      var start = place == 0 ? 0 : length - place
      while start < step {
        expected &= ~(1 << UInt8(start))
        start += length
      }
      let mask = UInt8(truncatingIfNeeded: 1 << step - 1)
      guard (data.littleEndianUInt8(at: byteOffset + done / 8) ^ expected) & mask == 0 else { return false }
      // `place` stays below `length`, whichever of the two is larger.
      place = (place + step) % length
      done += step
    }
    return true
  }

  private func isFixedListsByLevels(_ length: Int, _ position: Int) throws(EncodingError) -> Bool {
    var place = position
    var cursor = try LevelCursor(self)
    while let stretch = try cursor.next() {
      guard case .each(let count) = stretch else { return false }
      for index in 0..<count {
        guard (cursor.levels[index] == 0) == (place == 0) else { return false }
        place = place + 1 == length ? 0 : place + 1
      }
    }
    return true
  }
}
