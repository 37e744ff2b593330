// JSON, XSV, CSV and TSV shards of an MDS data set as a source: rows parsed on demand, columns as their encodings say.

internal import BatchCache
internal import Compression
internal import MDSFormat
internal import NumPyFormat
internal import Platform
public import SampleOrder
internal import TextShardFormat

/// `int` columns are int64, `float` ones float64; `str` columns have no fixed shape and are text.
public final class TextShardSource: MDSFamilySource {
  public let name: String
  public let formatName = "mds"
  public let columns: [SourceColumn]
  public let storedColumns: [StoredColumn]
  let dataSet: IndexedDataSet
  let textColumns: [TextColumn]
  private let dialect: TextDialect
  private let verification: Verification

  /// Reads the index files below `paths` (each a folder with `index.json`, or of such folders), in order.
  public convenience init(name: String, paths: [String], declarations: [ColumnDeclaration], verification: Verification) throws(SourceError) {
    try self.init(name: name, try IndexedDataSet(paths: paths), declarations: declarations, verification: verification)
  }

  init(name: String, _ dataSet: IndexedDataSet, declarations: [ColumnDeclaration], verification: Verification) throws(SourceError) {
    self.name = name
    self.dataSet = dataSet
    self.verification = verification
    switch dataSet.schema.rows {
    case .joint: throw SourceError(.path, "\(dataSet.folders[0].path)/index.json: its shards are mds, not text")
    case .json(let newline): dialect = .json(newline: Array(newline.utf8))
    case .separated(_, let separator, let newline): dialect = .separated(separator: Array(separator.utf8), newline: Array(newline.utf8))
    }
    textColumns = dataSet.schema.map { TextColumn(name: $0.name, encoding: TextEncoding(name: $0.encoding.name)) }
    columns = try Self.describe(textColumns, declarations, path: dataSet.folders[0].path)
    storedColumns = Self.stored(columns, textColumns)
  }

  private static func describe(_ columns: [TextColumn], _ declarations: [ColumnDeclaration], path: String) throws(SourceError) -> [SourceColumn] {
    for declaration in declarations {
      guard let column = columns.first(where: { $0.name == declaration.name }) else {
        throw SourceError(
          .column(declaration.name),
          "there is no column \(declaration.name) in \(path)/index.json; its columns are \(columns.map(\.name).joined(separator: ", "))")
      }
      let type = column.encoding.elementType
      guard declaration.channels == nil, declaration.shape ?? [] == [], declaration.elementType == nil || declaration.elementType == type else {
        throw SourceError(
          .column(column.name),
          "column \(column.name) is stored as \(column.encoding.name), \(type.map { "which is \($0.name) without channels" } ?? "which is text"); there is nothing to declare"
        )
      }
    }
    return columns.map { column in
      SourceColumn(name: column.name, encodingName: column.encoding.name, array: column.encoding.elementType.map { ($0, []) }, channels: nil)
    }
  }

  public var shards: ShardTable { dataSet.shards }
  public var pathSampleCounts: ShardTable { dataSet.pathSampleCounts }
  public var rawByteCount: Int { dataSet.rawByteCount }
  public var modified: FileTimestamp { dataSet.modified }
  public func path(ofShard shard: Int) -> String { dataSet.path(ofShard: shard) }

  /// Both files, uncompressed, and eight bytes a sample and column behind them.
  public func largestDemand(columns: [Int]) -> DecodeDemand { dataSet.largestDemand { Self.demand($0, $1, columnCount: columns.count) } }

  static func demand(_ index: MDSIndex, _ shard: Int, columnCount: Int) -> DecodeDemand {
    let values = index.sampleCount(ofShard: shard) * 8 * columnCount
    // Numbers of a lying index do not overflow.
    let files = min(index.rawByteCount(ofShard: shard), 1 << 60) + min(index.metaByteCount(ofShard: shard), 1 << 60)
    return DecodeDemand(
      inputByteCount: MDSShardReader.inputByteCount, outputByteCount: files + values + 24, stateByteCount: index.codec(ofShard: shard).stateByteCount)
  }

