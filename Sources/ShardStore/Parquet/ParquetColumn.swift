// One column of a Parquet data set: a leaf of the schema and what NumPy gets of it.

internal import NumPyFormat
internal import ParquetFormat
internal import ParquetReading

struct ParquetColumn: Sendable, Equatable {
  let name: String
  let leaf: ParquetLeaf
  /// Of one row, where every row has the same: from the schema, or as the configuration declares it.
  let shape: [Int]?
  let channels: [String]?
  /// The type of its elements and whether they are texts; nil where it cannot be read.
  var elementType: ElementType? {
    switch leaf.valueType {
    case .fixed(let type, _): return type
    case .bytes: return .uint8
    case .unreadable: return nil
    }
  }

  var isBytes: Bool { if case .bytes = leaf.valueType { true } else { false } }

  /// Bytes of one row; nil where rows differ.
  var rowByteCount: Int? {
    guard let shape, let elementType, !isBytes else { return nil }
    return ArrayShape.byteCount(shape, elementType: elementType)
  }

  /// Whether a null has a value to stand for it: NaN or NaT.
  var hasNullValue: Bool { elementType.map(NullPattern.exists) ?? false }

  /// Whether a null element of a fixed list makes its row a null one, for want of a value that stands for it.
  private var marksElementNulls: Bool { shape != nil && !leaf.lists.isEmpty && leaf.elementIsNullable && !hasNullValue }

  var stored: StoredColumn {
    let encoding = leaf.physicalType.name + (leaf.logicalType.map { " \($0)" } ?? "")
    let values: StoredColumn.Values
    if let elementType {
      if shape != nil, !isBytes {
        values = .fixed(elementType, shape: shape ?? [])
      } else {
        values = .ragged(elementType, depth: leaf.lists.count + (isBytes ? 1 : 0))
      }
    } else if case .unreadable(let reason) = leaf.valueType {
      values = .unreadable(reason)
    } else {
      values = .unreadable("cannot be read")
    }
    let isText = if case .bytes(let isText) = leaf.valueType { isText } else { false }
    return StoredColumn(
      name: name, encodingName: encoding, values: values, isText: isText, isBytes: isBytes && !isText, isNullable: leaf.isNullable || marksElementNulls,
      hasNullableElements: !leaf.lists.isEmpty && leaf.elementIsNullable && !isBytes && shape == nil, channels: channels, decimalScale: leaf.decimalScale)
  }

  var sample: SourceColumn {
    let array: (elementType: ElementType, shape: [Int])? = rowByteCount == nil ? nil : elementType.flatMap { type in shape.map { (type, $0) } }
    return SourceColumn(name: name, encodingName: leaf.physicalType.name, array: array, channels: channels)
  }
}
