// A source without files, and trees of its views.

import BatchCache
import NumPyFormat
import Platform
import SampleOrder
import TensorPrograms

@testable import BatchAssembly
@testable import FileTree
@testable import ShardStore

/// Two columns: `id` (int64) and `x` (float32, 2, channels a and b), both the stored sample's number. Shards of `failing` cannot be decoded.
final class StubSource: ShardSource {
  let name: String
  let formatName = "stub"
  let shards: ShardTable
  let rawByteCount: Int
  let modified: FileTimestamp
  let columns: [SourceColumn] = [
    SourceColumn(name: "id", encodingName: "int", array: (.int64, []), channels: nil),
    SourceColumn(name: "x", encodingName: "bytes", array: (.float32, [2]), channels: ["a", "b"]),
  ]
  private let failing: Set<Int>

  init(_ counts: [Int], name: String = "stub", failing: Set<Int> = [], modified: FileTimestamp = FileTimestamp(seconds: 77, nanoseconds: 8)) throws {
    shards = try ShardTable(counts)
    rawByteCount = 16 * counts.reduce(0, +)
    self.name = name
    self.failing = failing
    self.modified = modified
  }

  static func value(column: Int, sample: Int) -> [UInt8] {
    column == 0
      ? littleEndian(UInt64(sample), 8) : [Float(sample), -Float(sample)].flatMap { littleEndian(UInt64($0.bitPattern), 4) }
  }

  /// Sixteen bytes a row, then the places of every column's values.
  func largestDemand(columns: [Int]) -> DecodeDemand {
    DecodeDemand(inputByteCount: 0, outputByteCount: (16 + 8 * columns.count) * ((0..<shards.shardCount).map { shards.count(of: $0) }.max() ?? 0))
  }

  func path(ofShard shard: Int) -> String { "/stub/shard-\(shard)" }

  func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard {
    let shard = request.shard
    if failing.contains(shard) { throw ShardError(source: name, path: path(ofShard: shard), message: "is made to fail") }
    let count = shards.count(of: shard)
    let region = workspace.output
    let bytes = (0..<count).flatMap { row in (0..<2).flatMap { Self.value(column: $0, sample: shards.start(of: shard) + row) } }
    region.region.withMutableBytes(0..<bytes.count) { target in
      for (place, byte) in bytes.enumerated() { target.storeBytes(of: byte, toByteOffset: place, as: UInt8.self) }
    }
    let decoded = request.columns.enumerated().map { place, column in
      let table = DecodedColumn(tableByteOffset: bytes.count + 8 * count * place, rowByteCount: 8)
      table.write((0..<count).map { UInt64($0 * 16 + column * 8) }, firstRow: 0, into: region)
      return table
    }
    let result = DecodedShard(shard: shard, region: region, columns: decoded, byteCount: bytes.count, storedByteCount: bytes.count)
    onRows(result, 0..<count)
    return result
  }

  func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) {
    _ = try decode(ShardRequest(shard: shard, columns: [], rows: 0..<shards.count(of: shard), keeping: 0..<0), with: workspace) { _, _ in }
  }
  func willNeed(shard: Int) {}
}

/// The lowest `byteCount` bytes of a number, lowest first.
func littleEndian(_ bits: UInt64, _ byteCount: Int) -> [UInt8] { (0..<byteCount).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } }

/// A view of a stub; `tensors`: names, each of column `id` if it is called so, else of `x`.
func stubView(
  _ ordinal: Int = 0, _ name: String = "train", source: StubSource, tensors: [String] = ["id"], batchSize: Int = 4, dropLast: Bool = false, epochs: Int? = 2,
  ranks: Int? = nil, order: OrderPlan? = nil
) throws -> ViewPlan {
  let plans = try tensors.map { tensor in
    let specification =
      tensor == "id"
      ? TensorSpecification(elementType: .int64, sampleShape: []) : TensorSpecification(elementType: .float32, sampleShape: [2], channels: ["a", "b"])
    return TensorPlan(name: tensor, inputs: [tensor == "id" ? 0 : 1], program: try TensorProgram(specification))
  }
  return ViewPlan(
    ordinal: ordinal, name: name, source: source, sourceColumns: [0, 1], tensors: plans,
    numbering: BatchNumbering(sampleCount: source.shards.sampleCount, batchSize: batchSize, dropLast: dropLast),
    order: order ?? OrderPlan(algorithm: epochs == nil ? .sequential : .window, seed: 9, blockSampleCount: 7), listedEpochCount: epochs, listedRankCount: ranks)
}
