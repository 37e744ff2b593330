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
  ///   - nullsByteOffset: where a byte a row says which are null (`FixedRowNull`).
  ///   - elementNulls: told which elements of lists are null, those of null rows too. Without, a row with a null element that no value stands for is marked.
  /// - Throws: also where a row has another number of elements than the chunk's shape.
  public func fixedRows(
    _ rows: Range<Int>, of chunk: ParquetChunk, into region: MappedRegion, valuesByteOffset: Int, nullsByteOffset: Int, elementNulls: NullMarks? = nil
  ) throws(ParquetReadError) -> FixedRowsResult {
    let target = FixedRowsTarget(
      region: region, valuesByteOffset: valuesByteOffset, nullsByteOffset: nullsByteOffset, nullPattern: chunk.nullPattern, rows: rows,
      elementNulls: elementNulls)
    guard chunk.valuesPerRow != nil else { return try assembledFixedRows(of: chunk, into: target) }
    let file = try chunk.location.file.open()
    return try withDirectory(chunk, file, mayRepeat: true) { (directory) throws(ParquetReadError) in try read(chunk, directory, into: target, file) }
  }

  /// Where null elements of fixed lists are noted.
  public func nullMarks() -> NullMarks { NullMarks(take: memory.take) }

  private func read(
    _ chunk: ParquetChunk, _ directory: PageDirectory, into target: FixedRowsTarget, _ file: borrowing InputFile
  ) throws(ParquetReadError) -> FixedRowsResult {
    var result = FixedRowsResult()
    let rows = target.rows
    target.elementNulls?.removeAll()
    guard let valuesPerRow = chunk.valuesPerRow, !rows.isEmpty else { return result }
    let reader = pageReader(chunk)
    let slots = rows.lowerBound * valuesPerRow..<rows.upperBound * valuesPerRow
    target.clearNulls()
    var dictionary: ChunkDictionary?
    var page = directory.page(ofSlot: slots.lowerBound)
    while page < directory.pages.count, directory.pages[page].firstSlot < slots.upperBound {
      let place = directory.pages[page]
      try withPage(page, of: chunk, directory, reader, file) { (view) throws(ParquetReadError) in
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
    try target.elementNulls?.finish(slotCount: slots.count)
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
  private func assembledFixedRows(of chunk: ParquetChunk, into target: FixedRowsTarget) throws(ParquetReadError) -> FixedRowsResult {
    let assembled = try self.rows(target.rows, of: chunk)
    let perRow = (chunk.shape ?? []).reduce(1, *)
    try assembled.checkFixed(perRow, lists: chunk.listLengths, chunk)
    try assembled.withBytes(of: .values) { (values) throws(ParquetReadError) in
      try assembled.withBytes(of: .nulls(0)) { (rows) throws(ParquetReadError) in
        try assembled.withBytes(of: .nulls(chunk.leaf.lists.count)) { (elements) throws(ParquetReadError) in
          try target.write(values, rows: rows, elements: elements, perRow: perRow)
        }
      }
    }
    return FixedRowsResult(
      hasNulls: assembled.assembly.nulls.contains(where: \.hasNulls), decodedByteCount: assembled.decodedByteCount, storedByteCount: assembled.storedByteCount)
  }
}

extension AssembledRows {
  /// Every row that is not null must have as many elements as are promised, on every level.
  func checkFixed(_ perRow: Int, lists: [Int?], _ chunk: ParquetChunk) throws(ParquetReadError) {
    for (level, expected) in lists.enumerated() {
      // A declared shape says nothing of the inner levels; of a single one it says all.
      guard let expected = expected ?? (lists.count == 1 ? perRow : nil) else { continue }
      try withBytes(of: .offsets(level)) { (offsets) throws(ParquetReadError) in
        try withBytes(of: .nulls(0)) { (nulls) throws(ParquetReadError) in
          for slot in 0..<max(0, offsets.byteCount / 8 - 1) {
            let found = offsets.offset(at: slot + 1) - offsets.offset(at: slot)
            guard found == expected || found == 0 && level == 0 && nulls.marks(slot) else {
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
    try withBytes(of: .nulls(0)) { (nulls) throws(ParquetReadError) in for row in 0..<rowCount where nulls.marks(row) { present -= 1 } }
    guard values == present * perRow * assembly.elementByteCount else {
      throw .otherShape(
        "column \(chunk.leaf.name) is said to have \(perRow) values in every row, but \(present) rows have \(values / max(1, assembly.elementByteCount))",
        byteOffset: chunk.location.chunk.byteRange.lowerBound)
    }
  }
}
