// Stored columns as filters and groups see them.

internal import NumPyFormat
public import RowFilter

extension ColumnSource {
  /// The column of a name, as a filter needs to know it; nil where there is none.
  public func filterColumn(named name: String) -> FilterColumn? {
    guard let ordinal = storedColumns.firstIndex(where: { $0.name == name }) else { return nil }
    return FilterColumn(ordinal: ordinal, name: name, values: filterValues(ordinal), isNullable: storedColumns[ordinal].isNullable)
  }

  func filterValues(_ column: Int) -> FilterColumn.Values {
    let stored = storedColumns[column]
    switch stored.values {
    case .unreadable(let reason): return .unreadable(reason)
    case .fixed(let type, let shape):
      if !shape.isEmpty { return .opaque("a \(type.name) array of shape \(shape)") }
      if let scale = stored.decimalScale { return .decimal(type, scale: scale) }
      if case .void = type { return .opaque(stored.encodingName) }
      return .fixed(type)
    case .ragged(let type, let depth):
      if let texts = pathTexts(ofColumn: column) { return .pathText(notANumber: FilterColumn.firstThatIsNoNumber(texts)) }
      return depth == 1 && type == .uint8 ? .text : .opaque("a list")
    }
  }
}

extension ColumnPiece {
  /// Its rows from `firstRow` on, as filters read them.
  func values(firstRow: Int) -> ColumnValues {
    ColumnValues(region: region, values: values, offsets: offsets.first, rowNulls: rowNulls, firstRow: firstRow)
  }
}
