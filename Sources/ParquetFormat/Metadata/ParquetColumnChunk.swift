// The values of one column in one row group.

/// Where a chunk lies and what it holds, as the footer says; counts and places are possible ones.
public struct ParquetColumnChunk: Sendable, Hashable {
  public let codec: ParquetCodec
  /// Those that occur, in no order; for people, since pages say it again.
  public let encodings: [ParquetEncoding]
  /// Those of data pages, where the file counts its pages by encoding; nil where it does not.
  public let dataPageEncodings: [ParquetEncoding]?
  /// Slots, nulls and empty lists included: what the pages' counts add up to.
  public let valueCount: Int
  /// Of all pages with their headers, before compression, as the writer says.
  public let totalUncompressedByteCount: Int
  /// Of all pages with their headers, as the writer says; `byteRange` has it.
  public let totalCompressedByteCount: Int
  /// The bytes of all pages, in the file; ends before the footer. Files of old writers may have some bytes more than belong to the chunk.
  public let byteRange: Range<Int>
  /// Where the first data page is said to begin; some files have their dictionary there.
  public let dataPageByteOffset: Int
  public let statistics: ParquetStatistics?
  public let sizeStatistics: ParquetSizeStatistics?
  /// Where the index of pages lies in the file, when there is one.
  public let offsetIndexRange: Range<Int>?
  /// Where the bounds of pages lie in the file, when there are some.
  public let columnIndexRange: Range<Int>?
}

extension ParquetColumnChunk {
  /// Whether every value is one of the chunk's dictionary; nil where the footer does not tell, which the pages' headers do.
  ///
  /// - Parameter type: the column's.
  public func hasOnlyDictionaryPages(of type: ParquetPhysicalType) -> Bool? {
    if let dataPageEncodings, !dataPageEncodings.isEmpty { return dataPageEncodings.allSatisfy(\.isDictionary) }
    // The list has the encodings of levels and of the dictionary itself too: PLAIN may be the dictionary's, or that of pages that were written without it.
    guard encodings.contains(where: \.isDictionary), type != .boolean else { return false }
    let ofValues = encodings.filter { !$0.isDictionary && $0 != .rle && $0 != .bitPacked }
    return ofValues.isEmpty ? true : ofValues == [.plain] ? nil : false
  }
}
