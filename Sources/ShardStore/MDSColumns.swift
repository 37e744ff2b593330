// The columns of an MDS data set: what the encodings say, and what the configuration declares about raw bytes.

internal import MDSFormat
internal import NumPyFormat
internal import Platform

enum MDSColumns {
  static func describe(_ schema: MDSSchema, _ declarations: [ColumnDeclaration], path: String) throws(SourceError) -> [SourceColumn] {
    for declaration in declarations where schema.index(named: declaration.name) == nil {
      throw SourceError(
        .column(declaration.name), "there is no column \(declaration.name) in \(path)/index.json; its columns are \(schema.map(\.name).joined(separator: ", "))"
      )
    }
    var columns: [SourceColumn] = []
    for column in schema {
      let declaration = declarations.first { $0.name == column.name }
      let array = try self.array(column, declaration)
      if let channels = declaration?.channels {
        guard let last = array?.shape.last else {
          throw SourceError(.column(column.name), "column \(column.name) has no last axis that its channels could name")
        }
        guard last == channels.count else {
          throw SourceError(
            .column(column.name),
            "column \(column.name) has \(ItemCount.text(last, "value")) along its last axis, but the declaration names \(ItemCount.text(channels.count, "channel")): \(channels.joined(separator: ", "))"
          )
        }
      }
      columns.append(SourceColumn(name: column.name, encodingName: column.encoding.name, array: array, channels: declaration?.channels))
    }
    return columns
  }

  private static func array(_ column: MDSColumn, _ declaration: ColumnDeclaration?) throws(SourceError) -> (elementType: ElementType, shape: [Int])? {
    let stored = column.encoding.fixedArray
    guard let declaration, declaration.elementType != nil || declaration.shape != nil else { return stored }
    if let stored {
      let isSame = (declaration.elementType ?? stored.elementType) == stored.elementType && (declaration.shape ?? stored.shape) == stored.shape
      guard isSame else {
        throw SourceError(
          .column(column.name),
          "column \(column.name) is stored as \(stored.elementType.name) of shape \(stored.shape), not as declared: \(declaration.elementType?.name ?? stored.elementType.name) of shape \(declaration.shape ?? stored.shape)"
        )
      }
      return stored
    }
    switch column.encoding {
    case .bytes, .array, .typedArray, .unknown: break
    default:
      throw SourceError(
        .column(column.name), "column \(column.name) is stored as \(column.encoding.name), which has no dtype and shape to declare; only bytes and ndarray have"
      )
    }
    guard let elementType = declaration.elementType else {
      throw SourceError(.column(column.name), "column \(column.name) is stored as bytes: give its dtype too, for example `dtype: float32`")
    }
    let shape = declaration.shape ?? []
    guard ArrayShape.byteCount(shape, elementType: elementType) != nil else {
      throw SourceError(.column(column.name), "column \(column.name): a \(elementType.name) array of shape \(shape) has more bytes than can be counted")
    }
    return (elementType, shape)
  }
}
