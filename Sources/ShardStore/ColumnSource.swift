// What serving and filtering whole columns asks of any stored format: what each column's values look like, and the values of a run of rows.

public import BatchCache
public import NumPyFormat
internal import Platform
public import RowFilter
public import SampleOrder

/// What a configuration's source is opened as: rows for batches, and columns. The numbers of `columns` and of `storedColumns` are the same.
public typealias StoredSource = ShardSource & ColumnSource

/// A source whose columns can be had one by one, piece by piece, in stored order.
public protocol ColumnSource: Sendable {
  /// Every stored column, in stored order; also those that cannot be read, with the reason.
  var storedColumns: [StoredColumn] { get }
  /// The rows of each piece of a readable column. A piece is a run of rows that is decoded at once; pieces differ between columns, but have the same rows in all.
  func pieces(ofColumn column: Int) -> ShardTable
  /// The memory that decoding the most demanding piece of a column takes beside the piece itself.
  func pieceDemand(ofColumn column: Int) -> DecodeDemand
  /// What the largest piece of a column takes as far as the index tells; a cap without room for it is refused at the mount.
  func largestPieceByteCount(ofColumn column: Int) -> Int
  /// The values of one piece of a readable column, in memory charged to `budget`. Blocking; called on decoding threads only.
  func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece
  /// The values of several readable columns in the rows of the piece `shard`, which is one of the same rows in each of these columns; as `decode(column:)` column by
  /// column, but what is stored together is read once.
  func decode(columns: [Int], shard: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> [ColumnPiece]
  /// Where a piece lies, for messages: the stored file's path.
  func path(ofColumn column: Int, piece: Int) -> String
  /// Whether `ShardSource.check(shard:)` of the same source decodes all that the pieces of its columns hold, so that a deep check need not decode them once more.
  var shardChecksCoverColumns: Bool { get }
  /// The values of at least the rows `rows` of a piece, which `firstRow` of its rows come before.
  func decode(
    column: Int, piece: Int, rows: Range<Int>, with workspace: DecodeWorkspace, budget: MemoryBudget
  ) throws(ColumnError) -> (piece: ColumnPiece, firstRow: Int)
  /// What is known of a piece without reading anything; nil where nothing is. Filters leave out what it settles.
  func statistics(ofColumn column: Int, piece: Int) -> ColumnStatistics?
  /// The nulls of a column that are known without reading anything; nil where nothing is known of them.
  func knownNulls(ofColumn column: Int) -> KnownNulls?
  /// What is known of parts of the rows that are stored together with a piece's; nil where nothing is. May read what is stored beside the values.
  func runStatistics(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> RunStatistics?
  /// All values of the rows that are stored together with a piece's, where these are stored once for all; nil where they are not. Reads them.
  func distinctValues(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> DistinctValues?
  /// Of a column that is made from the files' paths: the text of each file, nil for null. Nil for every other column.
  func pathTexts(ofColumn column: Int) -> [String?]?
}

extension ColumnSource {
  /// The values of the longest piece of a column of fixed shape; nothing is known of others.
  public func largestPieceByteCount(ofColumn column: Int) -> Int {
    guard case .fixed(let type, let shape) = storedColumns[column].values, let rowByteCount = ArrayShape.byteCount(shape, elementType: type) else { return 0 }
    let pieces = pieces(ofColumn: column)
    let rowCount = (0..<pieces.shardCount).reduce(0) { max($0, pieces.count(of: $1)) }
    let (byteCount, overflow) = rowCount.multipliedReportingOverflow(by: rowByteCount + 1)
    return overflow ? .max / 4 : byteCount
  }

  public var shardChecksCoverColumns: Bool { false }
  public func statistics(ofColumn column: Int, piece: Int) -> ColumnStatistics? { nil }
  public func knownNulls(ofColumn column: Int) -> KnownNulls? { nil }
  public func runStatistics(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> RunStatistics? { nil }
  public func distinctValues(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> DistinctValues? { nil }
  public func pathTexts(ofColumn column: Int) -> [String?]? { nil }
}

extension ColumnSource {
  /// For sources that decode pieces whole.
  public func decode(
    column: Int, piece: Int, rows: Range<Int>, with workspace: DecodeWorkspace, budget: MemoryBudget
  ) throws(ColumnError) -> (piece: ColumnPiece, firstRow: Int) { (try decode(column: column, piece: piece, with: workspace, budget: budget), 0) }

  public func decode(columns: [Int], shard: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> [ColumnPiece] {
    try decodeEach(columns, piece: shard, with: workspace, budget: budget)
  }

  /// The pieces of one number of several columns, one after another.
  func decodeEach(_ columns: [Int], piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> [ColumnPiece] {
    var pieces: [ColumnPiece] = []
    for column in columns { pieces.append(try decode(column: column, piece: piece, with: workspace, budget: budget)) }
    return pieces
  }
}

/// One stored column as NumPy sees it.
public struct StoredColumn: Sendable {
  /// What the values of one row are.
  public enum Values: Sendable, Equatable {
    /// An array of the same type and shape in every row; shape `[]` for a scalar.
    case fixed(ElementType, shape: [Int])
    /// A run of elements of differing length, `depth` levels of lists deep (1 for a plain list). Text and bytes are runs of `uint8`; a list of texts has depth 2.
    case ragged(ElementType, depth: Int)
    /// Why nothing can be read of it.
    case unreadable(String)
  }
  /// Struct fields are `parent.child`.
  public let name: String
  /// How it is stored, as the format names it.
  public let encodingName: String
  public let values: Values
  /// UTF-8 text: filters compare it as such, and JSON rows show it as a string.
  public let isText: Bool
  /// Bytes of no further meaning to the reader, as opposed to lists of small numbers: JSON rows show them in base64.
  public let isBytes: Bool
  /// The levels of slots that may be null, ascending (see `ColumnPiece.nulls`).
  public let nullableLevels: [Int]
  /// Whether a row may be null.
  public var isNullable: Bool { nullableLevels.first == 0 }
  /// Names along the last axis, where declared.
  public let channels: [String]?
  /// Of decimals, which are integers without their point, the digits behind it; nil for all else.
  public let decimalScale: Int?

  public init(
    name: String, encodingName: String, values: Values, isText: Bool = false, isBytes: Bool = false, nullableLevels: [Int] = [],
    channels: [String]? = nil, decimalScale: Int? = nil
  ) {
    self.decimalScale = decimalScale
    self.name = name
    self.encodingName = encodingName
    self.values = values
    self.isText = isText
    self.isBytes = isBytes
    self.nullableLevels = nullableLevels
    self.channels = channels
  }
}

/// The values of a run of rows of one column. All parts lie in one region; ranges are in bytes from its start, each beginning at a multiple of 8.
public final class ColumnPiece: Sendable {
  public let rowCount: Int
  public let region: ChargedRegion
  /// The elements, one after another, little-endian; where a row or an element is null: 0, NaN or NaT.
  public let values: Range<Int>
  /// For each level of slots one byte a slot, 1 where it is null; nil where none is, and for all levels behind the last. Level 0 are the rows; of ragged columns level
  /// k are the entries of the lists of level k - 1: lists themselves, texts, or elements; of columns of fixed shape those along its first k axes, so that the last are the
  /// elements.
  public let nulls: [Range<Int>?]
  /// For ragged columns, outermost level first: `Int64` places of the next level (of the elements, for the innermost), counted from this piece's own first, one more than there are slots.
  public let offsets: [Range<Int>]
  /// Uncompressed bytes that were decoded for it, and stored bytes that were read.
  public let decodedByteCount: Int
  public let storedByteCount: Int

  public init(
    rowCount: Int, region: ChargedRegion, values: Range<Int>, nulls: [Range<Int>?] = [], offsets: [Range<Int>] = [], decodedByteCount: Int,
    storedByteCount: Int
  ) {
    self.rowCount = rowCount
    self.region = region
    self.values = values
    self.nulls = nulls
    self.offsets = offsets
    self.decodedByteCount = decodedByteCount
    self.storedByteCount = storedByteCount
  }

  /// Where the nulls of a level of slots stand; nil where none is null.
  public func nulls(level: Int) -> Range<Int>? { level < nulls.count ? nulls[level] : nil }
  public var rowNulls: Range<Int>? { nulls(level: 0) }
}

/// Why a piece of a column cannot be had.
public enum ColumnError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The stored data is damaged, truncated, missing or changed.
  case shard(ShardError)
  /// The cap has no room for the piece now; `byteCount` more bytes are needed.
  case noMemory(byteCount: Int)

  public var description: String {
    switch self {
    case .shard(let error): error.description
    case .noMemory(let byteCount): "the memory cap has no room for \(ItemCount.text(byteCount, "more byte")) of a column"
    }
  }
}
