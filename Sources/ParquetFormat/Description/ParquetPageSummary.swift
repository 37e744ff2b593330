// The pages of one or many chunks, counted.

public struct ParquetPageSummary: Sendable, Hashable {
  /// Data pages of version 1 and of version 2.
  public private(set) var dataPageCount = 0
  public private(set) var dataPageV2Count = 0
  public private(set) var dictionaryPageCount = 0
  /// Index pages and pages of unknown types, which are passed over.
  public private(set) var otherPageCount = 0
  /// Pages with a CRC-32.
  public private(set) var checksumCount = 0
  /// Of all data pages.
  public private(set) var valueCount = 0
  /// Of the largest page, decompressed: what a reader must hold at once.
  public private(set) var largestByteCount = 0
  /// The encodings of data pages and how many have each, in the order in which they were met.
  public private(set) var encodings: [EncodingCount] = []

  public struct EncodingCount: Sendable, Hashable {
    public let encoding: ParquetEncoding
    public internal(set) var pageCount: Int
  }

  public init() {}

  public var pageCount: Int { dataPageCount + dataPageV2Count + dictionaryPageCount + otherPageCount }

  /// Counts a page.
  public mutating func add(_ header: ParquetPageHeader) {
    switch header.kind {
    case .data(let page):
      dataPageCount += 1
      addData(page.encoding, page.valueCount)
    case .dataV2(let page):
      dataPageV2Count += 1
      addData(page.encoding, page.valueCount)
    case .dictionary: dictionaryPageCount += 1
    case .index, .unknown: otherPageCount += 1
    }
    if header.crc != nil { checksumCount += 1 }
    largestByteCount = max(largestByteCount, header.uncompressedByteCount)
  }

  /// Counts the pages of another chunk.
  public mutating func add(_ other: ParquetPageSummary) {
    dataPageCount += other.dataPageCount
    dataPageV2Count += other.dataPageV2Count
    dictionaryPageCount += other.dictionaryPageCount
    otherPageCount += other.otherPageCount
    checksumCount += other.checksumCount
    valueCount = valueCount.addingReportingOverflow(other.valueCount).partialValue
    largestByteCount = max(largestByteCount, other.largestByteCount)
    for entry in other.encodings { count(entry.encoding, entry.pageCount) }
  }

  private mutating func addData(_ encoding: ParquetEncoding, _ values: Int) {
    valueCount = valueCount.addingReportingOverflow(values).partialValue
    count(encoding, 1)
  }

  private mutating func count(_ encoding: ParquetEncoding, _ pages: Int) {
    if let place = encodings.firstIndex(where: { $0.encoding == encoding }) {
      encodings[place].pageCount += pages
    } else if encodings.count < 64 {
      encodings.append(EncodingCount(encoding: encoding, pageCount: pages))
    }
  }
}
