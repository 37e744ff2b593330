// What a view shows of columns whose values differ in size: ragged tensors, and rows as JSON.

public import NumPyFormat
public import SampleOrder
public import ShardStore

/// The part of a view that is made from whole columns' values, and whose files' sizes depend on them.
public struct ValuePlan: Sendable {
  /// A tensor whose rows are runs of elements of differing length.
  public struct Ragged: Sendable {
    public let name: String
    /// The column's name, for messages.
    public let columnName: String
    /// A place in `columns`.
    public let column: Int
    public let elementType: ElementType

    public init(name: String, columnName: String, column: Int, elementType: ElementType) {
      self.name = name
      self.columnName = columnName
      self.column = column
      self.elementType = elementType
    }
  }
  public let source: any ColumnSource
  /// Ordinals of the source's `storedColumns`, each once: those that are decoded. With `hasLines` all of them, in stored order.
  public let columns: [Int]
  public let ragged: [Ragged]
  /// Whether rows are shown as JSON, too.
  public let hasLines: Bool
  /// What a row may be expected to take in all files together; it is only a guess.
  let expectedRowByteCount: Int
  /// The places in `columns` of those whose pieces are the shards, so that what is stored together is read once, and of the others.
  let shardPlaces: [Int]
  let otherPlaces: [Int]

  /// - Parameter shards: those of the view's source.
  public init(source: any ColumnSource, columns: [Int], ragged: [Ragged], hasLines: Bool, shards: ShardTable, rawByteCount: Int) {
    self.source = source
    self.columns = columns
    self.ragged = ragged
    self.hasLines = hasLines
    // An index may promise any number of bytes.
    expectedRowByteCount = 64 + min(1 << 48, rawByteCount / max(1, shards.sampleCount)) * ((hasLines ? 2 : 0) + (ragged.isEmpty ? 0 : 1))
    var (shardPlaces, otherPlaces): ([Int], [Int]) = ([], [])
    for (place, column) in columns.enumerated() {
      let pieces = source.pieces(ofColumn: column)
      let isShards = pieces.shardCount == shards.shardCount && (0..<shards.shardCount).allSatisfy { pieces.start(of: $0) == shards.start(of: $0) }
      if isShards { shardPlaces.append(place) } else { otherPlaces.append(place) }
    }
    self.shardPlaces = shardPlaces
    self.otherPlaces = otherPlaces
  }

  /// Runs of values that a batch gathers: one for each ragged tensor, then the lines.
  var partCount: Int { ragged.count + (hasLines ? 1 : 0) }

  func part(_ number: Int) -> BatchPart { number < ragged.count ? .ragged(number) : .lines }

  /// What the values of one shard take while they are gathered, as far as the index tells.
  var largestPiecesByteCount: Int { columns.reduce(0) { min(1 << 60, $0 + min(source.largestPieceByteCount(ofColumn: $1), 1 << 60)) } }

  var demand: DecodeDemand {
    columns.reduce(DecodeDemand(inputByteCount: 0, outputByteCount: 0)) { $0.union(source.pieceDemand(ofColumn: $1)) }
  }
}
