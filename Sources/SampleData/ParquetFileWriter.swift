// Writes a Parquet file with one column of lists of one length.

internal import ByteParsing
internal import Checksums
internal import Compression

/// A column of lists of `length` float32, none of them null: one row group of zstd pages of about 1 MiB, with checksums, an offset index, and the Arrow schema
/// that tells readers the length. parquet-format, parquet.thrift.
struct ParquetFileWriter {
  private let column: String
  private let length: Int
  private var bytes: [UInt8] = Array("PAR1".utf8)
  private var page: [UInt8] = []
  private var pages: [Page] = []
  private var rowCount = 0
  private var rawByteCount = 0

  private struct Page {
    let byteOffset: Int
    let byteCount: Int
    let firstRow: Int
  }

  private static let pageByteCount = 1 << 20
  private static let compressionLevel = 3
  /// parquet.thrift, Encoding, Type and CompressionCodec.
  private static let (plain, runLength, float, zstd) = (0, 3, 4, 6)

  init(column: String, length: Int) {
    self.column = column
    self.length = length
  }

  /// - Parameter row: `length` little-endian float32.
  /// - Throws: where zstd has no memory.
  mutating func append(_ row: [UInt8]) throws(CompressionError) {
    precondition(row.count == 4 * length)
    if !page.isEmpty, page.count + row.count > Self.pageByteCount { try finishPage() }
    page += row
  }

  /// The whole file.
  mutating func finish() throws(CompressionError) -> [UInt8] {
    try finishPage()
    let chunkEnd = bytes.count
    bytes += offsetIndex
    let indexEnd = bytes.count
    bytes += footer(chunkEnd: chunkEnd, indexEnd: indexEnd)
    bytes.append(littleEndian: UInt32(bytes.count - indexEnd))
    return bytes + Array("PAR1".utf8)
  }

  // MARK: - Pages

  private mutating func finishPage() throws(CompressionError) {
    let count = page.count / (4 * length)
    guard count > 0 else { return }
    var body = repetitionLevels(count)
    body += definitionLevels(count)
    body += page
    let packed = try ZstdCompressor.compress(body.rawSpan, level: Self.compressionLevel)
    let checksum = CRC32.checksum(packed.rawSpan)
    var header = ThriftWriter()
    header.element { header in
      header.int32(1, 0)  // DATA_PAGE
      header.int32(2, body.count)
      header.int32(3, packed.count)
      header.int32(4, Int(Int32(bitPattern: checksum)))
      header.structure(5) { data in
        data.int32(1, count * length)
        data.int32(2, Self.plain)
        data.int32(3, Self.runLength)
        data.int32(4, Self.runLength)
      }
    }
    pages.append(Page(byteOffset: bytes.count, byteCount: header.bytes.count + packed.count, firstRow: rowCount))
    bytes += header.bytes
    bytes += packed
    rawByteCount += header.bytes.count + body.count
    rowCount += count
    page = []
  }

  /// 0 where a row begins, 1 at its other values.
  private func repetitionLevels(_ count: Int) -> [UInt8] {
    var runs: [UInt8] = []
    for _ in 0..<count {
      runs += [2, 0]
      if length > 1 {
        runs.append(variableLength: UInt64(length - 1) << 1)
        runs.append(1)
      }
    }
    return Self.levels(runs)
  }

  /// Every list has its values.
  private func definitionLevels(_ count: Int) -> [UInt8] {
    var run: [UInt8] = []
    run.append(variableLength: UInt64(count * length) << 1)
    run.append(1)
    return Self.levels(run)
  }

  private static func levels(_ runs: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(runs.count))
    return bytes + runs
  }

  // MARK: - Metadata

  private var offsetIndex: [UInt8] {
    var writer = ThriftWriter()
    writer.element { index in
      index.list(1, of: .structure, count: pages.count)
      for page in pages {
        index.element { location in
          location.int64(1, page.byteOffset)
          location.int32(2, page.byteCount)
          location.int64(3, page.firstRow)
        }
      }
    }
    return writer.bytes
  }

  private func footer(chunkEnd: Int, indexEnd: Int) -> [UInt8] {
    var writer = ThriftWriter()
    writer.element { footer in
      footer.int32(1, 2)
      schema(&footer)
      footer.int64(3, rowCount)
      footer.list(4, of: .structure, count: 1)
      footer.element { group in
        group.list(1, of: .structure, count: 1)
        group.element { chunk in
          chunk.int64(2, 0)
          chunk.structure(3) { chunkMetadata(&$0, chunkEnd: chunkEnd) }
          chunk.int64(4, chunkEnd)
          chunk.int32(5, indexEnd - chunkEnd)
        }
        group.int64(2, rawByteCount)
        group.int64(3, rowCount)
        group.int64(5, pages.first?.byteOffset ?? 4)
        group.int64(6, chunkEnd - 4)
        group.int16(7, 0)
      }
      footer.list(5, of: .structure, count: 1)
      footer.element { pair in
        pair.text(1, "ARROW:schema")
        pair.text(2, ArrowSchemaText.text(column: column, length: length))
      }
      footer.text(6, "EpochFS sample")
    }
    return writer.bytes
  }

  /// required group COLUMN (LIST) { repeated group list { required float element; } }
  private func schema(_ footer: inout ThriftWriter) {
    let (required, repeated) = (0, 2)
    footer.list(2, of: .structure, count: 4)
    footer.element { root in
      root.text(4, "schema")
      root.int32(5, 1)
    }
    footer.element { list in
      list.int32(3, required)
      list.text(4, column)
      list.int32(5, 1)
      list.int32(6, 3)  // ConvertedType LIST, for old readers
      list.structure(10) { $0.structure(3) { _ in } }  // LogicalType LIST
    }
    footer.element { group in
      group.int32(3, repeated)
      group.text(4, "list")
      group.int32(5, 1)
    }
    footer.element { element in
      element.int32(1, Self.float)
      element.int32(3, required)
      element.text(4, "element")
    }
  }

  private func chunkMetadata(_ chunk: inout ThriftWriter, chunkEnd: Int) {
    chunk.int32(1, Self.float)
    chunk.list(2, of: .int32, count: 2)
    for encoding in [Self.plain, Self.runLength] { chunk.element(encoding) }
    chunk.list(3, of: .binary, count: 3)
    for name in [column, "list", "element"] { chunk.element(name) }
    chunk.int32(4, Self.zstd)
    chunk.int64(5, rowCount * length)
    chunk.int64(6, rawByteCount)
    chunk.int64(7, chunkEnd - 4)
    chunk.int64(9, pages.first?.byteOffset ?? 4)
  }
}
