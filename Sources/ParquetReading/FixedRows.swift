// Rows of columns whose rows all have the same number of bytes, written straight to where they are wanted.

internal import BatchCache
internal import NumPyFormat
internal import ParquetEncodings
internal import ParquetFormat
public import Platform

/// What was read for some rows.
public struct FixedRowsResult: Sendable {
  public var hasNulls = false
  public var decodedByteCount = 0
  public var storedByteCount = 0
}

extension ParquetReader {
  /// Writes the values of rows `rows` of a chunk one after another to `region`.
  /// - Parameters:
  ///   - valuesByteOffset: where the first row goes.
  ///   - nullsByteOffset: where a byte a row says which are null.
  /// - Throws: also where a row has another number of elements than the chunk's shape.
  public func fixedRows(
    _ rows: Range<Int>, of chunk: ParquetChunk, into region: MappedRegion, valuesByteOffset: Int, nullsByteOffset: Int
  ) throws(ParquetReadError) -> FixedRowsResult {
    guard chunk.valuesPerRow != nil else {
      return try assembledFixedRows(rows, of: chunk, into: region, valuesByteOffset: valuesByteOffset, nullsByteOffset: nullsByteOffset)
    }
    let file = try chunk.location.file.open()
    return try withDirectory(chunk, file, mayRepeat: true) { (directory) throws(ParquetReadError) in
      var target = FixedRowsTarget(
        region: region, valuesByteOffset: valuesByteOffset, nullsByteOffset: nullsByteOffset, nullPattern: chunk.nullPattern, rows: rows)
      return try read(rows, of: chunk, directory, into: &target, file)
    }
  }

  private func read(
    _ rows: Range<Int>, of chunk: ParquetChunk, _ directory: PageDirectory, into target: inout FixedRowsTarget, _ file: borrowing InputFile
  ) throws(ParquetReadError) -> FixedRowsResult {
    var result = FixedRowsResult()
    guard let valuesPerRow = chunk.valuesPerRow, !rows.isEmpty else { return result }
    let reader = pageReader(chunk)
    let slots = rows.lowerBound * valuesPerRow..<rows.upperBound * valuesPerRow
    target.clearNulls()
    var dictionary: ChunkDictionary?
    var page = directory.page(ofSlot: slots.lowerBound)
    while page < directory.pages.count, directory.pages[page].firstSlot < slots.upperBound {
      let place = directory.pages[page]
      try reader.withPage(place, in: file) { (view) throws(ParquetReadError) in
        try Self.check(view, page, directory, chunk)
        try checkLists(view, reader, chunk, firstSlot: place.firstSlot)
        if dictionary == nil, view.layout.encoding.isDictionary { dictionary = try self.dictionary(chunk, directory, file) }
        let wanted = max(slots.lowerBound, place.firstSlot) - place.firstSlot..<min(slots.upperBound - place.firstSlot, view.slotCount)
        if try reader.isWithoutNulls(view) {
          try target.write(view, wanted, reader, dictionary, at: place.firstSlot + wanted.lowerBound - slots.lowerBound)
        } else {
          result.hasNulls = true
          try reader.withRows(of: view, dictionary) { (pageRows) throws(ParquetReadError) in
            try target.write(pageRows, wanted, chunk, valuesPerRow: valuesPerRow, firstSlot: place.firstSlot)
          }
        }
        result.decodedByteCount += view.layout.rawByteCount
        result.storedByteCount += view.layout.storedByteCount
      }
      page += 1
    }
    return result
  }

  /// Every list of the page must be of the one length that rows were found by.
  func checkLists(_ view: borrowing PageView, _ reader: PageReader, _ chunk: ParquetChunk, firstSlot: Int) throws(ParquetReadError) {
    guard !chunk.leaf.lists.isEmpty, let valuesPerRow = chunk.valuesPerRow else { return }
    let isFixed: Bool
    if chunk.leaf.lists.count == 1 {
      isFixed = try reader.hasFixedLists(view, length: valuesPerRow, position: firstSlot % valuesPerRow)
    } else {
      isFixed = try reader.hasFixedNestedLists(view, lengths: chunk.listLengths, valuesPerRow: valuesPerRow, firstSlot: firstSlot)
    }
    guard isFixed else {
      throw .otherShape(
        "column \(chunk.leaf.name) is said to have \(valuesPerRow) values in every row, but the lists of this page have other lengths",
        byteOffset: view.layout.byteOffset)
    }
  }

