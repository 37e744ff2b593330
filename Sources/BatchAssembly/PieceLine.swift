// Ready pieces in the order in which they may go.

/// Two queues: pieces that were read to their end, which go first, and the others. Who was used since it joined is put at the end again when its turn comes: nearly
/// least recently used first, at no cost for a use. Reached only with the assembler's lock held.
struct PieceLine {
  private typealias Place = (key: PieceKey, ticket: UInt64)
  private var consumed: [Place] = []
  private var others: [Place] = []
  private var consumedHead = 0
  private var othersHead = 0
  private var nextTicket: UInt64 = 1

  /// Puts an entry at the end of the queue it belongs to; it leaves the place it had.
  mutating func join(_ entry: PieceEntry, among pieces: [PieceKey: PieceEntry]) {
    entry.ticket = nextTicket
    nextTicket += 1
    entry.joinUse = entry.lastUse
    if entry.isConsumed { consumed.append((entry.key, entry.ticket)) } else { others.append((entry.key, entry.ticket)) }
    // Places that were left are thrown away when they are most of all.
    if consumed.count + others.count > 64 + 4 * pieces.count {
      consumed = consumed[consumedHead...].filter { pieces[$0.key]?.ticket == $0.ticket }
      others = others[othersHead...].filter { pieces[$0.key]?.ticket == $0.ticket }
      (consumedHead, othersHead) = (0, 0)
    }
  }

  /// The piece that goes first, taken out of the line; nil where nobody may go.
  /// - Parameter usedBefore: of those that were not read to their end, only such as were not used since then.
  mutating func next(usedBefore nanoseconds: UInt64?, among pieces: [PieceKey: PieceEntry]) -> PieceEntry? {
    while consumedHead < consumed.count {
      let place = consumed[consumedHead]
      consumedHead += 1
      if let entry = pieces[place.key], entry.ticket == place.ticket { return entry }
    }
    while othersHead < others.count {
      let place = others[othersHead]
      guard let entry = pieces[place.key], entry.ticket == place.ticket else {
        othersHead += 1
        continue
      }
      if let nanoseconds, entry.lastUseNanoseconds >= nanoseconds { return nil }
      othersHead += 1
      if entry.lastUse == entry.joinUse { return entry }
      join(entry, among: pieces)
    }
    return nil
  }
}
