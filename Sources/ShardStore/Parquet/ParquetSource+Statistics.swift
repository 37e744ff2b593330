// What Parquet files tell of their values without their pages: footers, page indexes, dictionaries.

internal import ParquetFormat
internal import ParquetReading
internal import Platform
public import RowFilter
internal import SampleOrder

extension ParquetSource {
  /// What the footer says of the piece's row group. Of lists it speaks of elements, which are not what is asked for here.
  public func statistics(ofColumn column: Int, piece: Int) -> ColumnStatistics? {
    let (rowGroup, rows) = runs(ofColumn: column).place(of: piece)
    guard data.columns[column].leaf.lists.isEmpty, let chunk = try? data.chunk(column: column, rowGroup: rowGroup), let known = chunk.statistics else {
      return nil
    }
    return ColumnStatistics(
      rowCount: chunk.rowCount, nullCount: known.nullCount, nanCount: known.nanCount, bounds: ColumnStatistics.Bounds(known.bounds)
    ).ofSome(rowCount: rows.count)
  }

  /// What footers count, as far as they are kept. Several tensors and views may ask.
  public func knownNulls(ofColumn column: Int) -> KnownNulls? {
    if let known = data.knownNulls.withLock({ $0[column] }) { return known }
    let known = countedNulls(ofColumn: column)
    data.knownNulls.withLock { $0[column] = known }
    return known
  }

  private func countedNulls(ofColumn column: Int) -> KnownNulls {
    var known = KnownNulls()
    guard data.columns[column].isNullable else { return known }
    for group in data.rowGroups.indices {
      if let counts = data.keptChunk(column: column, rowGroup: group)?.nullCounts {
        known.add(rows: counts.rows, elements: counts.belowRows, others: counts.either)
      } else {
        known.addUnknown()
      }
    }
    return known
  }

  /// What the page index says of the pages of the piece's row group. An index that cannot be read or believed says nothing: whoever reads the pages meets what is
  /// wrong with them.
  public func runStatistics(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> RunStatistics? {
    let place = runs(ofColumn: column).place(of: piece)
    guard let chunk = try? data.chunk(column: column, rowGroup: place.rowGroup),
      let pages = try? data.reader(workspace, verification: data.verification).pageStatistics(of: chunk)
    else { return nil }
    let begin = pieces(ofColumn: column).start(of: piece) - place.rows.lowerBound
    return RunStatistics(rows: begin..<begin + chunk.rowCount) { row in
      let found = pages.pages(from: row - begin, leastRowCount: Self.leastPartRowCount)
      return RunStatistics.Part(
        rows: begin + found.rows.lowerBound..<begin + found.rows.upperBound,
        statistics: ColumnStatistics(
          rowCount: found.rows.count, nullCount: found.nullCount, nanCount: found.nanCount, bounds: ColumnStatistics.Bounds(found.bounds)))
    }
  }

  /// Smaller pages are looked at several at a time: asking what bounds say costs as much as looking at some hundred rows.
  private static let leastPartRowCount = 1024

  /// The dictionary of the piece's row group, where all its pages point into it.
  public func distinctValues(ofColumn column: Int, piece: Int, with workspace: DecodeWorkspace) -> DistinctValues? {
    let place = runs(ofColumn: column).place(of: piece)
    guard data.columns[column].leaf.lists.isEmpty, let chunk = try? data.chunk(column: column, rowGroup: place.rowGroup),
      let found = try? data.reader(workspace, verification: data.verification).distinctValues(of: chunk)
    else { return nil }
    let begin = pieces(ofColumn: column).start(of: piece) - place.rows.lowerBound
    return DistinctValues(
      rows: begin..<begin + chunk.rowCount,
      values: ColumnValues(region: found.region, values: found.values, offsets: found.offsets, rowNulls: nil, firstRow: 0), count: found.count)
  }
}

extension ColumnStatistics.Bounds {
  /// Nil where a side is not known.
  fileprivate init?(_ bounds: ParquetBounds) {
    switch (bounds.minimum, bounds.maximum) {
    case (.integer(let least), .integer(let greatest)): self = .integers(Int128(least), Int128(greatest))
    case (.unsigned(let least), .unsigned(let greatest)): self = .integers(Int128(least), Int128(greatest))
    case (.real(let least), .real(let greatest)): self = .floats(least, greatest)
    case (.wide(let least), .wide(let greatest)):
      let (low, high) = (WideInteger(littleEndian: least), WideInteger(littleEndian: greatest))
      // Elements of 16 bytes are compared as such.
      if least.count <= 16, let low = low.narrow, let high = high.narrow { self = .integers(low, high) } else { self = .wide(low, high) }
    case (.bytes(let least), .bytes(let greatest)): self = .bytes(least, greatest)
    default: return nil
    }
  }
}
