// The values of one column in one row group.

/// Where a chunk lies and what it holds, as the footer says; counts and places are possible ones.
public struct ParquetColumnChunk: Sendable, Hashable {
  public let codec: ParquetCodec
  /// Those that occur, in no order; for people, since pages say it again.
  public let encodings: [ParquetEncoding]
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
