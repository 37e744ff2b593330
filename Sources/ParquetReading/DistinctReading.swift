// The values of a chunk whose pages all point into its dictionary: each once, none of its pages read.

public import BatchCache
internal import ParquetFormat
internal import Platform

/// Array elements, or texts one after another, in charged memory. Valid until the reader that found them reads something else.
public struct ChunkDistinctValues: Sendable {
  /// 1 or more; the same value may be there twice, and one that no row has.
  public let count: Int
  public let region: ChargedRegion
  /// In bytes of the region.
  public let values: Range<Int>
  /// For texts: `Int64` places in `values`, one more than there are values.
  public let offsets: Range<Int>?
}

extension ParquetReader {
  /// Nil where some page has values that are not in the dictionary, or might.
  public func distinctValues(of chunk: ParquetChunk) throws(ParquetReadError) -> ChunkDistinctValues? {
    let stored = chunk.location.chunk
    guard stored.valueCount > 0, let isClear = try isInDictionary(chunk), isClear else { return nil }
    let file = try chunk.location.file.open()
    var window = PageHeaderWindow()
    let header = try window.header(at: stored.byteRange.lowerBound, before: stored.byteRange.upperBound, in: file)
    guard case .dictionary(let page) = header.kind, page.valueCount > 0 else { return nil }
    let byteCount = header.headerByteCount + header.compressedByteCount
    guard byteCount <= stored.byteRange.count else { return nil }
    return try values(
      of: try pageReader(chunk).dictionary(byteOffset: stored.byteRange.lowerBound, byteCount: byteCount, in: file), chunk)
  }

  /// Whether every value is in the dictionary; nil where neither the footer nor the pages' headers tell.
  private func isInDictionary(_ chunk: ParquetChunk) throws(ParquetReadError) -> Bool? {
    if let isClear = chunk.location.chunk.hasOnlyDictionaryPages(of: chunk.leaf.physicalType) { return isClear }
    // Who reads pages of the chunk has to find them first, and finds them in the cache then.
    let file = try chunk.location.file.open()
    return try withDirectory(chunk, file, mayRepeat: true) { (directory) throws(ParquetReadError) in directory.isInDictionary }
  }

  private func values(of dictionary: ChunkDictionary, _ chunk: ParquetChunk) throws(ParquetReadError) -> ChunkDistinctValues? {
    guard case .bytes = chunk.leaf.valueType else {
      return memory.charged(.dictionaryValues).map {
        ChunkDistinctValues(count: dictionary.valueCount, region: $0, values: 0..<dictionary.byteCount, offsets: nil)
      }
    }
    // Behind their lengths, as they are stored, nobody but a page reads them.
    let (places, texts) = (dictionary.offsets.bytes, dictionary.values.bytes)
    let offsets = 0..<8 * (dictionary.valueCount + 1)
    let textByteCount = places.offset(at: dictionary.valueCount)
    guard let region = memory.take(offsets.count + textByteCount) else { throw .noMemory(byteCount: offsets.count + textByteCount) }
    region.region.withMutableBytes(0..<offsets.count + textByteCount) { target in
      for entry in 0...dictionary.valueCount { target.storeBytes(of: Int64(places.offset(at: entry)), toByteOffset: 8 * entry, as: Int64.self) }
    }
    for entry in 0..<dictionary.valueCount {
      let (begin, end) = (places.offset(at: entry), places.offset(at: entry + 1))
      let source = dictionary.begin + 4 * (entry + 1)
      region.region.withMutableBytes(offsets.count + begin..<offsets.count + end) { $0.copy(texts.extracting(source + begin..<source + end)) }
    }
    return ChunkDistinctValues(
      count: dictionary.valueCount, region: region, values: offsets.count..<offsets.count + textByteCount, offsets: offsets)
  }
}
