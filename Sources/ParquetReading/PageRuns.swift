// Rows that are used where they lie in their page.

public import BatchCache
internal import NumPyFormat
internal import ParquetFormat
internal import Platform

/// Whole rows of one page, as array elements.
public struct PageRun {
  public let region: ChargedRegion
  /// Where the first of them begins.
  public let valuesByteOffset: Int
  /// Rows of the row group.
  public let rows: Range<Int>
  /// Where a byte a row says which are null, for types without a value for that; nil where none is.
  public let nullsByteOffset: Int?
}

extension ParquetReader {
  /// Hands the rows `rows` of a chunk to `body`, page by page, in order, where they lie.
  /// - Returns: nil, and `body` was not called, where rows lie in two pages or are not of one length: by what is known before any page is read.
  public func eachPage(
    _ rows: Range<Int>, of chunk: ParquetChunk, _ body: (PageRun) throws(ParquetReadError) -> Void
  ) throws(ParquetReadError) -> FixedRowsResult? {
    guard let valuesPerRow = chunk.valuesPerRow, !rows.isEmpty, case .fixed(let type, let conversion) = chunk.leaf.valueType else { return nil }
    let file = try chunk.location.file.open()
    let rowByteCount = valuesPerRow * type.byteCount
    return try withDirectory(chunk, file, mayRepeat: false) { (directory) throws(ParquetReadError) in
      guard directory.isRowAligned else { return nil }
      let reader = pageReader(chunk)
      var result = FixedRowsResult()
      var dictionary: ChunkDictionary?
      var page = directory.page(ofSlot: rows.lowerBound * valuesPerRow)
      while page < directory.pages.count, directory.pages[page].firstSlot < rows.upperBound * valuesPerRow {
        let place = directory.pages[page]
        try withPage(page, of: chunk, directory, reader, file) { (view) throws(ParquetReadError) in
          try checkLists(view, reader, chunk, firstSlot: place.firstSlot)
          let firstRow = place.firstSlot / valuesPerRow
          let wanted = max(rows.lowerBound, firstRow)..<min(rows.upperBound, firstRow + view.slotCount / valuesPerRow)
          if dictionary == nil, view.layout.encoding.isDictionary { dictionary = try self.dictionary(chunk, directory, file) }
          if try reader.isWithoutNulls(view), reader.isDirect(view, conversion), let region = memory.charged(view.layout.valuesPurpose) {
            try reader.check(view, holds: view.slotCount, of: type.byteCount)
            try body(
              PageRun(
                region: region, valuesByteOffset: view.layout.valuesByteOffset + (wanted.lowerBound - firstRow) * rowByteCount, rows: wanted,
                nullsByteOffset: nil))
          } else {
            try decodedRun(view, wanted, firstRow: firstRow, chunk, reader, dictionary, valuesPerRow: valuesPerRow, body)
          }
          result.decodedByteCount += view.layout.rawByteCount
          result.storedByteCount += view.layout.storedByteCount
        }
        page += 1
      }
      return result
    }
  }

  /// Decodes a page's wanted rows first.
  private func decodedRun(
    _ view: borrowing PageView, _ wanted: Range<Int>, firstRow: Int, _ chunk: ParquetChunk, _ reader: PageReader, _ dictionary: ChunkDictionary?,
    valuesPerRow: Int, _ body: (PageRun) throws(ParquetReadError) -> Void
  ) throws(ParquetReadError) {
    guard case .fixed(let type, _) = chunk.leaf.valueType else { return }
    let rowByteCount = valuesPerRow * type.byteCount
    let valuesByteCount = wanted.count * rowByteCount
    let region = try memory.region(.rows, byteCount: valuesByteCount + wanted.count)
    let target = FixedRowsTarget(
      region: region, valuesByteOffset: 0, nullsByteOffset: valuesByteCount, nullPattern: chunk.nullPattern, rows: wanted, levelNulls: [])
    target.clearNulls()
    let slots = (wanted.lowerBound - firstRow) * valuesPerRow..<(wanted.upperBound - firstRow) * valuesPerRow
    let hasNulls = try !reader.isWithoutNulls(view)
    if !hasNulls {
      try target.write(view, slots, reader, dictionary, at: 0)
    } else {
      try reader.withRows(of: view, dictionary) { (pageRows) throws(ParquetReadError) in
        try target.write(pageRows, slots, chunk, valuesPerRow: valuesPerRow, firstSlot: firstRow * valuesPerRow)
      }
    }
    guard let charged = memory.charged(.rows) else { return }
    try body(PageRun(region: charged, valuesByteOffset: 0, rows: wanted, nullsByteOffset: hasNulls && !chunk.hasNullValue ? valuesByteCount : nil))
  }
}
