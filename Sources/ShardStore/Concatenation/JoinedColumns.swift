// The columns of several sources that are read as one: what they have in common, and where the pieces of each lie.

internal import NumPyFormat
internal import Platform
internal import SampleOrder

final class JoinedColumns: Sendable {
  /// The first source's. What differs between sources other than in types and shapes of arrays cannot be read as one, and is said to be unreadable.
  let stored: [StoredColumn]
  let sources: [any ColumnSource]
  /// For each source the numbers of the columns in it; nil where they are the same. A view may have a list for each of a million groups.
  private let maps: [[Int]?]
  /// Of columns that were asked for: most never are.
  private let known = Lock<[Int: Pieces]>([:])

  /// The pieces of one column, in the order of the sources.
  struct Pieces: Sendable {
    let rows: ShardTable
    /// How many pieces each source has: pieces stand here for samples, sources for shards.
    let ofSources: ShardTable
  }

  /// - Throws: where a source lacks a column, or has it with another type or shape, or there are more rows than can be counted.
  init(_ sources: [any StoredSource]) throws(ConcatenationError) {
    let first = sources[0]
    var maps: [[Int]?] = []
    var stored = first.storedColumns
    for (index, source) in sources.enumerated() {
      var map: [Int] = []
      // Made where the order differs: the first column of each name.
      var numbers: [String: Int]?
      for (place, column) in first.columns.enumerated() {
        // Nearly always in the same order, and wide tables have thousands.
        let isInPlace = place < source.columns.count && source.columns[place].name == column.name
        if !isInPlace, numbers == nil {
          numbers = Dictionary(zip(source.columns.map(\.name), source.columns.indices), uniquingKeysWith: { first, _ in first })
        }
        guard let found = isInPlace ? place : numbers?[column.name] else {
          throw ConcatenationError(source: index, message: "source \(source.name) has no column \(column.name), which \(first.name) has")
        }
        guard Self.isSame(source.columns[found].array, column.array) else {
          throw ConcatenationError(
            source: index,
            message:
              "column \(column.name) is \(Self.text(source.columns[found])) in source \(source.name), and \(Self.text(column)) in \(first.name); sources of one view need the same"
          )
        }
        // The same bytes would be numbers of another size.
        if column.array != nil, first.storedColumns[place].decimalScale != source.storedColumns[found].decimalScale {
          throw ConcatenationError(
            source: index,
            message:
              "column \(column.name) is \(source.storedColumns[found].encodingName) in source \(source.name), and \(first.storedColumns[place].encodingName) in \(first.name); sources of one view need decimals of the same scale"
          )
        }
        if let joined = stored[place].joined(with: source.storedColumns[found], sources: (first.name, source.name)) { stored[place] = joined }
        map.append(found)
      }
      maps.append(map == Array(first.columns.indices) ? nil : map)
    }
    self.stored = stored
    self.sources = sources
    self.maps = maps
  }

  /// The numbers of some of the columns in one of the sources.
  func numbers(_ columns: [Int], in source: Int) -> [Int] { maps[source].map { map in columns.map { map[$0] } } ?? columns }

  /// A column in each of the sources.
  func each(_ column: Int) -> [(source: any ColumnSource, column: Int)] {
    sources.indices.map { (sources[$0], numbers([column], in: $0)[0]) }
  }

  func pieces(ofColumn column: Int) -> Pieces {
    if let pieces = known.withLock({ $0[column] }) { return pieces }
    let tables = each(column).map { $0.source.pieces(ofColumn: $0.column) }
    guard let rows = try? ShardTable.joining(tables), let ofSources = try? ShardTable(tables.map(\.shardCount)) else {
      preconditionFailure("the rows of all pieces are the rows of all shards, which were counted")
    }
    // Twice at the worst, when two ask at once.
    let pieces = Pieces(rows: rows, ofSources: ofSources)
    known.withLock { $0[column] = pieces }
    return pieces
  }

  /// A piece of a column in its source; `number`: the source's.
  func place(ofColumn column: Int, piece: Int) -> (number: Int, source: any ColumnSource, column: Int, piece: Int) {
    let place = pieces(ofColumn: column).ofSources.location(ofSample: piece)
    return (place.shard, sources[place.shard], numbers([column], in: place.shard)[0], place.row)
  }

  private static func isSame(_ a: (elementType: ElementType, shape: [Int])?, _ b: (elementType: ElementType, shape: [Int])?) -> Bool {
    a?.elementType == b?.elementType && a?.shape == b?.shape
  }

  private static func text(_ column: SourceColumn) -> String {
    column.array.map { "\($0.elementType) of shape \($0.shape)" } ?? "\(column.encodingName) without a fixed shape"
  }
}

extension StoredColumn {
  /// The column that has the values of this one and of another source's; nil where it is this one.
  fileprivate func joined(with other: StoredColumn, sources: (String, String)) -> StoredColumn? {
    if case .unreadable = values { return nil }
    if case .unreadable(let reason) = other.values { return of(.unreadable("\(reason) in source \(sources.1)")) }
    guard values == other.values, isText == other.isText, isBytes == other.isBytes, decimalScale == other.decimalScale else {
      return of(.unreadable("is \(encodingName) in source \(sources.0), and \(other.encodingName) in \(sources.1)"))
    }
    let levels = Set(nullableLevels).union(other.nullableLevels)
    return levels.count == nullableLevels.count ? nil : of(values, nullableLevels: levels.sorted())
  }

  private func of(_ values: Values, nullableLevels: [Int] = []) -> StoredColumn {
    StoredColumn(
      name: name, encodingName: encodingName, values: values, isText: isText, isBytes: isBytes, nullableLevels: nullableLevels, channels: channels,
      decimalScale: decimalScale)
  }
}
