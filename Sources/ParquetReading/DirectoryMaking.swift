// Finds the pages of a column chunk: by the file's offset index, else from page header to page header.

internal import ByteParsing
internal import ParquetEncodings
internal import ParquetFormat
internal import Platform

extension PageReader {
  /// The pages of the chunk.
  /// - Parameters:
  ///   - valuesPerRow: where every row has the same number of slots.
  ///   - usesIndex: whether the file's offset index may be believed.
  func directory(valuesPerRow: Int?, usesIndex: Bool, in file: borrowing InputFile) throws(ParquetReadError) -> PageDirectory {
    if usesIndex, let directory = try indexed(valuesPerRow: valuesPerRow, in: file) { return directory }
    return try walked(valuesPerRow: valuesPerRow, in: file)
  }

  /// Nil where the file has no offset index, or one that cannot be true.
  private func indexed(valuesPerRow: Int?, in file: borrowing InputFile) throws(ParquetReadError) -> PageDirectory? {
    let chunk = location.chunk
    guard let range = chunk.offsetIndexRange, range.count <= Self.indexByteLimit, location.rowCount > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: range.count)
    try file.fill(&bytes, from: range.lowerBound)
    guard
      let index = try? ParquetOffsetIndex(parsing: bytes.rawSpan, fileByteOffset: range.lowerBound, chunk: chunk, rowCount: location.rowCount),
      index.pageCount > 0
    else { return nil }
    var dictionary: (byteOffset: Int, byteCount: Int)?
    let begin = chunk.byteRange.lowerBound
    if index.byteOffsets[0] > begin {
      var window = PageHeaderWindow()
      guard let header = try? window.header(at: begin, before: index.byteOffsets[0], in: file), case .dictionary = header.kind else { return nil }
      dictionary = (begin, header.headerByteCount + header.compressedByteCount)
    }
    let pages = (0..<index.pageCount).map { page in
      PageDirectory.Page(
        byteOffset: index.byteOffsets[page], byteCount: index.byteCounts[page], firstSlot: valuesPerRow.map { $0 * index.firstRows[page] } ?? -1,
        firstRow: index.firstRows[page])
    }
    return PageDirectory(pages: pages, dictionary: dictionary, isRowAligned: true, rowCount: location.rowCount, isFromIndex: true)
  }

  private func walked(valuesPerRow: Int?, in file: borrowing InputFile) throws(ParquetReadError) -> PageDirectory {
    let chunk = location.chunk
    let end = chunk.byteRange.upperBound
    var window = PageHeaderWindow()
    var pages: [PageDirectory.Page] = []
    var dictionary: (byteOffset: Int, byteCount: Int)?
    var (byteOffset, slots, rows) = (chunk.byteRange.lowerBound, 0, 0)
    var isRowAligned = true
    var isInDictionary = true
    while slots < chunk.valueCount {
      let header = try window.header(at: byteOffset, before: end, in: file)
      let byteCount = header.headerByteCount + header.compressedByteCount
      guard byteCount <= end - byteOffset else {
        throw .contradiction("a page of \(byteCount) bytes, but the column chunk ends after \(end - byteOffset)", byteOffset: byteOffset)
      }
      var page = PageDirectory.Page(byteOffset: byteOffset, byteCount: byteCount, firstSlot: slots, firstRow: rows)
      switch header.kind {
      case .dictionary:
        guard pages.isEmpty, dictionary == nil else { throw .contradiction("a second dictionary page in a column chunk", byteOffset: byteOffset) }
        dictionary = (byteOffset, byteCount)
      case .data(let data):
        if let valuesPerRow {
          page = PageDirectory.Page(byteOffset: byteOffset, byteCount: byteCount, firstSlot: slots, firstRow: (slots + valuesPerRow - 1) / valuesPerRow)
          if slots % valuesPerRow != 0 { isRowAligned = false }
        } else if location.leaf.lists.isEmpty {
          rows += data.valueCount
        } else {
          let (count, begins) = try withPage(page, in: file) { (view) throws(ParquetReadError) in try rowStarts(of: view) }
          if !begins { isRowAligned = false }
          rows += count
        }
        slots += data.valueCount
        isInDictionary = isInDictionary && data.encoding.isDictionary
        pages.append(page)
      case .dataV2(let data):
        if let valuesPerRow, slots % valuesPerRow != 0 || data.valueCount != data.rowCount.multipliedReportingOverflow(by: valuesPerRow).partialValue {
          throw .contradiction("a page of \(data.rowCount) rows with \(data.valueCount) values, expected \(valuesPerRow) a row", byteOffset: byteOffset)
        }
        rows += data.rowCount
        slots += data.valueCount
        isInDictionary = isInDictionary && data.encoding.isDictionary
        pages.append(page)
      case .index, .unknown: break
      }
      guard pages.count <= Self.pageLimit else {
        throw .unsupported("column \(location.leaf.name) has more than \(Self.pageLimit) pages in a row group; write larger ones")
      }
      byteOffset += byteCount
    }
    guard slots == chunk.valueCount else {
      throw .contradiction("the pages hold \(slots) values, but the footer says \(chunk.valueCount)", byteOffset: chunk.byteRange.lowerBound)
    }
    if valuesPerRow == nil {
      guard rows == location.rowCount else {
        throw .contradiction("the pages hold \(rows) rows, but the footer says \(location.rowCount)", byteOffset: chunk.byteRange.lowerBound)
      }
    }
    return PageDirectory(
      pages: pages, dictionary: dictionary, isRowAligned: isRowAligned, rowCount: location.rowCount, isFromIndex: false,
      isInDictionary: isInDictionary && dictionary != nil)
  }

  /// The rows that begin in a page, and whether it begins with one.
  private func rowStarts(of page: borrowing PageView) throws(ParquetReadError) -> (count: Int, beginsWithRow: Bool) {
    let levels = try memory.region(.repetitionLevels, byteCount: page.slotCount)
    try decodeRepetitionLevels(of: page, into: levels)
    let bytes = levels.bytes
    var count = 0
    for slot in 0..<page.slotCount where bytes.byte(at: slot) == 0 { count += 1 }
    return (count, page.slotCount == 0 || bytes.byte(at: 0) == 0)
  }

  private static let indexByteLimit = 16 << 20
  private static let pageLimit = 1 << 20
}
