// The columns of text shards one by one: numbers as arrays, text as runs of bytes.

public import BatchCache
internal import ByteParsing
internal import MDSFormat
internal import NumPyFormat
internal import Platform
public import SampleOrder
internal import TextShardFormat

extension TextShardSource {
  static func stored(_ columns: [SourceColumn], _ textColumns: [TextColumn]) -> [StoredColumn] {
    zip(columns, textColumns).map { column, stored in
      let values: StoredColumn.Values = column.array.map { .fixed($0.elementType, shape: []) } ?? .ragged(.uint8, depth: 1)
      return StoredColumn(
        name: column.name, encodingName: column.encodingName, values: values, isText: stored.encoding == .string,
        isBytes: column.array == nil && stored.encoding != .string)
    }
  }

  /// A piece is a shard, of which nothing can be decoded alone.
  public func pieces(ofColumn column: Int) -> ShardTable { shards }

  public func pieceDemand(ofColumn column: Int) -> DecodeDemand { largestDemand(columns: []) }

  public func path(ofColumn column: Int, piece: Int) -> String { path(ofShard: piece) }

  public var shardChecksCoverColumns: Bool { true }

  /// No column has more bytes than its shard; of text the offsets are there twice for a while.
  public func largestPieceByteCount(ofColumn column: Int) -> Int { Page.roundUp(largestDemand(columns: [column, column]).outputByteCount + 64) }

  public func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    try decode(columns: [column], shard: piece, with: workspace, budget: budget)[0]
  }

  public func decode(columns: [Int], shard: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> [ColumnPiece] {
    let reader = reader(ofShard: shard)
    do throws(MDSReadError) {
      let placement = try reader.read(with: workspace)
      var builders: [TextPieceBuilder] = []
      for column in columns {
        builders.append(try TextPieceBuilder(column: column, textColumns[column].encoding, rowCount: reader.entry.sampleCount, budget: budget))
      }
      // Texts are measured first, so that each column takes the memory it needs and no more.
      if builders.contains(where: \.isText) {
        var text: [UInt8] = []
        try reader.forEachRow(placement, in: workspace.output.region) { (sample, rows, data) throws(TextShardError) in
          for index in builders.indices where builders[index].isText { try builders[index].measure(sample, rows, data, &text) }
        }
      }
      for index in builders.indices { try builders[index].takeValues(budget: budget) }
      var text: [UInt8] = []
      try reader.forEachRow(placement, in: workspace.output.region) { (sample, rows, data) throws(TextShardError) in
        for builder in builders { try builder.write(sample, rows, data, &text) }
      }
      return builders.enumerated().map { place, builder in
        builder.piece(decodedByteCount: place == 0 ? reader.entry.raw.byteCount : 0, storedByteCount: place == 0 ? reader.entry.file.byteCount : 0)
      }
    } catch {
      throw error.columnError(source: name, path: path(ofShard: shard))
    }
  }
}

/// The values of one column of a shard, while its rows are gone over: twice for text.
private struct TextPieceBuilder {
  let column: Int
  let encoding: TextEncoding
  let rowCount: Int
  /// Where values begin: behind the offsets of text.
  private let start: Int
  private var byteCount: Int
  /// The offsets of text, until all are known.
  private var lengths: ChargedRegion?
  private var region: ChargedRegion?

  var isText: Bool { encoding.elementType == nil }

  init(column: Int, _ encoding: TextEncoding, rowCount: Int, budget: MemoryBudget) throws(MDSReadError) {
    self.column = column
    self.encoding = encoding
    self.rowCount = rowCount
    let isText = encoding.elementType == nil
    start = isText ? 8 * (rowCount + 1) : 0
    byteCount = isText ? 0 : 8 * rowCount
    if isText { lengths = try MDSReadError.region(start, budget) }
  }

  /// Notes where the text of a row ends.
  mutating func measure(_ sample: Int, _ rows: borrowing TextRowReader, _ data: RawSpan, _ text: inout [UInt8]) throws(TextShardError) {
    text.removeAll(keepingCapacity: true)
    try rows.appendText(column: column, in: data, to: &text)
    lengths?.region.store(UInt64(byteCount), at: 8 * sample)
    byteCount += text.count
  }

  mutating func takeValues(budget: MemoryBudget) throws(MDSReadError) {
    let region = try MDSReadError.region(start + byteCount, budget)
    if let lengths {
      let measured = lengths.region
      measured.store(UInt64(byteCount), at: 8 * rowCount)
      let offsets = measured.bytes
      region.region.withMutableBytes(0..<start) { $0.copy(offsets.extracting(0..<start)) }
    }
    lengths = nil
    self.region = region
  }

  func write(_ sample: Int, _ rows: borrowing TextRowReader, _ data: RawSpan, _ text: inout [UInt8]) throws(TextShardError) {
    guard let mapping = region?.region else { return }
    switch encoding {
    case .int: mapping.store(UInt64(bitPattern: try rows.integer(column: column, in: data)), at: 8 * sample)
    case .float: mapping.store(try rows.double(column: column, in: data).bitPattern, at: 8 * sample)
    case .string, .unknown:
      text.removeAll(keepingCapacity: true)
      try rows.appendText(column: column, in: data, to: &text)
      let offset = start + Int(mapping.bytes.unsignedInteger(at: 8 * sample))
      mapping.withMutableBytes(offset..<offset + text.count) { $0.copy(text.rawSpan) }
    }
  }

  func piece(decodedByteCount: Int, storedByteCount: Int) -> ColumnPiece {
    guard let region else { preconditionFailure("a piece is asked for after its values were taken") }
    return ColumnPiece(
      rowCount: rowCount, region: region, values: start..<start + byteCount, offsets: isText ? [0..<start] : [],
      decodedByteCount: decodedByteCount, storedByteCount: storedByteCount)
  }
}
