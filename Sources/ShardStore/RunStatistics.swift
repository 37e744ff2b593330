// What a format knows of a column more finely than piece by piece.

public import RowFilter

/// What is known of rows that are stored together, such as those of a Parquet row group, part by part.
public struct RunStatistics: Sendable {
  /// What is known of one part. It holds for each of its rows, so for any some of them.
  public struct Part: Sendable {
    /// The source's rows.
    public let rows: Range<Int>
    public let statistics: ColumnStatistics

    public init(rows: Range<Int>, statistics: ColumnStatistics) {
      self.rows = rows
      self.statistics = statistics
    }
  }

  /// The source's rows.
  public let rows: Range<Int>
  private let find: @Sendable (Int) -> Part

  /// - Parameter find: the part with a row; decoding one of its rows costs about as much as decoding all.
  public init(rows: Range<Int>, find: @escaping @Sendable (Int) -> Part) {
    self.rows = rows
    self.find = find
  }

  public func part(with row: Int) -> Part { find(row) }

  /// Whether a gap in the rows that are read has a part of its own, so that it saves something.
  func hasWholePart(in gap: Range<Int>) -> Bool {
    guard rows.contains(gap.lowerBound) else { return false }
    var part = find(gap.lowerBound)
    if part.rows.lowerBound < gap.lowerBound, rows.contains(part.rows.upperBound) { part = find(part.rows.upperBound) }
    return part.rows.lowerBound >= gap.lowerBound && part.rows.upperBound <= gap.upperBound
  }
}

/// The values that a column has in rows that are stored together; some may be there that no row has, none is null. Valid until something else is decoded with the
/// workspace that they were read with.
public struct DistinctValues: Sendable {
  /// The source's rows.
  public let rows: Range<Int>
  public let values: ColumnValues
  public let count: Int

  public init(rows: Range<Int>, values: ColumnValues, count: Int) {
    self.rows = rows
    self.values = values
    self.count = count
  }
}
