// What the log says of one decoding.

internal import ShardStore

/// A shard, or a piece of a column, that was decoded.
public struct DecodedPart: Sendable {
  /// `shard`, or `piece`: of a whole column.
  public let kind: String
  public let sourceName: String
  /// Uncompressed bytes.
  public let byteCount: Int
  /// Bytes that were read for it.
  public let storedByteCount: Int
  public private(set) var nanoseconds: UInt64 = 0
  private let place: Place

  private enum Place {
    case shard(any ShardSource, Int)
    case piece(any ColumnSource, column: Int, piece: Int)
  }

  init(of source: any ShardSource, shard: Int, _ byteCount: Int, stored storedByteCount: Int) {
    kind = "shard"
    sourceName = source.name
    self.byteCount = byteCount
    self.storedByteCount = storedByteCount
    place = .shard(source, shard)
  }

  init(of plan: ArraysPlan, _ key: PieceKey, _ piece: ColumnPiece) {
    kind = "piece"
    sourceName = plan.source.name
    byteCount = piece.decodedByteCount
    storedByteCount = piece.storedByteCount
    place = .piece(plan.source, column: key.column, piece: key.piece)
  }

  /// Where it is stored; made when it is asked for.
  public var path: String {
    switch place {
    case .shard(let source, let shard): source.path(ofShard: shard)
    case .piece(let source, let column, let piece): source.path(ofColumn: column, piece: piece)
    }
  }

  func taking(_ nanoseconds: UInt64) -> DecodedPart {
    var part = self
    part.nanoseconds = nanoseconds
    return part
  }
}
