// The schema of a file: its leaves in stored order.

/// Leaves are made when they are asked for: a table of a million columns costs little until then.
public final class ParquetSchema: Sendable {
  let tree: SchemaTree
  private let hints: ArrowHints
  /// The nodes of the leaves.
  private let leafNodes: [Int32]

  init(_ tree: SchemaTree, hints: ArrowHints) {
    self.tree = tree
    self.hints = hints
    leafNodes = tree.nodes.indices.filter { !tree[$0].isGroup }.map { Int32($0) }
  }

  public var leafCount: Int { leafNodes.count }

  /// The memory that this takes, about.
  var byteCount: Int { tree.byteCount + 4 * leafNodes.count + 64 * (hints.lists.count + hints.durations.count) }

  /// All leaves, made one by one.
  public var leaves: LazyMapCollection<Range<Int>, ParquetLeaf> { (0..<leafCount).lazy.map(leaf) }

  /// - Precondition: `ordinal` is less than `leafCount`.
  public func leaf(_ ordinal: Int) -> ParquetLeaf {
    let path = tree.path(to: Int(leafNodes[ordinal]))
    let node = tree[path[path.count - 1]]
    var level = 0
    var lists: [ParquetListLevel] = []
    var fixedShape: [Int]? = []
    var unknownRepetition: String?
    for index in path {
      switch tree[index].repetition {
      case .required: break
      case .optional: level += 1
      case .repeated:
        let list = hints.lists[index]
        lists.append(ParquetListLevel(existsLevel: level, fixedCount: list?.count))
        fixedShape = list.flatMap { list in fixedShape.map { $0 + list.shape } }
        level += 1
      case .unknown(let value): unknownRepetition = unknownRepetition ?? "'\(tree[index].name)' has the repetition type \(value), which is not supported"
      case nil: unknownRepetition = unknownRepetition ?? "'\(tree[index].name)' has no repetition type"
      }
    }
    let typeLength = node.typeLength.map { Int($0) }
    let valueType: ParquetValueType =
      if let unknownRepetition {
        .unreadable(reason: unknownRepetition)
      } else {
        ParquetValueType(
          physicalType: node.physicalType ?? .byteArray, typeLength: typeLength, logicalType: node.logicalType, duration: hints.durations[path[path.count - 1]])
      }
    return ParquetLeaf(
      ordinal: ordinal, path: path.map { tree[$0].name }, name: tree.shownNames(of: path).joined(separator: "."),
      physicalType: node.physicalType ?? .byteArray, typeLength: typeLength, logicalType: node.logicalType, maxDefinitionLevel: level, lists: lists,
      fixedShape: fixedShape, valueType: valueType)
  }

  /// The type that chunks of a leaf must have.
  func physicalType(_ ordinal: Int) -> ParquetPhysicalType { tree[Int(leafNodes[ordinal])].physicalType ?? .byteArray }

  /// The names from below the root to a leaf, and whether there are lists above its values.
  func chunkPath(_ ordinal: Int) -> (names: [String], isRepeated: Bool) {
    let path = tree.path(to: Int(leafNodes[ordinal]))
    return (path.map { tree[$0].name }, path.contains { tree[$0].repetition == .repeated })
  }
}
