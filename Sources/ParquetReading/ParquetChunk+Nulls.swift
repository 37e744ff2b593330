// How many slots of a column chunk are null, as its footer says.

internal import ParquetFormat

extension ParquetChunk {
  /// Null rows, nulls in the rows' lists, and nulls that are one or the other; nil where the footer does not say, or cannot be believed.
  public var nullCounts: (rows: Int, belowRows: Int, either: Int)? {
    if let counts = definitionLevelCounts {
      var (rows, belowRows) = (0, 0)
      for (level, count) in counts.dropLast().enumerated() {
        if level < leaf.rowLevel {
          rows += count
        } else if !leaf.lists.contains(where: { $0.existsLevel == level }) {
          belowRows += count
        }
      }
      return (rows, belowRows, 0)
    }
    guard let count = location.chunk.statistics?.nullCount, (0...location.chunk.valueCount).contains(count) else { return nil }
    if leaf.lists.isEmpty { return (count, 0, 0) }
    // Empty lists count as nulls; where rows have a shape there are none.
    return count == 0 ? (0, 0, 0) : shape == nil ? nil : (0, 0, count)
  }

  /// How many slots have each definition level, where these are all slots.
  private var definitionLevelCounts: [Int]? {
    guard let counts = location.chunk.sizeStatistics?.definitionLevelCounts, counts.count == leaf.maxDefinitionLevel + 1 else { return nil }
    var rest = location.chunk.valueCount
    for count in counts {
      guard count >= 0, count <= rest else { return nil }
      rest -= count
    }
    return rest == 0 ? counts : nil
  }
}
