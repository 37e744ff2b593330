// Rows of any column, put together.

internal import BatchCache
internal import ParquetFormat
internal import Platform

/// The parts of a run of rows, each in memory of its own.
public struct AssembledRows {
  let assembly: RowAssembly
  public let rowCount: Int
  /// Uncompressed and stored bytes of the pages that were read.
  public let decodedByteCount: Int
  public let storedByteCount: Int

  public enum Part: Sendable, Hashable {
    case values
    /// Nulls of a level of slots: 0 the rows, then the entries of each level of lists, outermost first.
    case nulls(Int)
    /// Places of a level, outermost first; the last is that of texts' bytes.
    case offsets(Int)
  }

  /// The parts that there are: nulls only where some are.
  public var parts: [Part] {
    assembly.offsets.indices.map(Part.offsets) + [.values] + assembly.nulls.indices.filter { assembly.nulls[$0].hasNulls }.map(Part.nulls)
  }

  /// The levels of slots, whether some are null or not.
  public var nullLevels: Range<Int> { assembly.nulls.indices }

  public func byteCount(of part: Part) -> Int {
    switch part {
    case .values: assembly.values.byteCount
    case .nulls(let level): assembly.nulls[level].byteCount
    case .offsets(let level): assembly.offsets[level].byteCount
    }
  }

  /// Hands the bytes of a part to `body`; of nulls none where there are none.
  public func withBytes<Result>(of part: Part, _ body: (RawSpan) throws(ParquetReadError) -> Result) throws(ParquetReadError) -> Result {
    switch part {
    case .values: try assembly.values.withBytes(body)
    case .nulls(let level): try assembly.nulls[level].withBytes(body)
    case .offsets(let level): try assembly.offsets[level].withBytes(body)
    }
  }
}

extension ParquetReader {
  /// The rows `rows` of a chunk of any type, with what stands for null where there is none.
  public func rows(_ rows: Range<Int>, of chunk: ParquetChunk) throws(ParquetReadError) -> AssembledRows {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= chunk.rowCount)
    let file = try chunk.location.file.open()
    return try withDirectory(chunk, file, mayRepeat: true) { (directory) throws(ParquetReadError) in
      try assemble(rows, of: chunk, directory, file, take: memory.take)
    }
  }

  /// Reads and decodes every page of a chunk and counts its rows; nothing is kept of them.
  /// - Throws: for what reading any of its rows would throw.
  public func check(_ chunk: ParquetChunk) throws(ParquetReadError) {
    let file = try chunk.location.file.open()
    try withDirectory(chunk, file, mayRepeat: true) { (directory) throws(ParquetReadError) in
      let rows = try assemble(0..<chunk.rowCount, of: chunk, directory, file, take: nil)
      // A column of fixed lists, some of them null: their lengths are looked at row by row.
      if chunk.shape != nil, chunk.valuesPerRow == nil, rows.rowCount > 0 { try checkRows(of: chunk) }
    }
  }

  private func checkRows(of chunk: ParquetChunk) throws(ParquetReadError) {
    let elementCounts = try chunk.promisedElementCounts
    for first in stride(from: 0, to: chunk.rowCount, by: Self.checkedRowCount) {
      let rows = try self.rows(first..<min(chunk.rowCount, first + Self.checkedRowCount), of: chunk)
      try rows.checkFixed(elementCounts, chunk)
    }
  }

  private static let checkedRowCount = 4096

  private func assemble(
    _ rows: Range<Int>, of chunk: ParquetChunk, _ directory: PageDirectory, _ file: borrowing InputFile,
    take: ((Int) -> ChargedRegion?)?
  ) throws(ParquetReadError) -> AssembledRows {
    let reader = pageReader(chunk)
    let isText = if case .bytes = chunk.leaf.valueType { true } else { false }
    var (decodedByteCount, storedByteCount) = (0, 0)
    let first = directory.page(ofRow: rows.lowerBound)
    let assembly = RowAssembly(
      leaf: chunk.leaf, nullPattern: chunk.nullPattern, isText: isText, rows: rows, firstRow: directory.pages.isEmpty ? 0 : directory.pages[first].firstRow,
      take: take)
    var dictionary: ChunkDictionary?
    var page = first
    while page < directory.pages.count, !rows.isEmpty, !assembly.isComplete {
      // The last row goes on only where pages may begin in the middle of one.
      if assembly.mayContinue && directory.isRowAligned { break }
      let place = directory.pages[page]
      if chunk.leaf.lists.isEmpty && place.firstRow >= rows.upperBound { break }
      try withPage(page, of: chunk, directory, reader, file) { (view) throws(ParquetReadError) in
        if place.firstSlot >= 0, chunk.valuesPerRow != nil { try checkLists(view, reader, chunk, firstSlot: place.firstSlot) }
        if dictionary == nil, view.layout.encoding.isDictionary { dictionary = try self.dictionary(chunk, directory, file) }
        try reader.withRows(of: view, dictionary) { (pageRows) throws(ParquetReadError) in
          if directory.isFromIndex, chunk.valuesPerRow == nil { try Self.checkRowCount(pageRows, page, directory) }
          try assembly.append(pageRows, pageByteOffset: place.byteOffset)
        }
        decodedByteCount += view.layout.rawByteCount
        storedByteCount += view.layout.storedByteCount
      }
      page += 1
    }
    guard assembly.rowCount == rows.count || rows.isEmpty else {
      throw .contradiction(
        "the pages of column \(chunk.leaf.name) end after \(assembly.rowCount) of the rows \(rows.lowerBound)..<\(rows.upperBound) of the row group",
        byteOffset: chunk.location.chunk.byteRange.lowerBound)
    }
    try assembly.finish()
    return AssembledRows(assembly: assembly, rowCount: rows.count, decodedByteCount: decodedByteCount, storedByteCount: storedByteCount)
  }

  /// A page of lists of any length must have the rows that the file's index says, the first from its beginning on: what else would be others than were asked for.
  private static func checkRowCount(_ rows: borrowing PageRows, _ page: Int, _ directory: PageDirectory) throws(ParquetReadError) {
    guard let levels = rows.repetitionLevels else { return }
    var count = 0
    for slot in 0..<rows.slotCount where levels.byte(at: slot) == 0 { count += 1 }
    let expected = directory.rowEnd(ofPage: page) - directory.pages[page].firstRow
    guard count == expected, rows.slotCount == 0 || levels.byte(at: 0) == 0 else {
      throw .contradiction(
        "the page has \(count) beginnings of rows, but the file's offset index says \(expected) rows", byteOffset: directory.pages[page].byteOffset)
    }
  }

  /// Where every slot is a row, a page has as many as the next one begins behind it.
  static func check(_ view: borrowing PageView, _ page: Int, _ directory: PageDirectory, _ chunk: ParquetChunk) throws(ParquetReadError) {
    let place = directory.pages[page]
    let expected: Int
    if let valuesPerRow = chunk.valuesPerRow, place.firstSlot >= 0 {
      expected = (page + 1 < directory.pages.count ? directory.pages[page + 1].firstSlot : valuesPerRow * directory.rowCount) - place.firstSlot
    } else if chunk.leaf.lists.isEmpty {
      expected = directory.rowEnd(ofPage: page) - place.firstRow
    } else {
      return
    }
    guard view.slotCount == expected else {
      throw .contradiction("the page holds \(view.slotCount) values, expected \(expected)", byteOffset: place.byteOffset)
    }
  }
}
