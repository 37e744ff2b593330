// Columns without files: of every kind, with pieces of their own, some of which fail.

import BatchCache
import NumPyFormat
import Platform
import SampleOrder
import Synchronization

@testable import BatchAssembly
@testable import FileTree
@testable import ShardStore

/// Rows 0, 1, 2, ... of five readable columns, and what they must be as files.
///
/// `n`: int64, the row; `m` (2): float32, row and -row, every third row null, and of every fifth the second element; `t`: text, row % 5 letters; `l`: lists of lists of
/// int16, elements null where they are a multiple of 7, and every second one of the empty inner lists; `a/b`: uint8, row % 256; `bad`: unreadable.
final class ColumnStub: ShardSource, ColumnSource {
  let name = "columns"
  let formatName = "stub"
  let columns: [SourceColumn] = []
  let rawByteCount = 1000
  let modified = FileTimestamp(seconds: 5, nanoseconds: 6)
  let shards: ShardTable
  private let tables: [ShardTable]
  /// Pieces that cannot be decoded, by column.
  let failing: Lock<[Int: Set<Int>]>
  let decodeCounts = Lock<[Int: [Int: Int]]>([:])
  /// Held by a test that wants decoding to wait.
  let gate = Lock(false)
  /// Bytes that a piece takes beside its own.
  let padding: Int
  let firstRow: Int

  /// `pieces`: the rows of each piece, for each column in turn.
  init(pieces: [[Int]], failing: [Int: Set<Int>] = [:], padding: Int = 0, firstRow: Int = 0) throws {
    tables = try (0..<6).map { try ShardTable(pieces[$0 % pieces.count]) }
    shards = tables[0]
    self.failing = Lock(failing)
    self.padding = padding
    self.firstRow = firstRow
  }

  let storedColumns: [StoredColumn] = [
    StoredColumn(name: "n", encodingName: "INT64", values: .fixed(.int64, shape: [])),
    StoredColumn(name: "m", encodingName: "FLOAT", values: .fixed(.float32, shape: [2]), nullableLevels: [0, 1], channels: ["x", "y"]),
    StoredColumn(name: "t", encodingName: "STRING", values: .ragged(.uint8, depth: 1), isText: true),
    StoredColumn(name: "l", encodingName: "LIST", values: .ragged(.int16, depth: 2), nullableLevels: [1, 2]),
    StoredColumn(name: "a/b", encodingName: "UINT8", values: .fixed(.uint8, shape: [])),
    StoredColumn(name: "bad", encodingName: "MAP", values: .unreadable("maps have no arrays")),
  ]

  static func text(_ row: Int) -> [UInt8] { (0..<row % 5).map { UInt8(97 + (row + $0) % 26) } }
  static func lists(_ row: Int) -> [[Int16]] { (0..<row % 3).map { list in (0..<(row + list) % 4).map { Int16(row + $0) } } }

  func pieces(ofColumn column: Int) -> ShardTable { tables[column] }
  func pieceDemand(ofColumn column: Int) -> DecodeDemand { DecodeDemand(inputByteCount: 0, outputByteCount: 0) }
  func path(ofColumn column: Int, piece: Int) -> String { "/columns/\(column).\(piece)" }

  func decode(column: Int, piece: Int, with workspace: DecodeWorkspace, budget: MemoryBudget) throws(ColumnError) -> ColumnPiece {
    gate.withLock { _ in }
    decodeCounts.withLock { $0[column, default: [:]][piece, default: 0] += 1 }
    if failing.withLock({ $0[column]?.contains(piece) }) == true {
      throw .shard(ShardError(source: name, path: path(ofColumn: column, piece: piece), message: "is made to fail"))
    }
    let table = tables[column]
    let rows = (table.start(of: piece)..<table.start(of: piece + 1)).map { $0 + firstRow }
    var parts: [[UInt8]] = []
    var nulls: [[UInt8]?] = []
    switch column {
    case 0: parts = [rows.flatMap { littleEndian(UInt64($0), 8) }]
    case 1:
      // Pieces without nulls have no table of them.
      let isNull = rows.map { UInt8($0 % 3 == 0 && $0 > 10 ? 1 : 0) }
      nulls = [isNull.contains(1) ? isNull : nil, rows.flatMap(Self.pairNulls)]
      parts = [rows.flatMap { Self.pair($0) }]
    case 2: parts = [rows.flatMap(Self.text), Self.offsets(rows.map { Self.text($0).count })]
    case 3:
      let lists = rows.map(Self.lists)
      let elements = lists.flatMap { $0.flatMap { $0 } }
      nulls = [nil, rows.flatMap(Self.listNulls), elements.map { $0 % 7 == 0 ? 1 : 0 }]
      parts = [
        elements.flatMap { littleEndian(UInt64(UInt16(bitPattern: $0)), 2) }, Self.offsets(lists.map(\.count)), Self.offsets(lists.flatMap { $0.map(\.count) }),
      ]
    default: parts = [rows.map { UInt8($0 % 256) }]
    }
    var ranges: [Range<Int>] = []
    var bytes: [UInt8] = []
    for part in parts + nulls.compactMap(\.self) {
      ranges.append(bytes.count..<bytes.count + part.count)
      bytes += part + [UInt8](repeating: 0xEE, count: -part.count & 7)
    }
    guard let region = budget.region(byteCount: bytes.count + padding) else { throw .noMemory(byteCount: Page.roundUp(max(1, bytes.count + padding))) }
    region.region.withMutableBytes(0..<bytes.count) { target in
      for (place, byte) in bytes.enumerated() { target.storeBytes(of: byte, toByteOffset: place, as: UInt8.self) }
    }
    var next = parts.count - 1
    let nullRanges = nulls.map { part -> Range<Int>? in
      if part == nil { return nil }
      next += 1
      return ranges[next]
    }
    return ColumnPiece(
      rowCount: rows.count, region: region, values: ranges[0], nulls: nullRanges, offsets: Array(ranges[1..<parts.count]), decodedByteCount: bytes.count,
      storedByteCount: bytes.count / 2)
  }

