// Several sources of the same columns as one: their shards one source after another.

internal import NumPyFormat
public import SampleOrder

/// The columns are the first source's; the others have at least those, by name, each of the same type and shape.
public final class ConcatenatedSource: ShardSource {
  public let name: String
  public let columns: [SourceColumn]
  public let shards: ShardTable
  public let rawByteCount: Int
  /// The shards of each source.
  public let shardRanges: [Range<Int>]
  private let sources: [any ShardSource]
  /// For each source the numbers of `columns` in it; nil where they are the same. A view may have a list for each of a million groups.
  private let columnMaps: [[Int]?]

  /// - Throws: where columns differ, or there are more samples than can be counted; `subject` is the path of the source's place in the list.
  /// - Precondition: there is at least one source.
  public init(_ sources: [any ShardSource]) throws(ConcatenationError) {
    let first = sources[0]
    var maps: [[Int]?] = []
    for (index, source) in sources.enumerated() {
      var map: [Int] = []
      for (place, column) in first.columns.enumerated() {
        // Nearly always in the same order, and wide tables have thousands.
        let isInPlace = place < source.columns.count && source.columns[place].name == column.name
        guard let found = isInPlace ? place : source.columns.firstIndex(where: { $0.name == column.name }) else {
          throw ConcatenationError(source: index, message: "source \(source.name) has no column \(column.name), which \(first.name) has")
        }
        guard Self.isSame(source.columns[found].array, column.array) else {
          throw ConcatenationError(
            source: index,
            message:
              "column \(column.name) is \(Self.text(source.columns[found])) in source \(source.name), and \(Self.text(column)) in \(first.name); sources of one view need the same"
          )
        }
        map.append(found)
      }
      maps.append(map == Array(first.columns.indices) ? nil : map)
    }
    var counts: [Int] = []
    var ranges: [Range<Int>] = []
    var rawByteCount = 0
    for source in sources {
      let begin = counts.count
      for shard in 0..<source.shards.shardCount { counts.append(source.shards.count(of: shard)) }
      ranges.append(begin..<counts.count)
      rawByteCount = rawByteCount > Int.max - source.rawByteCount ? .max : rawByteCount + source.rawByteCount
    }
    do throws(OrderError) { shards = try ShardTable(counts) } catch { throw ConcatenationError(source: 0, message: "\(error)") }
    name = sources.map(\.name).joined(separator: " + ")
    columns = first.columns
    self.sources = sources
    self.rawByteCount = rawByteCount
    shardRanges = ranges
    columnMaps = maps
  }

  public var formatName: String { sources[0].formatName }
  public var reachesRowsAlone: Bool { sources.allSatisfy(\.reachesRowsAlone) }
  public var modified: FileTimestamp { sources.map(\.modified).max() ?? sources[0].modified }

  public func projected(to columns: [Int]) -> any ShardSource {
    let projected = zip(sources, columnMaps).map { source, map in source.projected(to: Self.mapped(columns, map)) }
    // The same rows and columns, so nothing new can be wrong with them.
    return (try? ConcatenatedSource(projected)) ?? self
  }

  public func largestDemand(columns: [Int]) -> DecodeDemand {
    zip(sources, columnMaps).map { source, map in source.largestDemand(columns: Self.mapped(columns, map)) }
      .reduce(DecodeDemand(inputByteCount: 0, outputByteCount: 0)) { $0.union($1) }
  }

  // MARK: - Shards

  private func place(ofShard shard: Int) -> (source: Int, shard: Int) {
    var low = 0
    var high = shardRanges.count
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if shardRanges[middle].lowerBound <= shard { low = middle } else { high = middle }
    }
    // Sources without shards begin where the next one does: the last that begins there is the one.
    return (low, shard - shardRanges[low].lowerBound)
  }

  public func path(ofShard shard: Int) -> String {
    let place = place(ofShard: shard)
    return sources[place.source].path(ofShard: place.shard)
  }

  public func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard {
    let place = place(ofShard: request.shard)
    let own = ShardRequest(
      shard: place.shard, columns: Self.mapped(request.columns, columnMaps[place.source]), rows: request.rows, keeping: request.keeping)
    let decoded = try sources[place.source].decode(own, with: workspace) { onRows($0.renumbered(request.shard), $1) }
    return decoded.renumbered(request.shard)
  }

  public func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) {
    let place = place(ofShard: shard)
    try sources[place.source].check(shard: place.shard, with: workspace)
  }

  public func willNeed(shard: Int) {
    let place = place(ofShard: shard)
    sources[place.source].willNeed(shard: place.shard)
  }

  // MARK: - Columns

  private static func mapped(_ columns: [Int], _ map: [Int]?) -> [Int] { map.map { map in columns.map { map[$0] } } ?? columns }

  private static func isSame(_ a: (elementType: ElementType, shape: [Int])?, _ b: (elementType: ElementType, shape: [Int])?) -> Bool {
    a?.elementType == b?.elementType && a?.shape == b?.shape
  }

  private static func text(_ column: SourceColumn) -> String {
    column.array.map { "\($0.elementType) of shape \($0.shape)" } ?? "\(column.encodingName) without a fixed shape"
  }
}

/// Why sources cannot be one.
public struct ConcatenationError: Error, Sendable, Equatable {
  /// The source that does not fit, by its place in the list.
  public let source: Int
  public let message: String
}
