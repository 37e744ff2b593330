// One column of a Parquet data set: a leaf of the schema and what NumPy gets of it.

internal import NumPyFormat
internal import ParquetFormat

struct ParquetColumn: Sendable, Equatable {
  let name: String
  let leaf: ParquetLeaf
  /// Of one row, where every row has the same: from the schema, or as the configuration declares it.
  let shape: [Int]?
  let channels: [String]?
  /// Why it cannot be read.
  let reason: String?

  /// The type of its elements and whether they are texts; nil where it cannot be read.
  var elementType: ElementType? {
    if reason != nil { return nil }
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
  var hasNullValue: Bool {
    switch elementType {
    case .float16, .float32, .float64, .datetime64, .timedelta64: true
    default: false
    }
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
      values = .unreadable(self.reason ?? reason)
    } else {
      values = .unreadable(reason ?? "cannot be read")
    }
    let isText = if case .bytes(let isText) = leaf.valueType { isText && leaf.lists.isEmpty } else { false }
    return StoredColumn(
      name: name, encodingName: encoding, values: values, isText: isText, isNullable: leaf.isNullable,
      hasNullableElements: !leaf.lists.isEmpty && leaf.elementIsNullable && !isBytes && shape == nil, channels: channels)
  }

  var sample: SourceColumn {
    let array: (elementType: ElementType, shape: [Int])? = rowByteCount == nil ? nil : elementType.flatMap { type in shape.map { (type, $0) } }
    return SourceColumn(name: name, encodingName: leaf.physicalType.name, array: array, channels: channels)
  }

  /// What stands for null in the array.
  var nullPattern: [UInt8] { elementType.map(Self.nullPattern) ?? [0] }

  static func nullPattern(_ type: ElementType) -> [UInt8] {
    switch type {
    case .float16: [0x00, 0x7E]
    case .float32: [0, 0, 0xC0, 0x7F]
    case .float64: [0, 0, 0, 0, 0, 0, 0xF8, 0x7F]
    case .datetime64, .timedelta64: [0, 0, 0, 0, 0, 0, 0, 0x80]
    default: Array(repeating: 0, count: type.byteCount)
    }
  }
}
