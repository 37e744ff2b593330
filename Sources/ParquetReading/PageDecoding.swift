// A page's levels and values decoded into a thread's memory.

internal import NumPyFormat
internal import ParquetEncodings
internal import ParquetFormat
internal import Platform

extension PageReader {
  /// Expands repetition levels, one byte each.
  func decodeRepetitionLevels(of page: borrowing PageView, into region: MappedRegion) throws(ParquetReadError) {
    let maximum = location.leaf.maxRepetitionLevel
    do throws(EncodingError) {
      let levels = try Levels(
        page.repetitionLevels, encoding: page.layout.repetitionLevelEncoding == .bitPacked ? .bitPacked : .hybrid, maximum: maximum, count: page.slotCount)
      try region.withMutableBytes(0..<page.slotCount) { (target) throws(EncodingError) in try levels.decode(into: &target) }
    } catch {
      throw .encoding(error, pageByteOffset: page.layout.byteOffset)
    }
  }

  /// Whether every slot has a value.
  func isWithoutNulls(_ page: borrowing PageView) throws(ParquetReadError) -> Bool {
    let maximum = location.leaf.maxDefinitionLevel
    if maximum == 0 { return true }
    do throws(EncodingError) { return try definitionLevels(of: page).isAll(maximum) } catch { throw .encoding(error, pageByteOffset: page.layout.byteOffset) }
  }

  /// Whether the page's lists all have `length` elements; its first slot lies `position` elements inside its list.
  func hasFixedLists(_ page: borrowing PageView, length: Int, position: Int) throws(ParquetReadError) -> Bool {
    do throws(EncodingError) {
      let levels = try Levels(
        page.repetitionLevels, encoding: page.layout.repetitionLevelEncoding == .bitPacked ? .bitPacked : .hybrid,
        maximum: location.leaf.maxRepetitionLevel, count: page.slotCount)
      return try levels.isFixedLists(ofLength: length, startingAt: position)
    } catch {
      throw .encoding(error, pageByteOffset: page.layout.byteOffset)
    }
  }

  /// The same of lists in lists, whose lengths are `lengths` from the outermost in, or follow from the values of a row where only the outer are known.
  func hasFixedNestedLists(_ page: borrowing PageView, lengths: [Int?], valuesPerRow: Int, firstSlot: Int) throws(ParquetReadError) -> Bool {
    let region = try memory.region(.repetitionLevels, byteCount: page.slotCount)
    try decodeRepetitionLevels(of: page, into: region)
    let levels = region.bytes
    // Elements of the innermost list that one element of each level has.
    var strides = [1]
    for length in lengths.dropFirst().reversed() {
      guard let length, length > 0 else { return false }
      let (stride, overflow) = strides[0].multipliedReportingOverflow(by: length)
      if overflow { return false }
      strides.insert(stride, at: 0)
    }
    for slot in 0..<page.slotCount {
      let place = (firstSlot + slot) % valuesPerRow
      var expected = 0
      if place != 0 {
        expected = lengths.count
        for (level, stride) in strides.enumerated() where place % stride == 0 {
          expected = level + 1
          break
        }
      }
      guard Int(levels.byte(at: slot)) == expected else { return false }
    }
    return true
  }

  @_lifetime(copy page)
  private func definitionLevels(of page: borrowing PageView) throws(EncodingError) -> Levels {
    try Levels(
      page.definitionLevels, encoding: page.layout.definitionLevelEncoding == .bitPacked ? .bitPacked : .hybrid, maximum: location.leaf.maxDefinitionLevel,
      count: page.slotCount)
  }

  /// Decodes levels and values and hands them to `body`.
  func withRows<Result>(
    of page: borrowing PageView, _ dictionary: ChunkDictionary?, _ body: (borrowing PageRows) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    let byteOffset = page.layout.byteOffset
    var valueCount = page.slotCount
    let hasNulls = try !isWithoutNulls(page)
    let definition = try memory.region(.definitionLevels, byteCount: hasNulls ? page.slotCount : 0)
    if hasNulls {
      do throws(EncodingError) {
        let levels = try definitionLevels(of: page)
        try definition.withMutableBytes(0..<page.slotCount) { (target) throws(EncodingError) in try levels.decode(into: &target) }
        valueCount = try levels.countEqual(to: location.leaf.maxDefinitionLevel)
      } catch {
        throw .encoding(error, pageByteOffset: byteOffset)
      }
    }
    let hasLists = location.leaf.maxRepetitionLevel > 0
    let repetition = try memory.region(.repetitionLevels, byteCount: hasLists ? page.slotCount : 0)
    if hasLists { try decodeRepetitionLevels(of: page, into: repetition) }
    let (definitionBytes, repetitionBytes) = (definition.bytes, repetition.bytes)
    let definitionLevels: RawSpan? = hasNulls ? definitionBytes.extracting(first: page.slotCount) : nil
    let repetitionLevels: RawSpan? = hasLists ? repetitionBytes.extracting(first: page.slotCount) : nil
    let slotCount = page.slotCount
    return try withValues(of: page, count: valueCount, dictionary) { (values) throws(ParquetReadError) in
      try body(PageRows(slotCount: slotCount, repetitionLevels: repetitionLevels, definitionLevels: definitionLevels, values: values))
    }
  }

  // MARK: - Values

  /// Decodes the `count` values of a page to array elements or texts.
  func withValues<Result>(
    of page: borrowing PageView, count: Int, _ dictionary: ChunkDictionary?, _ body: (consuming PageValues) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    switch location.leaf.valueType {
    case .fixed(let type, let conversion):
      if isDirect(page, conversion) {
        try check(page, holds: count, of: type.byteCount)
        return try body(.fixed(page.values.extracting(first: count * type.byteCount)))
      }
      let region = try decoded(page, values: 0..<count, of: count, dictionary)
      let bytes = region.bytes
      return try body(.fixed(bytes.extracting(first: count * type.byteCount)))
    case .bytes: return try withTexts(of: page, count: count, dictionary, body)
    case .unreadable(let reason): throw .unsupported("column \(location.leaf.name) \(reason)")
    }
  }

  /// Whether the page's bytes are the array's.
  func isDirect(_ page: borrowing PageView, _ conversion: ParquetConversion) -> Bool { page.layout.encoding == .plain && conversion == .copy }

  func check(_ page: borrowing PageView, holds count: Int, of valueByteCount: Int) throws(ParquetReadError) {
    guard count <= page.values.byteCount / valueByteCount else {
      throw .encoding(
        EncodingError("PLAIN values", at: 0, found: "\(page.values.byteCount) bytes", expected: "\(count) values of \(valueByteCount) bytes"),
        pageByteOffset: page.layout.byteOffset)
    }
  }

  func required(_ dictionary: ChunkDictionary?, _ page: borrowing PageView) throws(ParquetReadError) -> ChunkDictionary {
    guard let dictionary else {
      throw .contradiction("the page is encoded with a dictionary, but the column chunk has none", byteOffset: page.layout.byteOffset)
    }
    return dictionary
  }

  func unsupported(_ page: borrowing PageView) -> ParquetReadError {
    .unsupported(
      "the page at byte \(page.layout.byteOffset) of column \(location.leaf.name) is encoded as \(page.layout.encoding.name), which is not read for \(location.leaf.physicalType.name)"
    )
  }
}