  /// The same by way of rows of any length, where null rows have a slot of their own.
  private func assembledFixedRows(
    _ rows: Range<Int>, of chunk: ParquetChunk, into region: MappedRegion, valuesByteOffset: Int, nullsByteOffset: Int
  ) throws(ParquetReadError) -> FixedRowsResult {
    let nullPattern = chunk.nullPattern
    let assembled = try self.rows(rows, of: chunk)
    var result = FixedRowsResult(
      hasNulls: assembled.assembly.hasRowNulls, decodedByteCount: assembled.decodedByteCount, storedByteCount: assembled.storedByteCount)
    let perRow = (chunk.shape ?? []).reduce(1, *)
    try assembled.checkFixed(perRow, lists: chunk.listLengths, chunk)
    var next = 0
    let rowByteCount = perRow * nullPattern.count
    let marksElements = assembled.assembly.hasElementNulls && nullPattern.allSatisfy { $0 == 0 }
    try assembled.withBytes(of: .values) { (values) throws(ParquetReadError) in
      try assembled.withBytes(of: .rowNulls) { (nulls) throws(ParquetReadError) in
        for row in 0..<rows.count {
          let isNull = nulls.byte(at: row) != 0
          var isMarked = isNull
          if !isNull && marksElements { isMarked = try assembled.hasNullElement(in: next / nullPattern.count..<next / nullPattern.count + perRow) }
          let begin = valuesByteOffset + row * rowByteCount
          region.withMutableBytes(begin..<begin + rowByteCount) { target in
            if isNull {
              target.fill(with: nullPattern)
            } else {
              target.copy(values.extracting(next..<next + rowByteCount))
            }
          }
          if !isNull { next += rowByteCount }
          region.withMutableBytes(nullsByteOffset + row..<nullsByteOffset + row + 1) { $0.storeBytes(of: isMarked ? 1 : 0, toByteOffset: 0, as: UInt8.self) }
        }
      }
    }
    if assembled.assembly.hasElementNulls { result.hasNulls = true }
    return result
  }
}

/// Where rows of fixed length go.
struct FixedRowsTarget {
  let region: MappedRegion
  let valuesByteOffset: Int
  let nullsByteOffset: Int
  let nullPattern: [UInt8]
  let rows: Range<Int>

  /// No value of the type stands for null.
  private var isWithoutNullValue: Bool { nullPattern.allSatisfy { $0 == 0 } }

  func clearNulls() { region.withMutableBytes(nullsByteOffset..<nullsByteOffset + rows.count) { $0.fill(with: [0]) } }

  /// Writes the slots `wanted` of a page without nulls as elements from number `element` on.
  func write(_ view: borrowing PageView, _ wanted: Range<Int>, _ reader: PageReader, _ dictionary: ChunkDictionary?, at element: Int) throws(ParquetReadError) {
    let width = nullPattern.count
    let begin = valuesByteOffset + element * width
    guard case .fixed(_, let conversion) = reader.location.leaf.valueType else { throw reader.unsupported(view) }
    if reader.isDirect(view, conversion) {
      guard wanted.upperBound <= view.values.byteCount / width else {
        throw .encoding(
          EncodingError("PLAIN values", at: 0, found: "\(view.values.byteCount) bytes", expected: "\(view.slotCount) values of \(width) bytes"),
          pageByteOffset: view.layout.byteOffset)
      }
      let values = view.values.extracting(wanted.lowerBound * width..<wanted.upperBound * width)
      region.withMutableBytes(begin..<begin + values.byteCount) { $0.copy(values) }
      return
    }
    let decoded = try reader.decoded(view, values: wanted, of: view.slotCount, dictionary)
    let bytes = decoded.bytes
    region.withMutableBytes(begin..<begin + wanted.count * width) { $0.copy(bytes.extracting(first: wanted.count * width)) }
  }

