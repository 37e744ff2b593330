// A footer: the schema, the row groups, and where the columns of each lie.

internal import ByteParsing

/// The metadata of a file. Column chunks are read when they are asked for: of wide files with many row groups the footer has hundreds of megabytes,
/// of which most readers need few. What is kept is the footer itself and four bytes a chunk.
public final class ParquetMetadata: Sendable {
  /// A file may have so many rows, a hundred times those of the largest known data sets: a few bytes of a footer may promise any number of them.
  public static let rowLimit = 1 << 38

  /// The footer, and where it begins in the file.
  let footer: [UInt8]
  public let fileByteOffset: Int
  public var footerByteCount: Int { footer.count }

  /// 1 or 2, of no consequence; others are reserved.
  public let version: Int
  /// Of the whole file; the sum of the row groups'.
  public let rowCount: Int
  /// As the file says, as `parquet-cpp-arrow version 26.0.0`.
  public let createdBy: String?
  public let writer: ParquetWriterVersion
  public let schema: ParquetSchema
  public let rowGroups: [ParquetRowGroup]
  /// Whether some columns may be encrypted; the footer is not.
  public let hasEncryption: Bool
  private let keyValues: [FooterKeyValue]
  private let columnOrders: [ParquetColumnOrder]
  /// Where each chunk begins in the footer, row group by row group.
  private let chunkOffsets: [UInt32]

  /// Reads a footer.
  /// - Parameters:
  ///   - footer: the bytes that `ParquetFooter.locate` found.
  ///   - fileByteOffset: where they begin in the file; data lie before it.
  /// - Throws: when the footer is damaged or contradicts itself, and when the Arrow schema in it cannot be read (as pyarrow does).
  public init(parsing footer: [UInt8], fileByteOffset: Int) throws(ParquetError) {
    precondition(footer.count <= UInt32.max && fileByteOffset >= 0)
    var parser = FooterParser(footer.rawSpan, fileByteOffset: fileByteOffset)
    let draft = try parser.parse()
    self.footer = footer
    self.fileByteOffset = fileByteOffset
    version = draft.version
    rowCount = draft.rowCount
    createdBy = draft.createdBy
    writer = ParquetWriterVersion(createdBy: draft.createdBy ?? "")
    schema = draft.schema
    rowGroups = draft.rowGroups
    hasEncryption = draft.hasEncryption
    keyValues = draft.keyValues
    columnOrders = draft.columnOrders
    chunkOffsets = draft.chunkOffsets
  }

  /// The memory that this takes, about: the footer and what was made of it.
  public var byteCount: Int {
    footer.count + 4 * chunkOffsets.count + schema.byteCount + MemoryLayout<ParquetRowGroup>.stride * rowGroups.count
      + MemoryLayout<FooterKeyValue>.stride * keyValues.count + columnOrders.count
  }

  /// The order of a leaf's bounds.
  public func columnOrder(leaf: Int) -> ParquetColumnOrder { leaf < columnOrders.count ? columnOrders[leaf] : .undefined }

  // MARK: - Key-value metadata

  /// The names of the key-value metadata, in stored order.
  public var keys: [String] { keyValues.map(\.key) }

  /// The value of the first such key; nil when there is none, or it has no value.
  public func value(ofKey key: String) -> String? {
    guard let range = keyValues.first(where: { $0.key == key })?.value else { return nil }
    return String(decoding: footer[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
  }

  // MARK: - Column chunks

  /// Reads what the footer says of a leaf's chunk.
  /// - Throws: when it is damaged, contradicts the schema, lies outside the file's data, is encrypted or in another file.
  /// - Precondition: both are ordinals of this file.
  public func columnChunk(rowGroup: Int, leaf: Int) throws(ParquetError) -> ParquetColumnChunk {
    let start = Int(chunkOffsets[rowGroup * schema.leafCount + leaf])
    let footer = self.footer
    var reader = ThriftReader(footer.rawSpan, part: .footer, fileByteOffset: fileByteOffset, startingAt: start)
    let (path, isRepeated) = schema.chunkPath(leaf)
    let draft = try reader.readColumnChunk(path: path)
    let checker = ColumnChunkChecker(
      path: path, physicalType: schema.physicalType(leaf), rowGroup: rowGroup, rowCount: rowGroups[rowGroup].rowCount,
      isRepeated: isRepeated, byteOffset: fileByteOffset + start, dataEnd: fileByteOffset, writer: writer)
    return try checker.check(draft)
  }
}
