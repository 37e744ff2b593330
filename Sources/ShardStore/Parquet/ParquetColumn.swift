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

  /// Whether anything may be null.
  var isNullable: Bool { !nullableLeafLevels.isEmpty }

  /// Whether something below the rows may be null: lists in lists, elements.
  var hasNullsBelowRows: Bool { (nullableLeafLevels.last ?? 0) > 0 }

  /// The level of the piece's slots that the entries of a level of lists are; nil where an array of fixed shape has no axis for them.
  func slotLevel(ofLeafLevel level: Int) -> Int? {
    guard rowByteCount != nil, let shape else { return level }
    return level == leaf.lists.count ? shape.count : level == 0 || shape.count == leaf.lists.count ? level : nil
  }

  /// The levels of slots that may be null. Of an array of fixed shape all elements of a null list are.
  private var nullableLevels: [Int] {
    let levels = nullableLeafLevels.compactMap(slotLevel)
    guard rowByteCount != nil, let shape, hasNullsBelowRows, levels.last != shape.count else { return levels }
    return levels + [shape.count]
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