  /// Writes the slots `wanted` of a page with nulls; a null row is marked.
  func write(
    _ page: borrowing PageRows, _ wanted: Range<Int>, _ chunk: ParquetChunk, valuesPerRow: Int, firstSlot: Int
  ) throws(ParquetReadError) {
    guard let levels = page.definitionLevels, case .fixed(let values) = page.values else { return }
    let width = nullPattern.count
    let maximum = chunk.leaf.maxDefinitionLevel
    let rowLevel = chunk.leaf.rowLevel
    try Self.checkElements(levels, wanted, chunk, valuesPerRow: valuesPerRow, firstSlot: firstSlot)
    var dense = 0
    for slot in 0..<wanted.lowerBound where Int(levels.byte(at: slot)) == maximum { dense += 1 }
    let firstElement = firstSlot + wanted.lowerBound - rows.lowerBound * valuesPerRow
    region.withMutableBytes(valuesByteOffset + firstElement * width..<valuesByteOffset + (firstElement + wanted.count) * width) { target in
      for slot in wanted {
        let place = (slot - wanted.lowerBound) * width
        if Int(levels.byte(at: slot)) == maximum {
          for byte in 0..<width { target.storeBytes(of: values.byte(at: dense * width + byte), toByteOffset: place + byte, as: UInt8.self) }
          dense += 1
        } else {
          for byte in 0..<width { target.storeBytes(of: nullPattern[byte], toByteOffset: place + byte, as: UInt8.self) }
        }
      }
    }
    region.withMutableBytes(nullsByteOffset..<nullsByteOffset + rows.count) { nulls in
      // Where nothing can stand for a null element its row is marked.
      let marked = isWithoutNullValue ? maximum : rowLevel
      for slot in wanted where Int(levels.byte(at: slot)) < marked {
        nulls.storeBytes(of: 1, toByteOffset: (firstSlot + slot) / valuesPerRow - rows.lowerBound, as: UInt8.self)
      }
    }
  }
}

extension FixedRowsTarget {
  /// A list that is empty or null takes a slot too. Such a slot is a row only where rows have one, and the row is null.
  private static func checkElements(
    _ levels: RawSpan, _ slots: Range<Int>, _ chunk: ParquetChunk, valuesPerRow: Int, firstSlot: Int
  ) throws(ParquetReadError) {
    guard let innermost = chunk.leaf.lists.last else { return }
    let (elementLevel, rowLevel) = (innermost.elementLevel, valuesPerRow == 1 ? chunk.leaf.rowLevel : 0)
    for slot in slots {
      let level = Int(levels.byte(at: slot))
      guard level >= elementLevel || level < rowLevel else {
        throw .otherShape(
          "column \(chunk.leaf.name) is said to have \(valuesPerRow) values in every row, but a list of row \((firstSlot + slot) / valuesPerRow) is empty or null",
          byteOffset: chunk.location.chunk.byteRange.lowerBound)
      }
    }
  }
}

extension AssembledRows {
  /// Whether one of these elements is null.
  func hasNullElement(in elements: Range<Int>) throws(ParquetReadError) -> Bool {
    try withBytes(of: .elementNulls) { (nulls) throws(ParquetReadError) in elements.contains { nulls.byte(at: $0) != 0 } }
  }

  /// Every row that is not null must have as many elements as are promised, on every level.
  func checkFixed(_ perRow: Int, lists: [Int?], _ chunk: ParquetChunk) throws(ParquetReadError) {
    for (level, expected) in lists.enumerated() {
      // A declared shape says nothing of the inner levels; of a single one it says all.
      guard let expected = expected ?? (lists.count == 1 ? perRow : nil) else { continue }
      try withBytes(of: .offsets(level)) { (offsets) throws(ParquetReadError) in
        try withBytes(of: .rowNulls) { (nulls) throws(ParquetReadError) in
          for slot in 0..<max(0, offsets.byteCount / 8 - 1) {
            let found = offsets.offset(at: slot + 1) - offsets.offset(at: slot)
            guard found == expected || found == 0 && level == 0 && nulls.byte(at: slot) != 0 else {
              throw .otherShape(
                "column \(chunk.leaf.name) is said to have \(expected) values in every list, but one has \(found)",
                byteOffset: chunk.location.chunk.byteRange.lowerBound)
            }
          }
        }
      }
    }
    let values = byteCount(of: .values)
    var present = rowCount
    try withBytes(of: .rowNulls) { (nulls) throws(ParquetReadError) in for row in 0..<rowCount where nulls.byte(at: row) != 0 { present -= 1 } }
    guard values == present * perRow * assembly.elementByteCount else {
      throw .otherShape(
        "column \(chunk.leaf.name) is said to have \(perRow) values in every row, but \(present) rows have \(values / max(1, assembly.elementByteCount))",
        byteOffset: chunk.location.chunk.byteRange.lowerBound)
    }
  }
}
