// Puts the rows of a column together from its pages: offsets of lists, nulls, values.

internal import BatchCache
internal import NumPyFormat
internal import ParquetFormat

/// Collects the rows `rows` of one column chunk, page after page, in the form of a column piece (parquet-format, "Nested Encoding").
final class RowAssembly {
  private let lists: [ParquetListLevel]
  private let maxDefinitionLevel: Int
  private let rowLevel: Int
  /// What stands in the place of a null value; empty for texts.
  private let nullPattern: [UInt8]
  private let rows: Range<Int>

  let values: GrowingBytes
  /// Of each level of slots: the rows, the entries of each level of lists, outermost first; the last are the elements, which without lists are the rows.
  let nulls: [NullMarks]
  /// Of each level of lists, and of the bytes of texts behind them: places, one more than there are slots when `finish` was called.
  let offsets: [GrowingBytes]
  /// How many elements there are of each level of lists.
  private var elementCounts: [Int]
  /// The elements that were appended: those of the pages before the one at work.
  private var appendedCount = 0
  private var textByteCount = 0
  /// The levels of lists that the last slot is an element of, and the next may go on with.
  private var openListCount = 0
  /// The row of the row group that the last slot belongs to.
  private var row: Int
  private let isText: Bool

  var elementByteCount: Int { nullPattern.count }

  /// - Parameters:
  ///   - firstRow: rows of the row group that begin before the first page that will come.
  ///   - take: gives memory; nil where rows are only counted.
  init(leaf: ParquetLeaf, nullPattern: [UInt8], isText: Bool, rows: Range<Int>, firstRow: Int, take: ((Int) -> ChargedRegion?)?) {
    lists = leaf.lists
    maxDefinitionLevel = leaf.maxDefinitionLevel
    rowLevel = leaf.rowLevel
    self.nullPattern = nullPattern
    self.isText = isText
    self.rows = rows
    row = firstRow - 1
    values = GrowingBytes(take: take)
    nulls = (0...leaf.lists.count).map { _ in NullMarks(take: take) }
    offsets = (0..<leaf.lists.count + (isText ? 1 : 0)).map { _ in GrowingBytes(take: take) }
    elementCounts = Array(repeating: 0, count: leaf.lists.count)
  }

  /// Whether all rows that began are followed by the beginning of another, so that no further page is needed.
  private(set) var isComplete = false

  /// The rows that are there so far.
  var rowCount: Int { max(0, min(row + 1, rows.upperBound) - rows.lowerBound) }

  /// Takes the rows of one page.
  /// - Throws: `.contradiction` where the levels are not those of rows; `.noMemory`.
  func append(_ page: borrowing PageRows, pageByteOffset: Int) throws(ParquetReadError) {
    if let repetitionLevels = page.repetitionLevels {
      try appendLists(page, repetitionLevels, pageByteOffset)
    } else {
      try appendFlat(page)
    }
  }

  /// Ends every level with its last place, and says how many slots it has.
  func finish() throws(ParquetReadError) {
    try nulls[0].finish(slotCount: rowCount)
    for level in lists.indices {
      try offsets[level].append(Int64(elementCounts[level]))
      try nulls[level + 1].finish(slotCount: elementCounts[level])
    }
    if isText { try offsets[lists.count].append(Int64(textByteCount)) }
  }

  // MARK: - One value a row

  private func appendFlat(_ page: borrowing PageRows) throws(ParquetReadError) {
    let first = row + 1
    let slots = max(0, rows.lowerBound - first)..<max(0, min(page.slotCount, rows.upperBound - first))
    row += page.slotCount
    if row + 1 >= rows.upperBound { isComplete = true }
    guard slots.lowerBound < slots.upperBound else { return }
    var dense = 0
    if let levels = page.definitionLevels {
      for slot in 0..<slots.lowerBound where Int(levels.byte(at: slot)) == maxDefinitionLevel { dense += 1 }
    } else {
      dense = slots.lowerBound
    }
    try appendElements(page, slots, firstDense: dense, elementLevel: 0)
  }

  // MARK: - Lists

