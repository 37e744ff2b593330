// The permutation of one block.

/// Which place of a block stands at which of its positions. A plain value without references: ask it for every row.
public struct BlockOrder: Sendable {
  /// The positions of the block, which are also its places.
  public let positions: Range<Int>
  /// Permutes `0..<positions.count`; nil where positions are places.
  private let permutation: KeyedBijection?

  /// The places in their own order.
  init(stored positions: Range<Int>) {
    self.positions = positions
    permutation = nil
  }

  /// - Precondition: the block is not empty.
  init(positions: Range<Int>, key: OrderKey) {
    self.positions = positions
    permutation = KeyedBijection(count: positions.count, key: key)
  }

  /// True where every position is its own place, so that whole runs of rows may be copied at once.
  public var isStoredOrder: Bool { permutation == nil }

  /// The place that stands at a position of this block.
  public func place(ofPosition position: Int) -> Int {
    precondition(positions.contains(position), "position \(position) of a block of \(positions)")
    guard let permutation else { return position }
    return positions.lowerBound + permutation.image(of: position - positions.lowerBound)
  }

  /// The position at which a place of this block stands.
  public func position(ofPlace place: Int) -> Int {
    precondition(positions.contains(place), "place \(place) of a block of \(positions)")
    guard let permutation else { return place }
    return positions.lowerBound + permutation.preimage(of: place - positions.lowerBound)
  }
}
