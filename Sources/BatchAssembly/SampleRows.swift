// A few rows of a source, spelled out: what `epochfs inspect` shows as samples.

package import BatchCache
internal import ByteParsing
internal import NumPyFormat
internal import Platform
internal import SampleOrder
package import ShardStore

/// Rows of a source with all columns that can be read, long values cut, and what the pieces that were decoded for them say of each column.
package struct SampleRows {
  /// The columns that were read: their ordinals in `storedColumns`.
  package let columns: [Int]
  /// By row, then by place in `columns`.
  package private(set) var values: [[SampleValue]] = []
  /// By place in `columns`, over all rows of the pieces that were decoded.
  package private(set) var summaries: [ColumnSummary]

  /// Decodes `rows` of the source's stored order, and with them the whole of their pieces.
  /// - Throws: `.noMemory` where `budget` has no room for a piece.
  package init(of source: any ColumnSource, rows: Range<Int>, budget: MemoryBudget) throws(ColumnError) {
    let described = source.storedColumns
    let columns = described.indices.filter { described[$0].isReadable }
    self.columns = columns
    summaries = columns.map { _ in ColumnSummary() }
    values = rows.map { _ in [] }
    var demand = DecodeDemand(inputByteCount: 0, outputByteCount: 0)
    for column in columns { demand = demand.union(source.pieceDemand(ofColumn: column)) }
    guard let workspace = DecodeWorkspace(demand: demand, budget: budget) else { throw .noMemory(byteCount: demand.byteCount) }
    guard let first = columns.first, !rows.isEmpty else { return }
    // What is stored together is read once: all columns of a shard of MDS.
    if source is any MDSFamilySource {
      try add(rows, pieces: source.pieces(ofColumn: first), of: source, Array(columns.indices)) { (piece) throws(ColumnError) in
        try source.decode(columns: columns, shard: piece, with: workspace, budget: budget)
      }
      return
    }
    for (place, column) in columns.enumerated() {
      try add(rows, pieces: source.pieces(ofColumn: column), of: source, [place]) { (piece) throws(ColumnError) in
        [try source.decode(column: column, piece: piece, with: workspace, budget: budget)]
      }
    }
  }

  private mutating func add(
    _ rows: Range<Int>, pieces: ShardTable, of source: any ColumnSource, _ places: [Int], _ decode: (Int) throws(ColumnError) -> [ColumnPiece]
  ) throws(ColumnError) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let location = pieces.location(ofSample: row)
      let start = pieces.start(of: location.shard)
      let rowCount = pieces.count(of: location.shard)
      let end = min(rows.upperBound, start + rowCount)
      for (place, found) in zip(places, try decode(location.shard)) {
        let column = source.storedColumns[columns[place]]
        let piece = try source.checked(found, ofColumn: columns[place], number: location.shard, rowCount: rowCount)
        summaries[place].add(piece, column)
        for found in row..<end { values[found - rows.lowerBound].append(SampleValue(row: found - start, of: piece, column, isText: summaries[place].isText)) }
      }
      row = end
    }
  }
}

/// One value, as a person reads it and as JSON.
package struct SampleValue {
  /// `1.5`, `"text"`, `[1, 2, 3, ... 4640 elements]`, `00 ff ... 18560 bytes`, `null`.
  package let text: String
  /// The value as JSON: stored bytes in base64, and of what `isCut` only the beginning.
  package let json: [UInt8]
  package let isCut: Bool

  /// A spelled element as JSON, which has no NaN and no infinities: their names as texts.
  static func json(ofElement spelled: [UInt8]) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    return ["NaN", "Infinity", "-Infinity"].contains(String(decoding: spelled, as: UTF8.self)) ? [quote] + spelled + [quote] : spelled
  }
}

/// What is to be said about all values of a column together.
package struct ColumnSummary {
  package private(set) var nullCount = 0
  /// The bytes of the shortest and the longest value, of columns whose values differ in size.
  package private(set) var byteCounts: ClosedRange<Int>?
  /// The least and the greatest element of columns of numbers, NaN left out.
  package private(set) var bounds: (minimum: SampleValue, maximum: SampleValue)?
  private var extremes: ClosedRange<Double>?
  private var hasText = false
  private var hasOtherBytes = false
  /// Whether all values of a column of bytes are printable text, and not all are empty.
  package var isText: Bool { hasText && !hasOtherBytes }

  mutating func add(_ piece: ColumnPiece, _ column: StoredColumn) {
    let mapping = piece.region.region
    let all = mapping.bytes
    if let nulls = piece.rowNulls { for row in 0..<piece.rowCount where all.byte(at: nulls.lowerBound + row) != 0 { nullCount += 1 } }
    switch column.values {
    case .ragged(let type, 1):
      for row in 0..<piece.rowCount {
        let byteCount = piece.elementRange(level: 0, row, in: all).count * type.byteCount
        byteCounts = min(byteCounts?.lowerBound ?? .max, byteCount)...max(byteCounts?.upperBound ?? 0, byteCount)
      }
      if column.isBytes, !hasOtherBytes, !piece.values.isEmpty {
        hasText = true
        hasOtherBytes = !ByteText.isText(all.extracting(piece.values))
      }
    // Values that stand for nulls would be taken for values, and 64 bits do not fit a double.
    case .fixed(let type, _) where type.isNumber && type.byteCount < 8 && nullCount == 0 || type == .float64 && nullCount == 0:
      addNumbers(piece, type, all)
    case .fixed, .ragged, .unreadable: break
    }
  }

  private mutating func addNumbers(_ piece: ColumnPiece, _ type: ElementType, _ all: RawSpan) {
    var text: [UInt8] = []
    for byteOffset in stride(from: piece.values.lowerBound, to: piece.values.upperBound - type.byteCount + 1, by: type.byteCount) {
      let value = JSONElements.double(type, at: byteOffset, in: all)
      if value.isNaN { continue }
      if let extremes, extremes.contains(value) { continue }
      text.removeAll(keepingCapacity: true)
      JSONElements.append(type, at: byteOffset, in: all, to: &text)
      let spelled = SampleValue(text: String(decoding: text, as: UTF8.self), json: SampleValue.json(ofElement: text), isCut: false)
      if value < extremes?.lowerBound ?? .infinity || bounds == nil { bounds = (spelled, bounds?.maximum ?? spelled) }
      if value > extremes?.upperBound ?? -.infinity { bounds = (bounds?.minimum ?? spelled, spelled) }
      extremes = min(extremes?.lowerBound ?? value, value)...max(extremes?.upperBound ?? value, value)
    }
  }
}