  public func willNeed(shard: Int) {
    let (folder, ordinal) = dataSet.folder(ofShard: shard)
    let entry = folder.index.shard(ordinal)
    for file in [entry.meta?.file, entry.file] {
      if let file, let opened = try? InputFile(opening: folder.path + "/" + file.basename) { opened.willNeed() }
    }
  }

  // MARK: - Decoding

  func reader(ofShard shard: Int, _ verification: Verification? = nil) -> TextShardReader {
    let (folder, ordinal) = dataSet.folder(ofShard: shard)
    return TextShardReader(
      folder: folder.path, entry: folder.index.shard(ordinal), dialect: dialect, columns: textColumns,
      seen: (dataSet.identities[shard], dataSet.metaIdentities[shard]), verification: verification ?? self.verification)
  }

  /// Decodes every row, since shards are compressed and hashed whole.
  public func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard {
    let (shard, columns) = (request.shard, request.columns)
    let reader = reader(ofShard: shard)
    return try wrap(shard) { () throws(MDSReadError) in
      let placement = try reader.read(with: workspace)
      let rowCount = reader.entry.sampleCount
      guard workspace.output.region.byteCount >= placement.end + 8 * rowCount * columns.count else {
        throw .other("the shard is larger than any the index names")
      }
      let decoded = DecodedShard(
        shard: shard, region: workspace.output,
        columns: columns.indices.map { DecodedColumn(valuesByteOffset: placement.end + 8 * rowCount * $0, rowByteCount: 8) },
        byteCount: reader.entry.raw.byteCount,
        storedByteCount: reader.entry.file.byteCount)
      let target = workspace.output.region
      var toldCount = 0
      try reader.forEachRow(placement, in: target) { (sample, rows, data) throws(TextShardError) in
        for (place, column) in columns.enumerated() {
          let bits = try self.bits(column, rows, data)
          target.store(bits, at: placement.end + 8 * (rowCount * place + sample))
        }
        // Told in runs whose values fit the processor's cache.
        if sample + 1 - toldCount == 1024 {
          onRows(decoded, toldCount..<sample + 1)
          toldCount = sample + 1
        }
      }
      if toldCount < rowCount { onRows(decoded, toldCount..<rowCount) }
      return decoded
    }
  }

  /// A number as its 64 bits.
  func bits(_ column: Int, _ rows: borrowing TextRowReader, _ data: RawSpan) throws(TextShardError) -> UInt64 {
    if case .float = textColumns[column].encoding { return try rows.double(column: column, in: data).bitPattern }
    return UInt64(bitPattern: try rows.integer(column: column, in: data))
  }

  public func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) {
    let reader = reader(ofShard: shard, .always)
    try wrap(shard) { () throws(MDSReadError) in
      var text: [UInt8] = []
      try reader.forEachRow(try reader.read(with: workspace), in: workspace.output.region) { (_, rows, data) throws(TextShardError) in
        for (column, description) in textColumns.enumerated() {
          switch description.encoding {
          case .int, .float: _ = try bits(column, rows, data)
          case .string, .unknown:
            text.removeAll(keepingCapacity: true)
            try rows.appendText(column: column, in: data, to: &text)
          }
        }
      }
    }
  }

  func wrap<Value>(_ shard: Int, _ body: () throws(MDSReadError) -> Value) throws(ShardError) -> Value {
    do throws(MDSReadError) { return try body() } catch { throw ShardError(source: name, path: path(ofShard: shard), message: error.description) }
  }
}

extension TextEncoding {
  /// What NumPy gets; nil for text.
  var elementType: ElementType? {
    switch self {
    case .int: .int64
    case .float: .float64
    case .string, .unknown: nil
    }
  }
}

extension RawSpan {
  /// Reads a number of eight bytes, little-endian.
  func unsignedInteger(at byteOffset: Int) -> UInt64 {
    // Sound: bounds checked by the span, and every pattern of bits is a number.
    UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: byteOffset, as: UInt64.self))
  }
}

extension MappedRegion {
  /// Writes a number of eight bytes, little-endian.
  func store(_ bits: UInt64, at byteOffset: Int) {
    withMutableBytes(byteOffset..<byteOffset + 8) { target in
      // Sound: the range has eight bytes.
      unsafe target.withUnsafeMutableBytes { unsafe $0.storeBytes(of: bits.littleEndian, as: UInt64.self) }
    }
  }
}
