// A source without files: its values are functions of the row's number, its shards and pieces are cut as a test wants.

import BatchCache
import NumPyFormat
import Platform
import RowFilter
import SampleOrder

@testable import ShardStore

/// Columns: `id` (int64), `f` (float32, null in every fifth row), `s` (text, null in every sixth), `l` (lists of int16), `d` (lists of texts, with null texts).
final class MemorySource: ShardSource, ColumnSource {
  let name = "memory"
  let formatName = "memory"
  let columns: [SourceColumn] = [
    SourceColumn(name: "id", encodingName: "int64", array: (.int64, []), channels: nil),
    SourceColumn(name: "f", encodingName: "float32", array: (.float32, []), channels: nil),
    SourceColumn(name: "s", encodingName: "text", array: nil, channels: nil), SourceColumn(name: "l", encodingName: "list", array: nil, channels: nil),
    SourceColumn(name: "d", encodingName: "list", array: nil, channels: nil),
  ]
  let storedColumns: [StoredColumn] = [
    StoredColumn(name: "id", encodingName: "int64", values: .fixed(.int64, shape: [])),
    StoredColumn(name: "f", encodingName: "float32", values: .fixed(.float32, shape: []), nullableLevels: [0]),
    StoredColumn(name: "s", encodingName: "text", values: .ragged(.uint8, depth: 1), isText: true, nullableLevels: [0]),
    StoredColumn(name: "l", encodingName: "list", values: .ragged(.int16, depth: 1)),
    StoredColumn(name: "d", encodingName: "list", values: .ragged(.uint8, depth: 2), isText: true, nullableLevels: [1]),
  ]
  let shards: ShardTable
  let modified = FileTimestamp(seconds: 1, nanoseconds: 2)
  private let pieceTables: [ShardTable]
  private let hasStatistics: Bool

  struct Piece: Hashable { var column: Int, piece: Int }
  private struct State: Sendable {
    var decodeCount: [Piece: Int] = [:]
    var failing: Set<Piece> = []
    var lying: Set<Piece> = []
    var jointDecodeCount = 0
  }
  private let state = Lock(State())

  /// Pieces of column c have `pieceRowCounts[c]` rows, the last fewer.
  init(shards counts: [Int], pieceRowCounts: [Int], hasStatistics: Bool = false) throws {
    shards = try ShardTable(counts)
    let rowCount = counts.reduce(0, +)
    pieceTables = try pieceRowCounts.map { size in try ShardTable(stride(from: 0, to: rowCount, by: size).map { min(size, rowCount - $0) }) }
    self.hasStatistics = hasStatistics
  }

  // MARK: - Values

  static func f(_ row: Int) -> Float? { row % 5 == 4 ? nil : Float(row % 11) / 2 }
  static func s(_ row: Int) -> String? { row % 6 == 5 ? nil : String(repeating: "v", count: row % 3) + "\(row % 7)" }
  static func l(_ row: Int) -> [Int16] { (0..<row % 4).map { Int16(row + $0) } }
  static func d(_ row: Int) -> [String?] { (0..<row % 3).map { ($0 + row) % 4 == 0 ? nil : "\(row)/\($0)" } }

  // MARK: - What tests do to it

  func fail(_ pieces: Set<Piece>) { state.withLock { $0.failing = pieces } }
  /// The pieces say that they have a row more than there are values.
  func lie(_ pieces: Set<Piece>) { state.withLock { $0.lying = pieces } }
  /// How often several columns were decoded at once.
  var jointDecodeCount: Int { state.withLock { $0.jointDecodeCount } }
  func decodeCount(column: Int) -> Int { state.withLock { $0.decodeCount.filter { $0.key.column == column }.values.reduce(0, +) } }

  // MARK: - ShardSource

