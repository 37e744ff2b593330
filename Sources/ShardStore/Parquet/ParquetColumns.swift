// The columns of a Parquet data set: what the first file's schema says, what the configuration declares, and that the other files say the same.

internal import NumPyFormat
internal import ParquetFormat
internal import Platform

enum ParquetColumns {
  /// - Parameter path: the file whose schema it is, for messages.
  static func describe(_ schema: ParquetSchema, _ declarations: [ColumnDeclaration], path: String) throws(SourceError) -> [ParquetColumn] {
    let leaves = Array(schema.leaves)
    guard !leaves.isEmpty else { throw SourceError(.path, "\(path): has no columns, so that there is nothing of it to serve") }
    var seen: Set<String> = []
    /// The next number for a name: those below are taken.
    var nextNumbers: [String: Int] = [:]
    var columns: [ParquetColumn] = []
    for leaf in leaves {
      // Of several columns with one name the later ones are told apart by a number.
      var name = leaf.name
      while !seen.insert(name).inserted {
        let number = nextNumbers[leaf.name, default: 2]
        nextNumbers[leaf.name] = number + 1
        name = "\(leaf.name)~\(number)"
      }
      columns.append(try column(leaf, declarations.first { $0.name == name }, name: name, path: path))
    }
    for declaration in declarations where !seen.contains(declaration.name) {
      throw SourceError(
        .column(declaration.name), "there is no column \(declaration.name) in \(path); its columns are \(leaves.map(\.name).joined(separator: ", "))")
    }
    return columns
  }

  private static func column(
    _ leaf: ParquetLeaf, _ declaration: ColumnDeclaration?, name: String, path: String
  ) throws(SourceError) -> ParquetColumn {
    var shape = leaf.fixedShape
    // A length of 0 or a shape beyond belief is no fixed shape.
    let width = if case .fixed(let type, _) = leaf.valueType { type.byteCount } else { 1 }
    let elementLimit = rowByteLimit / width
    if let found = shape, found.contains(0) || (ArrayShape.elementCount(found) ?? .max) > elementLimit { shape = nil }
    if let declaration {
      guard case .fixed(let type, _) = leaf.valueType else {
        throw SourceError(
          .column(leaf.name), "column \(leaf.name) of \(path) holds \(leaf.physicalType.name) of any length, which has no dtype and shape to declare")
      }
      if let declared = declaration.elementType, declared != type {
        throw SourceError(
          .column(leaf.name),
          "column \(leaf.name) of \(path) is stored as \(type.name), not as declared: \(declared.name); leave dtype out, and cast in the tensor")
      }
      if let declared = declaration.shape {
        guard let count = ArrayShape.elementCount(declared), (1...elementLimit).contains(count) else {
          throw SourceError(.column(leaf.name), "column \(leaf.name): a shape of \(declared) has no elements, or more than \(elementLimit)")
        }
        let isPossible = shape.map { ArrayShape.elementCount($0) == count } ?? !leaf.lists.isEmpty
        guard isPossible, !leaf.lists.isEmpty || count == 1 else {
          throw SourceError(
            .column(leaf.name), "column \(leaf.name) of \(path) has \(shape.map { "the shape \($0)" } ?? "one value a row"), not as declared: \(declared)")
        }
        shape = declared
      }
      if let channels = declaration.channels {
        guard let last = shape?.last, last == channels.count else {
          throw SourceError(
            .column(leaf.name),
            "column \(leaf.name) has \(shape?.last.map { "\(ItemCount.text($0, "value")) along its" } ?? "no") last axis, but the declaration names \(ItemCount.text(channels.count, "channel")): \(channels.joined(separator: ", "))"
          )
        }
      }
    }
    return ParquetColumn(name: name, leaf: leaf, shape: shape, channels: declaration?.channels)
  }

  /// 1 TiB: so that sums of rows' bytes can be counted.
  private static let rowByteLimit = 1 << 40

  /// The leaf of each column in another file of the set, which may have them in another order.
  /// - Throws: where a column is missing, of another kind, or there are more; both files are named.
  static func match(_ columns: [ParquetColumn], _ path: String, with schema: ParquetSchema, of other: String) throws(SourceError) -> [Int] {
    let leaves = Array(schema.leaves)
    // Nearly always in the same order.
    if leaves.count == columns.count, zip(columns, leaves).allSatisfy({ isSame($0.leaf, $1) }) { return Array(leaves.indices) }
    let byName = Dictionary(leaves.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var ordinals: [Int] = []
    for column in columns {
      guard let leaf = byName[column.name] else {
        throw SourceError(.path, "\(other): has no column \(column.name), which \(path) has; the files of a source must have the same columns")
      }
      guard isSame(column.leaf, leaf) else {
        throw SourceError(
          .path, "\(other): column \(column.name) is \(text(leaf)), but in \(path) it is \(text(column.leaf)); the files of a source must have the same columns"
        )
      }
      ordinals.append(leaf.ordinal)
    }
    let names = Set(columns.map(\.name))
    if let extra = leaves.first(where: { !names.contains($0.name) }) {
      throw SourceError(.path, "\(other): has a column \(extra.name), which \(path) has not; the files of a source must have the same columns")
    }
    return ordinals
  }

  /// Whether NumPy gets the same of both, and it means the same numbers; whether nulls are allowed may differ.
  private static func isSame(_ a: ParquetLeaf, _ b: ParquetLeaf) -> Bool {
    guard a.name == b.name, a.lists.count == b.lists.count, a.fixedShape == b.fixedShape, a.decimalScale == b.decimalScale else { return false }
    switch (a.valueType, b.valueType) {
    case (.fixed(let one, _), .fixed(let other, _)): return one == other
    case (.bytes, .bytes), (.unreadable, .unreadable): return a.valueType == b.valueType || a.reasonIsUnreadable
    default: return false
    }
  }

  private static func text(_ leaf: ParquetLeaf) -> String {
    let type =
      switch leaf.valueType {
      case .fixed(let type, _):
        if let logicalType = leaf.logicalType, leaf.decimalScale != nil { "\(type.name) of \(logicalType)" } else { type.name }
      case .bytes(let isText): isText ? "text" : "bytes"
      case .unreadable(let reason): "not readable (\(reason))"
      }
    return (leaf.lists.isEmpty ? "" : "lists \(leaf.lists.count) deep \(leaf.fixedShape.map { "of shape \($0) " } ?? "")of ") + type
  }
}

extension ParquetLeaf {
  fileprivate var reasonIsUnreadable: Bool { if case .unreadable = valueType { true } else { false } }
}
