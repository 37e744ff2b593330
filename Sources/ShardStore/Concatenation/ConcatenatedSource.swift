// Several sources of the same columns as one: their shards one source after another.

internal import ByteParsing
public import SampleOrder

/// The columns are the first source's; the others have at least those, by name, each of the same type and shape.
public final class ConcatenatedSource: ShardSource {
  public let name: String
  public let columns: [SourceColumn]
  public let shards: ShardTable
  public let rawByteCount: Int
  let joinedColumns: JoinedColumns
  private let sources: [any ShardSource]
  /// How many shards each source has: shards stand here for samples, sources for shards.
  let shardsOfSources: ShardTable

  /// - Throws: where columns differ, or there are more samples than can be counted.
  /// - Precondition: there is at least one source.
  public convenience init(_ sources: [any StoredSource]) throws(ConcatenationError) {
    try self.init(sources, JoinedColumns(sources))
  }

  private init(_ sources: [any ShardSource], _ joinedColumns: JoinedColumns) throws(ConcatenationError) {
    self.sources = sources
    self.joinedColumns = joinedColumns
    do throws(OrderError) {
      shards = try ShardTable.joining(sources.map(\.shards))
      shardsOfSources = try ShardTable(sources.map(\.shards.shardCount))
    } catch {
      throw ConcatenationError(source: 0, message: "\(error)")
    }
    name = sources.map(\.name).joined(separator: " + ")
    columns = sources[0].columns
    rawByteCount = sources.reduce(0) { $0.saturatingAdding($1.rawByteCount) }
  }

  public var formatName: String { sources[0].formatName }
  public var reachesRowsAlone: Bool { sources.allSatisfy(\.reachesRowsAlone) }
  public var modified: FileTimestamp { sources.map(\.modified).max() ?? sources[0].modified }

  public var blockMeasure: BlockMeasure {
    sources.reduce(BlockMeasure(sampleCount: 0, rawByteCount: 0)) { sum, source in
      let part = source.blockMeasure
      return BlockMeasure(
        sampleCount: sum.sampleCount.saturatingAdding(part.sampleCount), rawByteCount: sum.rawByteCount.saturatingAdding(part.rawByteCount))
    }
  }

  /// The shards of each source.
  public var shardRanges: [Range<Int>] {
    sources.indices.map { shardsOfSources.start(of: $0)..<shardsOfSources.start(of: $0 + 1) }
  }

  public func projected(to columns: [Int]) -> any ShardSource {
    let projected = sources.indices.map { sources[$0].projected(to: joinedColumns.numbers(columns, in: $0)) }
    guard let joined = try? ConcatenatedSource(projected, joinedColumns) else {
      preconditionFailure("projected sources have the rows of the sources, whose sum was counted")
    }
    return joined
  }

  public func largestDemand(columns: [Int]) -> DecodeDemand {
    sources.indices.reduce(DecodeDemand(inputByteCount: 0, outputByteCount: 0)) { demand, source in
      demand.union(sources[source].largestDemand(columns: joinedColumns.numbers(columns, in: source)))
    }
  }

  public var checkDemand: DecodeDemand {
    sources.reduce(DecodeDemand(inputByteCount: 0, outputByteCount: 0)) { $0.union($1.checkDemand) }
  }

  // MARK: - Shards

  public func path(ofShard shard: Int) -> String {
    let place = shardsOfSources.location(ofSample: shard)
    return sources[place.shard].path(ofShard: place.row)
  }

  public func fileRow(_ row: Int, ofShard shard: Int) -> Int {
    let place = shardsOfSources.location(ofSample: shard)
    return sources[place.shard].fileRow(row, ofShard: place.row)
  }

  public func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard {
    let place = shardsOfSources.location(ofSample: request.shard)
    let own = ShardRequest(
      shard: place.row, columns: joinedColumns.numbers(request.columns, in: place.shard), rows: request.rows, keeping: request.keeping)
    let decoded = try sources[place.shard].decode(own, with: workspace) { onRows($0.renumbered(request.shard), $1) }
    return decoded.renumbered(request.shard)
  }

  public func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) {
    let place = shardsOfSources.location(ofSample: shard)
    try sources[place.shard].check(shard: place.row, with: workspace)
  }

  public func willNeed(shard: Int) {
    let place = shardsOfSources.location(ofSample: shard)
    sources[place.shard].willNeed(shard: place.row)
  }
}

/// Why sources cannot be one.
public struct ConcatenationError: Error, Sendable, Equatable {
  /// The source that does not fit, by its place in the list.
  public let source: Int
  public let message: String
}