  private func appendLists(_ page: borrowing PageRows, _ repetition: RawSpan, _ pageByteOffset: Int) throws(ParquetReadError) {
    let innermost = lists[lists.count - 1].elementLevel
    var dense = 0
    var slot = 0
    // Slots of rows before the first wanted one.
    while slot < page.slotCount {
      if repetition.byte(at: slot) == 0 {
        if row + 1 >= rows.lowerBound { break }
        row += 1
      } else if row < 0 {
        throw .contradiction("the column begins in the middle of a row", byteOffset: pageByteOffset)
      } else if row >= rows.lowerBound {
        break
      }
      if page.definitionLevel(at: slot, orElse: maxDefinitionLevel) == maxDefinitionLevel { dense += 1 }
      slot += 1
    }
    let firstSlot = slot
    while slot < page.slotCount {
      let level = Int(repetition.byte(at: slot))
      let depth = page.definitionLevel(at: slot, orElse: maxDefinitionLevel)
      guard level <= lists.count else { throw .contradiction("a repetition level of \(level), expected at most \(lists.count)", byteOffset: pageByteOffset) }
      if level == 0 {
        if row + 1 >= rows.upperBound {
          isComplete = true
          break
        }
        row += 1
        if depth < rowLevel { try nulls[0].mark(rowCount - 1..<rowCount) }
        try offsets[0].append(Int64(elementCounts[0]))
      } else if level > openListCount || depth < lists[level - 1].elementLevel {
        throw .contradiction(
          "a slot goes on with a list that is null or empty (repetition level \(level), definition level \(depth))", byteOffset: pageByteOffset)
      }
      // A slot is the beginning of an element of every list from its level on that has one.
      var list = max(0, level - 1)
      while list < lists.count, depth >= lists[list].elementLevel {
        elementCounts[list] += 1
        list += 1
        guard list < lists.count else { break }
        // The element is a list itself, or null in its place.
        try offsets[list].append(Int64(elementCounts[list]))
        if depth < lists[list].existsLevel { try nulls[list].mark(elementCounts[list - 1] - 1..<elementCounts[list - 1]) }
      }
      openListCount = list
      slot += 1
    }
    if row + 1 >= rows.upperBound && slot == page.slotCount && page.slotCount > 0 { mayContinue = true }
    try appendElements(page, firstSlot..<slot, firstDense: dense, elementLevel: innermost)
  }

  /// The last wanted row has begun, and may go on in the next page.
  private(set) var mayContinue = false

  // MARK: - Values

  /// Appends the elements among `slots`, nulls too. `firstDense`: the number of the first slot's value among the page's values.
  private func appendElements(
    _ page: borrowing PageRows, _ slots: Range<Int>, firstDense: Int, elementLevel: Int
  ) throws(ParquetReadError) {
    guard let levels = page.definitionLevels else {
      try appendValues(page, firstDense..<firstDense + slots.count)
      appendedCount += slots.count
      return
    }
    // Runs of slots of one kind: values, nulls, or what is no element.
    var dense = firstDense
    var slot = slots.lowerBound
    while slot < slots.upperBound {
      let begin = slot
      let kind = Self.kind(Int(levels.byte(at: slot)), maxDefinitionLevel, elementLevel)
      repeat { slot += 1 } while slot < slots.upperBound && Self.kind(Int(levels.byte(at: slot)), maxDefinitionLevel, elementLevel) == kind
      switch kind {
      case .value:
        try appendValues(page, dense..<dense + slot - begin)
        dense += slot - begin
        appendedCount += slot - begin
      case .null:
        if isText {
          for _ in begin..<slot { try offsets[lists.count].append(Int64(textByteCount)) }
        } else {
          try values.append((slot - begin) * nullPattern.count, filledWith: nullPattern)
        }
        try nulls[lists.count].mark(appendedCount..<appendedCount + slot - begin)
        appendedCount += slot - begin
      case .nothing: break
      }
    }
  }

  private enum SlotKind { case value, null, nothing }

  @inline(__always)
  private static func kind(_ level: Int, _ maximum: Int, _ elementLevel: Int) -> SlotKind {
    level == maximum ? .value : level >= elementLevel ? .null : .nothing
  }

  private func appendValues(_ page: borrowing PageRows, _ dense: Range<Int>) throws(ParquetReadError) {
    switch page.values {
    case .fixed(let bytes): try values.append(bytes.extracting(dense.lowerBound * nullPattern.count..<dense.upperBound * nullPattern.count))
    case .texts(let places, let bytes, let gap):
      try reserveTexts(dense.count, byteCount: places.offset(at: dense.upperBound) - places.offset(at: dense.lowerBound))
      for index in dense {
        let begin = places.offset(at: index)
        let end = places.offset(at: index + 1)
        try appendText(bytes.extracting(begin + gap * (index + 1)..<end + gap * (index + 1)))
      }
    case .dictionaryTexts(let indexes, let places, let bytes):
      var total = 0
      for index in dense {
        let entry = indexes.index(at: index)
        total += places.offset(at: entry + 1) - places.offset(at: entry)
      }
      try reserveTexts(dense.count, byteCount: total)
      for index in dense {
        let entry = indexes.index(at: index)
        try appendText(bytes.extracting(places.offset(at: entry) + 4 * (entry + 1)..<places.offset(at: entry + 1) + 4 * (entry + 1)))
      }
    }
  }

  /// All that these texts take is known before any of it is taken.
  private func reserveTexts(_ count: Int, byteCount: Int) throws(ParquetReadError) {
    try offsets[lists.count].reserve(8 * count)
    try values.reserve(byteCount)
  }

  private func appendText(_ text: RawSpan) throws(ParquetReadError) {
    try offsets[lists.count].append(Int64(textByteCount))
    try values.append(text)
    textByteCount += text.byteCount
  }
}
