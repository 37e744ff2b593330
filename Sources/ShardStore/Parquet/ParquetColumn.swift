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
  /// The levels of the leaf's slots that may be null in some file of the set: rows, entries of each level of lists.
  private var nullableLeafLevels: [Int]

  init(name: String, leaf: ParquetLeaf, shape: [Int]?, channels: [String]?) {
    self.name = name
    self.leaf = leaf
    self.shape = shape
    self.channels = channels
    nullableLeafLevels = Self.nullableLevels(of: leaf)
  }

  /// Takes in what may be null in another file, which has as many lists.
  mutating func admitNulls(of other: ParquetLeaf) {
    let levels = Self.nullableLevels(of: other)
    if levels != nullableLeafLevels { nullableLeafLevels = Set(nullableLeafLevels).union(levels).sorted() }
  }

  private static func nullableLevels(of leaf: ParquetLeaf) -> [Int] { (0...leaf.lists.count).filter(leaf.isNullable) }

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
  var hasNullValue: Bool { elementType?.hasNullValue ?? false }

  /// Whether elements of its fixed lists may be null.
  var hasNullableFixedElements: Bool { rowByteCount != nil && !leaf.lists.isEmpty && nullableLeafLevels.contains(leaf.lists.count) }

  /// The levels of slots that may be null; the elements of fixed lists are level 1, however many lists there are.
  private var nullableLevels: [Int] {
    guard rowByteCount != nil else { return nullableLeafLevels }
    return nullableLeafLevels.filter { $0 == 0 } + (hasNullableFixedElements ? [1] : [])
  }

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
      name: name, encodingName: encoding, values: values, isText: isText, isBytes: isBytes && !isText, nullableLevels: nullableLevels,
      channels: channels, decimalScale: leaf.decimalScale)
  }

  var sample: SourceColumn {
    let array: (elementType: ElementType, shape: [Int])? = rowByteCount == nil ? nil : elementType.flatMap { type in shape.map { (type, $0) } }
    return SourceColumn(name: name, encodingName: leaf.physicalType.name, array: array, channels: channels)
  }
}
