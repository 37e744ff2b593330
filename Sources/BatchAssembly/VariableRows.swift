// Rows of differing length, gathered until their batch is whole.

internal import BatchCache
internal import ByteParsing
internal import Platform
internal import Synchronization

/// The values of one batch that decide about its files' sizes, by part and row. Several workers add rows at once, each row once; all of it is charged.
final class VariableRows: Sendable {
  private struct Place: Sendable {
    var chunk: UInt32 = 0
    var byteOffset: UInt32 = 0
    var byteCount: UInt32 = 0
  }
  private struct State: Sendable {
    var places: [Place]
    var chunks: [[UInt8]] = []
    var charges: [SharedCharge]
  }
  let rowCount: Int
  /// Whether somebody waits for the batch.
  let isAwaited = Atomic(false)
  private let state: Lock<State>
  private static let chunkByteCount = 64 << 10

  /// Nil where the cap has no room for the table of so many rows.
  init?(partCount: Int, rowCount: Int, budget: MemoryBudget) {
    guard let charge = SharedCharge(byteCount: Self.tableByteCount(partCount: partCount, rowCount: rowCount), budget: budget) else { return nil }
    self.rowCount = rowCount
    state = Lock(State(places: Array(repeating: Place(), count: partCount * rowCount), charges: [charge]))
  }

  static func tableByteCount(partCount: Int, rowCount: Int) -> Int { partCount * rowCount * MemoryLayout<Place>.stride }

  /// Adds a row of a part. False where the cap has no room, even after `makeRoom` was asked for it.
  func append(_ bytes: [UInt8], part: Int, row: Int, budget: MemoryBudget, makeRoom: (Int) -> Void) -> Bool {
    guard bytes.count <= Int(UInt32.max) else { return false }
    let place = part * rowCount + row
    let fits = state.withLock { state in
      guard let last = state.chunks.indices.last, state.chunks[last].count + bytes.count <= Self.chunkByteCount else { return false }
      Self.add(bytes, at: place, chunk: last, &state)
      return true
    }
    if fits { return true }
    let size = max(Self.chunkByteCount, bytes.count)
    var charge = SharedCharge(byteCount: size, budget: budget)
    if charge == nil {
      makeRoom(size)
      charge = SharedCharge(byteCount: size, budget: budget)
    }
    guard let charge else { return false }
    state.withLock { state in
      var chunk: [UInt8] = []
      chunk.reserveCapacity(size)
      state.chunks.append(chunk)
      state.charges.append(charge)
      Self.add(bytes, at: place, chunk: state.chunks.count - 1, &state)
    }
    return true
  }

  private static func add(_ bytes: [UInt8], at place: Int, chunk: Int, _ state: inout State) {
    state.places[place] = Place(chunk: UInt32(chunk), byteOffset: UInt32(state.chunks[chunk].count), byteCount: UInt32(bytes.count))
    state.chunks[chunk] += bytes
  }

  /// Where each row of a part would begin if they stood one after another, and where the last ends.
  func starts(ofPart part: Int) -> [Int] {
    state.withLock { state in
      var starts = [0]
      starts.reserveCapacity(rowCount + 1)
      var next = 0
      for row in 0..<rowCount {
        next += Int(state.places[part * rowCount + row].byteCount)
        starts.append(next)
      }
      return starts
    }
  }

  /// Writes the rows of a part one after another. False where the machine is out of memory.
  func write(part: Int, into buffer: BatchBuffer, at byteOffset: Int) -> Bool {
    state.withLock { state in
      var next = byteOffset
      for row in 0..<rowCount {
        let place = state.places[part * rowCount + row]
        let chunk = state.chunks[Int(place.chunk)]
        let begin = Int(place.byteOffset)
        guard buffer.write(chunk.rawSpan.extracting(begin..<begin + Int(place.byteCount)), at: next) else { return false }
        next += Int(place.byteCount)
      }
      return true
    }
  }
}
