// A source without files: its rows are a function of the stored sample's number, and all that is asked of it is counted.

import BatchCache
import NumPyFormat
import Platform
import SampleOrder

@testable import ShardStore

/// Columns: `id` (int64), `track` (float32, 4 x 3, channels x, y, z), `a` and `b` (float32).
final class FakeSource: ShardSource {
  let name = "fake"
  let formatName = "fake"
  let columns: [SourceColumn] = [
    SourceColumn(name: "id", encodingName: "int", array: (.int64, []), channels: nil),
    SourceColumn(name: "track", encodingName: "bytes", array: (.float32, [4, 3]), channels: ["x", "y", "z"]),
    SourceColumn(name: "a", encodingName: "float32", array: (.float32, []), channels: nil),
    SourceColumn(name: "b", encodingName: "float32", array: (.float32, []), channels: nil),
  ]
  let shards: ShardTable
  let modified = FileTimestamp(seconds: 1, nanoseconds: 2)

  /// A shard's decoded bytes and the places of its values: rows in reverse, with gaps, at odd addresses.
  private struct Stored: Sendable {
    let bytes: [UInt8]
    /// By column, then row.
    let places: [[UInt64]]
  }
  private let stored: [Stored]
  private let inputByteCount: Int

  private struct State: Sendable {
    var decodeCounts: [Int]
    var failing: Set<Int> = []
    var isHeld = false
    var delayNanoseconds: UInt64 = 0
    var willNeed: (@Sendable (Int) -> Void)?
  }
  private let state: Lock<State>
  private let changed = Condition()

  static let rowByteCounts = [8, 48, 4, 4]

  init(_ counts: [Int], inputByteCount: Int = 0) throws {
    shards = try ShardTable(counts)
    self.inputByteCount = inputByteCount
    var stored: [Stored] = []
    let stride = Self.rowByteCounts.reduce(3, +)
    for (shard, count) in counts.enumerated() {
      var bytes = [UInt8](repeating: 0xEE, count: 1 + count * stride)
      var offsets = [[UInt64]](repeating: [], count: Self.rowByteCounts.count)
      for row in 0..<count {
        var offset = 1 + (count - 1 - row) * stride
        for column in Self.rowByteCounts.indices {
          offsets[column].append(UInt64(offset))
          let value = Self.value(column: column, sample: shards.start(of: shard) + row)
          bytes.replaceSubrange(offset..<offset + value.count, with: value)
          offset += value.count
        }
      }
      stored.append(Stored(bytes: bytes, places: offsets))
    }
    self.stored = stored
    state = Lock(State(decodeCounts: Array(repeating: 0, count: counts.count)))
  }

  /// What a column holds for a stored sample.
  static func value(column: Int, sample: Int) -> [UInt8] {
    switch column {
    case 0: littleEndian(UInt64(sample), 8)
    case 1: (0..<12).flatMap { littleEndian(UInt64(Float(sample * 100 + $0).bitPattern), 4) }
    case 2: littleEndian(UInt64((Float(sample) / 2).bitPattern), 4)
    default: littleEndian(UInt64((-Float(sample)).bitPattern), 4)
    }
  }

  // MARK: - What a test does to it

  var decodeCounts: [Int] { state.withLock { $0.decodeCounts } }
  func forgetCounts() { state.withLock { state in state.decodeCounts = state.decodeCounts.map { _ in 0 } } }
  func fail(_ shards: Set<Int>) { state.withLock { $0.failing = shards } }
  func delay(nanoseconds: UInt64) { state.withLock { $0.delayNanoseconds = nanoseconds } }
  func onWillNeed(_ body: @escaping @Sendable (Int) -> Void) { state.withLock { $0.willNeed = body } }
  /// Decoding begins, is counted, and waits until `release`.
  func hold() { state.withLock { $0.isHeld = true } }
  func release() {
    state.withLock { $0.isHeld = false }
    changed.broadcast()
  }

  // MARK: - ShardSource

  var rawByteCount: Int { stored.reduce(0) { $0 + $1.bytes.count } }

  func largestDemand(columns: [Int]) -> DecodeDemand {
    DecodeDemand(inputByteCount: inputByteCount, outputByteCount: stored.map { $0.bytes.count + 8 + 8 * columns.count * $0.places[0].count }.max() ?? 0)
  }

  func path(ofShard shard: Int) -> String { "/fake/shard-\(shard)" }

  func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard {
    let shard = request.shard
    state.withLock { $0.decodeCounts[shard] += 1 }
    let end = MonotonicClock.nanoseconds + state.withLock { $0.delayNanoseconds }
    let isFailing = state.withLock(waitingOn: changed) { state -> WaitStep<Bool> in
      let now = MonotonicClock.nanoseconds
      return now < end ? .wait(nanoseconds: end - now) : state.isHeld ? .wait() : .done(state.failing.contains(shard))
    }
    let region = workspace.output
    let bytes = stored[shard].bytes
    region.region.withMutableBytes(0..<bytes.count) { target in
      // Sound: both have the same length, and neither lies in the other.
      unsafe target.withUnsafeMutableBytes { target in unsafe bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) } }
    }
    var table = (bytes.count + 7) & ~7
    let count = shards.count(of: shard)
    var decoded: [DecodedColumn] = []
    for column in request.columns {
      let places = DecodedColumn(tableByteOffset: table, rowByteCount: Self.rowByteCounts[column])
      places.write(stored[shard].places[column], firstRow: 0, into: region)
      decoded.append(places)
      table += 8 * count
    }
    let result = DecodedShard(shard: shard, region: region, columns: decoded, byteCount: bytes.count, storedByteCount: 10)
    // Rows come in pieces, as those of real shards do, and what is wrong with a shard may show after the first.
    onRows(result, 0..<count / 3)
    if isFailing { throw ShardError(source: name, path: path(ofShard: shard), message: "is made to fail") }
    onRows(result, count / 3..<count)
    return result
  }

  func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) {
    _ = try decode(ShardRequest(shard: shard, columns: [], rows: 0..<shards.count(of: shard), keeping: 0..<0), with: workspace) { _, _ in }
  }

  func willNeed(shard: Int) { state.withLock { $0.willNeed }?(shard) }
}

/// The lowest `byteCount` bytes of a number, lowest first.
func littleEndian(_ bits: UInt64, _ byteCount: Int) -> [UInt8] { (0..<byteCount).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } }
