// Where the values of a column lie: all of a shard in one loop, or one alone.

internal import ByteParsing

extension MDSShardLayout {
  /// The byte offsets in the shard of one column's values, in the order of the samples: of all, or of `samples`, whose bytes alone are looked at then.
  ///
  /// Every value must have `expected` bytes, and the parts of every sample must add up to its extent, so that each
  /// `offset ..< offset + expected` lies inside the shard.
  /// - Throws: `.fieldByteCount` and `.sampleByteCount` for the first sample that is otherwise.
  public func fieldOffsets(column: Int, byteCount expected: Int, samples: Range<Int>? = nil, in bytes: RawSpan) throws(MDSError) -> [UInt64] {
    try check(bytes)
    let field = fields[column]
    let lengths = variableColumnCount
    let minimum = 4 * lengths + fixedBytes
    let fixedStart = 4 * lengths + field.fixedBytesBefore
    let samples = samples ?? 0..<sampleCount
    precondition(samples.lowerBound >= 0 && samples.upperBound <= sampleCount)
    var offsets: [UInt64] = []
    offsets.reserveCapacity(samples.count)
    for sample in samples {
      let range = try sampleRange(sample, in: bytes)
      guard range.count >= minimum else {
        throw .sampleByteCount(sample: sample, byteOffset: range.lowerBound, found: minimum, expected: range.count)
      }
      var total = minimum
      var before = fixedStart
      var found = field.fixedByteCount ?? 0
      for ordinal in 0..<lengths {
        let length = Int(bytes.littleEndianUInt32(at: range.lowerBound + 4 * ordinal))
        total += length
        if ordinal < field.variableColumnsBefore {
          before += length
        } else if ordinal == field.variableColumnsBefore, field.fixedByteCount == nil {
          found = length
        }
      }
      guard total == range.count else {
        throw .sampleByteCount(sample: sample, byteOffset: range.lowerBound, found: total, expected: range.count)
      }
      guard found == expected else { throw wrongLength(sample, column, range.lowerBound + before, found: found, expected: expected) }
      offsets.append(UInt64(range.lowerBound + before))
    }
    return offsets
  }

  /// The bytes of one value of any size.
  /// - Throws: `.noSample`, `.sampleByteCount`.
  public func fieldRange(sample: Int, column: Int, in bytes: RawSpan) throws(MDSError) -> Range<Int> {
    try check(bytes)
    guard sample >= 0, sample < sampleCount else { throw .noSample(sample, sampleCount: sampleCount) }
    let field = fields[column]
    let range = try sampleRange(sample, in: bytes)
    var total = 4 * variableColumnCount + fixedBytes
    guard range.count >= total else {
      throw .sampleByteCount(sample: sample, byteOffset: range.lowerBound, found: total, expected: range.count)
    }
    var start = 4 * variableColumnCount + field.fixedBytesBefore
    var length = field.fixedByteCount ?? 0
    for ordinal in 0..<variableColumnCount {
      let found = Int(bytes.littleEndianUInt32(at: range.lowerBound + 4 * ordinal))
      total += found
      if ordinal < field.variableColumnsBefore { start += found }
      if ordinal == field.variableColumnsBefore, field.fixedByteCount == nil { length = found }
    }
    guard total == range.count else {
      throw .sampleByteCount(sample: sample, byteOffset: range.lowerBound, found: total, expected: range.count)
    }
    return range.lowerBound + start..<range.lowerBound + start + length
  }

  /// Offsets are only of use in a shard of the length that was examined.
  func check(_ bytes: RawSpan) throws(MDSError) {
    guard bytes.byteCount == byteCount else { throw .shardChanged(found: bytes.byteCount, expected: byteCount) }
  }

  private func wrongLength(_ sample: Int, _ column: Int, _ byteOffset: Int, found: Int, expected: Int) -> MDSError {
    .fieldByteCount(sample: sample, column: schema[column].name, byteOffset: byteOffset, found: found, expected: expected)
  }
}
