// One element of the schema's tree, as the footer lists it.

/// A group or a column.
struct SchemaNode: Sendable {
  var name = ""
  /// nil for groups.
  var physicalType: ParquetPhysicalType?
  var typeLength: Int32?
  var repetition: SchemaRepetition?
  var childCount: Int32 = 0
  var logicalType: ParquetLogicalType?

  // Set when the tree is built.
  /// The root's is -1.
  var parent: Int32 = -1
  /// The node behind the last one below this one; its children are found by going from one's `end` to the next.
  var end: Int32 = 0

  /// Some writers give groups a type as well.
  var isGroup: Bool { physicalType == nil || childCount > 0 }
}

enum SchemaRepetition: Sendable, Hashable {
  case required
  case optional
  case repeated
  /// Experimental vectors of fixed size, and whatever may come.
  case unknown(Int32)

  init(rawValue: Int32) {
    self =
      switch rawValue {
      case 0: .required
      case 1: .optional
      case 2: .repeated
      default: .unknown(rawValue)
      }
  }
}

extension ThriftReader {
  /// Reads a `SchemaElement`.
  @_lifetime(self: copy self)
  mutating func readSchemaNode() throws(ParquetError) -> SchemaNode {
    let start = byteOffset
    var node = SchemaNode()
    var hasName = false
    var logicalType: ParquetLogicalType?
    var (convertedType, scale, precision): (Int32?, Int32?, Int32?) = (nil, nil, nil)
    var number: Int16 = 0
    while let field = try nextField(after: &number) {
      switch field.number {
      case 1:
        let type = try readInt32(field)
        guard let known = ParquetPhysicalType(rawValue: type) else {
          throw error(.invalid("a column's physical type", found: "\(type)", expected: "0 to 7"), at: field.byteOffset)
        }
        node.physicalType = known
      case 2: node.typeLength = try readInt32(field)
      case 3: node.repetition = SchemaRepetition(rawValue: try readInt32(field))
      case 4:
        node.name = try readString(field)
        hasName = true
      case 5: node.childCount = try readInt32(field)
      case 6: convertedType = try readInt32(field)
      case 7: scale = try readInt32(field)
      case 8: precision = try readInt32(field)
      case 10:
        try beginStructure(field)
        logicalType = try readLogicalType()
      default: try skip(field)
      }
    }
    guard hasName else { throw error(.missingField("SchemaElement.name"), at: start) }
    guard node.childCount >= 0 else { throw error(.invalid("'\(node.name)'", found: "of \(node.childCount) children", expected: "at least 0"), at: start) }
    // The older annotation counts only where the newer one is missing or not known.
    let older = convertedType.flatMap { ParquetLogicalType(convertedType: $0, precision: precision, scale: scale) }
    if case .unknown? = logicalType { node.logicalType = older ?? logicalType } else { node.logicalType = logicalType ?? older }
    return node
  }
}