  var rawByteCount: Int { shards.sampleCount * 1000 }
  func largestDemand(columns: [Int]) -> DecodeDemand {
    DecodeDemand(inputByteCount: 0, outputByteCount: (0..<shards.shardCount).map { shards.count(of: $0) * 24 }.max() ?? 0)
  }
  func path(ofShard shard: Int) -> String { "/memory/\(shard)" }
  func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) {}
  func willNeed(shard: Int) {}

  /// Tells of rows in threes, each time in other memory, and forgets those before: as a source of pages may.
  func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard {
    let first = shards.start(of: request.shard)
    var last: DecodedShard?
    for begin in stride(from: request.rows.lowerBound, to: request.rows.upperBound, by: 3) {
      let rows = begin..<min(begin + 3, request.rows.upperBound)
      var bytes: [UInt8] = []
      var columns: [DecodedColumn] = []
      for column in request.columns {
        let place = bytes.count
        for row in rows { bytes += column == 0 ? raw(Int64(first + row)) : raw(Self.f(first + row) ?? .nan) }
        let nulls = bytes.count
        if column == 1 { bytes += rows.map { Self.f(first + $0) == nil ? 1 : 0 } }
        columns.append(
          DecodedColumn(valuesByteOffset: place, rowByteCount: column == 0 ? 8 : 4, firstRow: begin, nullsByteOffset: column == 1 ? nulls : nil))
      }
      let decoded = DecodedShard(shard: request.shard, region: region(bytes), columns: columns, byteCount: 100, storedByteCount: 10)
      onRows(decoded, rows)
      last = decoded
    }
    return last ?? DecodedShard(shard: request.shard, region: region([]), columns: [], byteCount: 100, storedByteCount: 10)
  }

  // MARK: - ColumnSource

  func pieces(ofColumn column: Int) -> ShardTable { pieceTables[column] }
  func pieceDemand(ofColumn column: Int) -> DecodeDemand { DecodeDemand(inputByteCount: 0, outputByteCount: 0) }
  func path(ofColumn column: Int, piece: Int) -> String { "/memory/column-\(column)/\(piece)" }

  func statistics(ofColumn column: Int, piece: Int) -> ColumnStatistics? {
    guard hasStatistics, column == 0 else { return nil }
    let table = pieceTables[0]
    return ColumnStatistics(
      rowCount: table.count(of: piece), nullCount: 0, bounds: .integers(Int128(table.start(of: piece)), Int128(table.start(of: piece + 1)) - 1))
  }

  func decode(columns: [Int], shard: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> [ColumnPiece] {
    state.withLock { $0.jointDecodeCount += 1 }
    return try decodeEach(columns, piece: shard, with: workspace, budget: budget)
  }

  func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    let (isFailing, isLying) = state.withLock { state in
      state.decodeCount[Piece(column: column, piece: piece), default: 0] += 1
      return (state.failing.contains(Piece(column: column, piece: piece)), state.lying.contains(Piece(column: column, piece: piece)))
    }
    if isFailing { throw .shard(ShardError(source: name, path: path(ofColumn: column, piece: piece), message: "is made to fail")) }
    let rows = pieceTables[column].start(of: piece)..<pieceTables[column].start(of: piece + 1) - (isLying ? 1 : 0)
    var draft = PieceDraft()
    switch column {
    case 0: draft.values = rows.flatMap { raw(Int64($0)) }
    case 1:
      draft.values = rows.flatMap { raw(Self.f($0) ?? .nan) }
      draft.nulls = [rows.map { Self.f($0) == nil ? 1 : 0 }]
    case 2:
      draft.values = rows.flatMap { Array((Self.s($0) ?? "").utf8) }
      draft.offsets = [PieceDraft.places(rows.map { Self.s($0)?.utf8.count ?? 0 })]
      draft.nulls = [rows.map { Self.s($0) == nil ? 1 : 0 }]
    case 3:
      draft.values = rows.flatMap { Self.l($0).flatMap { raw($0) } }
      draft.offsets = [PieceDraft.places(rows.map { Self.l($0).count })]
    default:
      let texts = rows.flatMap { Self.d($0) }
      draft.values = texts.flatMap { Array(($0 ?? "").utf8) }
      draft.offsets = [PieceDraft.places(rows.map { Self.d($0).count }), PieceDraft.places(texts.map { $0?.utf8.count ?? 0 })]
      draft.nulls = [nil, texts.map { $0 == nil ? 1 : 0 }]
    }
    return draft.piece(rowCount: rows.count + (isLying ? 1 : 0))
  }
}

/// The parts of a piece, before they lie in one region.
struct PieceDraft {
  var values: [UInt8] = []
  var offsets: [[Int64]] = []
  var nulls: [[UInt8]?] = []

  static func places(_ counts: [Int]) -> [Int64] { counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int64($1)) } }

  func piece(rowCount: Int) -> ColumnPiece {
    var bytes: [UInt8] = []
    func place(_ part: [UInt8]) -> Range<Int> {
      bytes += [UInt8](repeating: 0xEE, count: -bytes.count & 7)
      bytes += part
      return bytes.count - part.count..<bytes.count
    }
    let values = place(values)
    let offsets = offsets.map { place($0.flatMap { raw($0) }) }
    let nulls = nulls.map { $0.map { place($0) } }
    return ColumnPiece(
      rowCount: rowCount, region: region(bytes), values: values, nulls: nulls, offsets: offsets, decodedByteCount: bytes.count,
      storedByteCount: bytes.count)
  }
}

func raw<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] {
  unsafe withUnsafeBytes(of: value) { unsafe Array($0) }  // Sound: the bytes of a value of our own.
}

func region(_ bytes: [UInt8]) -> ChargedRegion {
  guard let region = MemoryBudget(capByteCount: 1 << 30).region(byteCount: max(1, bytes.count)) else { preconditionFailure("no memory") }
  region.region.withMutableBytes(0..<bytes.count) { target in
    for (index, byte) in bytes.enumerated() { target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
  }
  return region
}

/// The bytes of a part of a region.
func bytes(_ region: ChargedRegion, _ range: Range<Int>) -> [UInt8] {
  let mapping = region.region
  let span = mapping.bytes.extracting(range)
  return unsafe span.withUnsafeBytes { unsafe Array($0) }  // Sound: copied while the region is alive.
}

func places(_ region: ChargedRegion, _ range: Range<Int>) -> [Int] {
  let all = bytes(region, range)
  return stride(from: 0, to: all.count, by: 8).map { begin in (0..<8).reduce(0) { $0 | Int(all[begin + $1]) << (8 * $1) } }
}

/// A small generator, the same in every run.
struct Random {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
