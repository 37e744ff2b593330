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
  ///   - levelNulls: told which entries of each level of lists are null, outermost first, those of null rows too; the last are the elements. Where there are none, a row
  ///     with a null element that no value stands for is marked.
  /// - Throws: also where a row has another number of elements than the chunk's shape.
  public func fixedRows(
    _ rows: Range<Int>, of chunk: ParquetChunk, into region: MappedRegion, valuesByteOffset: Int, nullsByteOffset: Int, levelNulls: [NullMarks] = []
  ) throws(ParquetReadError) -> FixedRowsResult {
    let target = FixedRowsTarget(
      region: region, valuesByteOffset: valuesByteOffset, nullsByteOffset: nullsByteOffset, nullPattern: chunk.nullPattern, rows: rows,
      levelNulls: levelNulls)
    guard chunk.valuesPerRow != nil else { return try assembledFixedRows(of: chunk, into: target) }
    let file = try chunk.location.file.open()
    return try withDirectory(chunk, file, mayRepeat: true) { (directory) throws(ParquetReadError) in try read(chunk, directory, into: target, file) }
  }

  /// Where the null entries of a level of lists are noted.
  public func nullMarks() -> NullMarks { NullMarks(take: memory.take) }

  private func read(
    _ chunk: ParquetChunk, _ directory: PageDirectory, into target: FixedRowsTarget, _ file: borrowing InputFile
  ) throws(ParquetReadError) -> FixedRowsResult {
    var result = FixedRowsResult()
    let rows = target.rows
    for nulls in target.levelNulls { nulls.removeAll() }
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
    for nulls in target.levelNulls { try nulls.finish(slotCount: slots.count) }
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
    let elementCounts = try chunk.promisedElementCounts
    try assembled.checkFixed(elementCounts, chunk)
    var expansion = FixedRowsExpansion(assembled, target, elementCounts: elementCounts)
    try expansion.write()
    return FixedRowsResult(
      hasNulls: assembled.assembly.nulls.contains(where: \.hasNulls), decodedByteCount: assembled.decodedByteCount, storedByteCount: assembled.storedByteCount)
  }
}
