// One column of one row group of one file.

internal import Compression
internal import ParquetFormat

/// What is needed to read it.
struct ChunkLocation {
  let file: ParquetFile
  let leaf: ParquetLeaf
  let rowGroup: Int
  let chunk: ParquetColumnChunk
  /// The number of the row group's first row in the file.
  var firstRow: Int { file.metadata.rowGroups[rowGroup].firstRow }
  let rowCount: Int

  init(_ file: ParquetFile, leaf: Int, rowGroup: Int) throws(ParquetReadError) {
    self.file = file
    self.leaf = file.metadata.schema.leaf(leaf)
    self.rowGroup = rowGroup
    rowCount = file.metadata.rowGroups[rowGroup].rowCount
    do throws(ParquetError) { chunk = try file.metadata.columnChunk(rowGroup: rowGroup, leaf: leaf) } catch { throw .format(error) }
  }

  /// The number of values of a row where every row has the same number, by the footer's counts: rows can then be found by counting values.
  /// Every page that is read must still be checked.
  func valuesPerRow(shape: [Int]?) -> Int? {
    guard let shape else { return nil }
    if leaf.lists.isEmpty { return chunk.valueCount == rowCount ? 1 : nil }
    var product = 1
    for length in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      guard !overflow, length > 0 else { return nil }
      product = next
    }
    let (all, overflow) = product.multipliedReportingOverflow(by: rowCount)
    return !overflow && all == chunk.valueCount && product > 0 ? product : nil
  }

  /// Nil where pages are not compressed.
  var codec: Codec? {
    get throws(ParquetReadError) {
      switch chunk.codec {
      case .uncompressed: nil
      case .snappy: .snappy
      case .gzip: .gzip
      case .brotli: .brotli
      case .zstd: .zstd
      case .lz4: .lz4Legacy
      case .lz4Raw: .lz4Block
      case .lzo: throw .unsupported("column \(leaf.name) is compressed with LZO, which is not supported; write it again with zstd")
      case .unknown(let number): throw .unsupported("column \(leaf.name) is compressed with codec \(number), which is not known")
      }
    }
  }
}
