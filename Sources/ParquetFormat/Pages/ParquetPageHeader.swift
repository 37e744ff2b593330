// What stands before a page.

/// The header of a page; the page's stored bytes follow it.
public struct ParquetPageHeader: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case data(ParquetDataPage)
    case dataV2(ParquetDataPageV2)
    case dictionary(ParquetDictionaryPage)
    /// Never used; to be passed over.
    case index
    /// To be passed over.
    case unknown(Int32)
  }

  public let kind: Kind
  /// Of this header.
  public let headerByteCount: Int
  /// Of the page as it is stored, behind the header; below 2 GiB.
  public let compressedByteCount: Int
  /// Of the page when it is decompressed, levels included; below 2 GiB. A promise of the file: nothing to be allocated unasked.
  public let uncompressedByteCount: Int
  /// CRC-32, as gzip has it, of the stored bytes behind the header.
  public let crc: UInt32?
}

/// A data page of version 1. Its decompressed bytes are repetition levels, definition levels and values; of levels whose maximum is 0 there is nothing.
public struct ParquetDataPage: Sendable, Hashable {
  /// Slots, nulls and empty lists included.
  public let valueCount: Int
  public let encoding: ParquetEncoding
  /// `rle`, then four bytes before the levels say their length, or `bitPacked`, then there are none.
  public let definitionLevelEncoding: ParquetEncoding
  public let repetitionLevelEncoding: ParquetEncoding
}

/// A data page of version 2: repetition levels, definition levels (both RLE without their length, not compressed), values.
public struct ParquetDataPageV2: Sendable, Hashable {
  /// Slots, nulls and empty lists included.
  public let valueCount: Int
  /// Slots without a value.
  public let nullCount: Int
  /// Such a page begins with a row and ends with one.
  public let rowCount: Int
  public let encoding: ParquetEncoding
  /// The levels fit into the stored and into the decompressed page.
  public let repetitionLevelsByteCount: Int
  public let definitionLevelsByteCount: Int
  /// Whether the values are compressed with the chunk's codec; but see `ParquetWriterVersion.deniesCompression`.
  public let isCompressed: Bool
}

/// The values that a chunk's data pages point to.
public struct ParquetDictionaryPage: Sendable, Hashable {
  public let valueCount: Int
  /// `plain`, which old writers call `plainDictionary`.
  public let encoding: ParquetEncoding
}
