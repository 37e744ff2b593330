// Chunks of one column, added up.

internal import ParquetFormat
internal import Platform

struct ChunkSum {
  private(set) var chunkCount = 0
  private var codecs: [ParquetCodec] = []
  private var pages = ParquetPageSummary()
  private var values = 0
  /// nil as soon as a chunk does not say.
  private var nulls: Int? = 0
  private var stored = 0
  private var uncompressed = 0
  private var minimum: ParquetBound?
  private var maximum: ParquetBound?

  mutating func add(_ inspected: InspectedChunk) {
    let chunk = inspected.chunk
    if !codecs.contains(chunk.codec) { codecs.append(chunk.codec) }
    pages.add(inspected.pages)
    // The numbers are what a file says, and need not be possible together.
    values = values.addingReportingOverflow(chunk.valueCount).partialValue
    stored = stored.addingReportingOverflow(chunk.totalCompressedByteCount).partialValue
    uncompressed = uncompressed.addingReportingOverflow(chunk.totalUncompressedByteCount).partialValue
    nulls = nulls.flatMap { sum in chunk.statistics?.nullCount.map { sum.addingReportingOverflow($0).partialValue } }
    let bounds = inspected.bounds
    if chunkCount == 0 {
      (minimum, maximum) = (bounds.minimum, bounds.maximum)
    } else {
      minimum = minimum.flatMap { a in bounds.minimum.map { $0.precedes(a) ? $0 : a } }
      maximum = maximum.flatMap { a in bounds.maximum.map { a.precedes($0) ? $0 : a } }
    }
    chunkCount += 1
  }

  /// The cells of a row of the table of chunks, without the row group.
  func cells(_ leaf: ParquetLeaf) -> [String] {
    let dictionary = pages.dictionaryPageCount > 0 ? ["dictionary"] : []
    let encodings = pages.encodings.map { pages.encodings.count > 1 ? "\($0.encoding.name) \($0.pageCount)" : $0.encoding.name }
    return [
      leaf.name, codecs.map(\.name).joined(separator: ", "), (dictionary + encodings).joined(separator: ", "), "\(pages.pageCount)",
      pages.pageCount > 0 ? ByteCount.text(pages.largestByteCount) : "", "\(values)", nulls.map(String.init) ?? "", ByteCount.text(stored),
      ByteCount.text(uncompressed), minimum.map(leaf.text) ?? "", maximum.map(leaf.text) ?? "",
    ]
  }
}
