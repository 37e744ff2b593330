// Makes a chunk of what the footer says, if it can be true.

struct ColumnChunkChecker {
  /// The column's.
  let path: [String]
  let physicalType: ParquetPhysicalType
  let rowGroup: Int
  /// Of the row group.
  let rowCount: Int
  let isRepeated: Bool
  /// Of the chunk's description, in the file.
  let byteOffset: Int
  /// Where the file's data end.
  let dataEnd: Int
  let writer: ParquetWriterVersion

  func check(_ draft: ColumnChunkDraft) throws(ParquetError) -> ParquetColumnChunk {
    guard !draft.isEncrypted else { throw error(.encryptedColumn(name)) }
    if let path = draft.filePath, !path.isEmpty { throw invalid("file_path", "set", "none: columns in other files are not supported") }
    guard draft.hasMetadata else { throw missing("meta_data") }
    guard let type = draft.type else { throw missing("type") }
    guard type == physicalType.rawValue else {
      throw invalid("the type", ParquetPhysicalType(rawValue: type)?.name ?? "\(type)", "\(physicalType.name), as in the schema")
    }
    guard let isPathRight = draft.isPathRight else { throw missing("path_in_schema") }
    guard isPathRight else { throw invalid("path_in_schema", "that of another column", name) }
    guard let encodings = draft.encodings else { throw missing("encodings") }
    guard let codec = draft.codec else { throw missing("codec") }
    let valueCount = try count(draft.valueCount, "num_values")
    if !isRepeated, valueCount != rowCount { throw invalid("num_values", "\(valueCount)", "\(rowCount), the rows of the row group") }
    let uncompressed = try count(draft.totalUncompressedByteCount, "total_uncompressed_size")
    let compressed = try count(draft.totalCompressedByteCount, "total_compressed_size")
    guard let dataPage = draft.dataPageOffset else { throw missing("data_page_offset") }
    // 0 is what some writers say where there is no dictionary.
    let dictionary = draft.dictionaryPageOffset ?? 0
    let start = dictionary > 0 ? min(dictionary, dataPage) : dataPage
    // Of a chunk without values no page is ever read, and some writers place it at 0.
    let isEmpty = valueCount == 0
    guard isEmpty || start >= ParquetFooter.magicByteCount && start <= dataEnd && compressed <= dataEnd - start else {
      throw invalid("the place of its pages", "\(compressed) bytes from byte \(start) on", "within bytes \(ParquetFooter.magicByteCount) to \(dataEnd)")
    }
    // The header of a dictionary that was forgotten has less than 100 bytes.
    let forgotten = writer.understatesChunks && !isEmpty ? min(100, dataEnd - start - compressed) : 0
    return ParquetColumnChunk(
      codec: ParquetCodec(rawValue: codec), encodings: encodings, dataPageEncodings: draft.dataPageEncodings, valueCount: valueCount,
      totalUncompressedByteCount: uncompressed,
      totalCompressedByteCount: compressed, byteRange: isEmpty ? 0..<0 : start..<start + compressed + forgotten, dataPageByteOffset: dataPage,
      statistics: draft.statistics, sizeStatistics: draft.sizeStatistics, offsetIndexRange: indexRange(draft.offsetIndex),
      columnIndexRange: indexRange(draft.columnIndex))
  }

  private func count(_ value: Int?, _ field: String) throws(ParquetError) -> Int {
    guard let value else { throw missing(field) }
    guard value >= 0 else { throw invalid(field, "\(value)", "at least 0") }
    return value
  }

  /// nil also for a place that cannot be: an index only saves reading the pages' headers.
  private func indexRange(_ index: (offset: Int?, byteCount: Int32?)) -> Range<Int>? {
    guard let offset = index.offset, let byteCount = index.byteCount.map({ Int($0) }), offset >= ParquetFooter.magicByteCount, byteCount > 0,
      offset <= dataEnd, byteCount <= dataEnd - offset
    else { return nil }
    return offset..<offset + byteCount
  }

  // MARK: - Errors

  /// Only for errors: hostile names are long.
  private var name: String { path.joined(separator: ".") }
  private var place: String { "row group \(rowGroup), column \(name): " }

  private func error(_ problem: ParquetError.Problem) -> ParquetError { ParquetError(.footer, byteOffset: byteOffset, problem) }

  private func missing(_ field: String) -> ParquetError { error(.missingField(place + field)) }

  private func invalid(_ field: String, _ found: String, _ expected: String) -> ParquetError {
    error(.invalid(place + field, found: found, expected: expected))
  }
}