  private static func pair(_ row: Int) -> [UInt8] {
    let isNull = row % 3 == 0 && row > 10
    return (isNull ? [Float.nan, Float.nan] : [Float(row), row % 5 == 0 ? .nan : -Float(row)]).flatMap { littleEndian(UInt64($0.bitPattern), 4) }
  }

  private static func pairNulls(_ row: Int) -> [UInt8] { row % 3 == 0 && row > 10 ? [1, 1] : [0, row % 5 == 0 ? 1 : 0] }
  private static func listNulls(_ row: Int) -> [UInt8] { lists(row).map { $0.isEmpty && row % 2 == 0 ? 1 : 0 } }

  private static func offsets(_ counts: [Int]) -> [UInt8] {
    var sum = 0
    return littleEndian(0, 8)
      + counts.flatMap { count -> [UInt8] in
        sum += count; return littleEndian(UInt64(sum), 8)
      }
  }

  /// The whole file, from the rows alone.
  func expected(_ name: String) -> [UInt8] {
    let rows = (0..<shards.sampleCount).map { $0 + firstRow }
    func file(_ type: ElementType, _ shape: [Int], _ bytes: [UInt8]) -> [UInt8] { NpyHeader.bytes(elementType: type, shape: shape) + bytes }
    let lists = rows.map(Self.lists)
    let elements = lists.flatMap { $0.flatMap { $0 } }
    let text = rows.flatMap(Self.text)
    switch name {
    case "n.npy": return file(.int64, [rows.count], rows.flatMap { littleEndian(UInt64($0), 8) })
    case "m.npy": return file(.float32, [rows.count, 2], rows.flatMap { Self.pair($0) })
    case "m.null.npy": return file(.bool, [rows.count], rows.map { $0 % 3 == 0 && $0 > 10 ? 1 : 0 })
    case "m.values.null.npy": return file(.bool, [rows.count, 2], rows.flatMap(Self.pairNulls))
    case "t.offsets.npy": return file(.int64, [rows.count + 1], Self.offsets(rows.map { Self.text($0).count }))
    case "t.values.npy": return file(.uint8, [text.count], text)
    case "l.offsets.npy": return file(.int64, [rows.count + 1], Self.offsets(lists.map(\.count)))
    case "l.offsets1.npy": return file(.int64, [lists.reduce(0) { $0 + $1.count } + 1], Self.offsets(lists.flatMap { $0.map(\.count) }))
    case "l.offsets1.null.npy": return file(.bool, [lists.reduce(0) { $0 + $1.count }], rows.flatMap(Self.listNulls))
    case "l.values.npy": return file(.int16, [elements.count], elements.flatMap { littleEndian(UInt64(UInt16(bitPattern: $0)), 2) })
    case "l.values.null.npy": return file(.bool, [elements.count], elements.map { $0 % 7 == 0 ? 1 : 0 })
    default: return file(.uint8, [rows.count], rows.map { UInt8($0 % 256) })
    }
  }

  static let fileNames = [
    "n.npy", "m.npy", "m.values.null.npy", "m.null.npy", "t.offsets.npy", "t.values.npy", "l.offsets.npy", "l.offsets1.npy", "l.offsets1.null.npy",
    "l.values.npy",
    "l.values.null.npy", "a%2Fb.npy",
  ]

  func decodes(_ column: Int) -> Int { decodeCounts.withLock { $0[column]?.values.reduce(0, +) ?? 0 } }

  // Batches are not asked for.
  func largestDemand(columns: [Int]) -> DecodeDemand { DecodeDemand(inputByteCount: 0, outputByteCount: 0) }
  func path(ofShard shard: Int) -> String { "/columns/\(shard)" }
  func willNeed(shard: Int) {}
  func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) {}
  func decode(_ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void) throws(ShardError) -> DecodedShard {
    throw ShardError(source: name, path: "", message: "has no batches")
  }
}

func stubArrays(_ ordinal: Int = 0, _ name: String = "arrays", _ source: ColumnStub) -> ArraysPlan {
  ArraysPlan(ordinal: ordinal, name: name, source: source, files: ArrayNaming.files(of: source.storedColumns))
}
