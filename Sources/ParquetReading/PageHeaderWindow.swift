// Page headers, read through a window on the file, so that small pages do not cost a call each.

internal import ByteParsing
internal import ParquetFormat
internal import Platform

struct PageHeaderWindow {
  private var bytes: [UInt8] = []
  private var byteOffset = 0

  /// The header at `byteOffset` of a chunk that ends at `end`.
  mutating func header(at wanted: Int, before end: Int, in file: borrowing InputFile) throws(ParquetReadError) -> ParquetPageHeader {
    var count = Self.smallByteCount
    // After a short hop others are likely to follow: more is read.
    if !bytes.isEmpty, wanted - byteOffset < Self.largeByteCount { count = Self.largeByteCount }
    if wanted >= byteOffset, wanted < byteOffset + bytes.count, let header = try parse(at: wanted) { return header }
    while true {
      let available = min(count, end - wanted)
      guard available > 0 else { throw .contradiction("a page is expected, but the column chunk ends here", byteOffset: wanted) }
      bytes = Array(repeating: 0, count: available)
      byteOffset = wanted
      try file.fill(&bytes, from: wanted)
      if let header = try parse(at: wanted) { return header }
      guard available < end - wanted, available < ParquetPageHeader.byteCountLimit else {
        throw .contradiction("a page header that does not end within \(available) bytes", byteOffset: wanted)
      }
      count = min(available * 8, ParquetPageHeader.byteCountLimit)
    }
  }

  /// Nil where it goes on behind the window.
  private func parse(at wanted: Int) throws(ParquetReadError) -> ParquetPageHeader? {
    do throws(ParquetError) {
      return try ParquetPageHeader.parse(bytes.rawSpan.extracting(droppingFirst: wanted - byteOffset), fileByteOffset: wanted)
    } catch {
      throw .format(error)
    }
  }

  private static let smallByteCount = 512
  private static let largeByteCount = 16 << 10
}
