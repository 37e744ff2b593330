// The schema's elements made a tree, and what lists and maps mean in it.

/// The nodes of a schema in the order of the footer: depth first, the root at 0.
struct SchemaTree: Sendable {
  /// Nodes may be nested so deep; levels then fit a byte.
  static let depthLimit = 100
  /// More nodes than this are no table.
  static let nodeLimit = 1 << 21

  /// The names of all columns, each with those of the groups around it, may have so many bytes together: a long name around many columns is repeated
  /// whenever they are named.
  static let nameByteLimit = 1 << 28

  private(set) var nodes: [SchemaNode]
  /// Of the nodes' own names.
  private let nameByteCount: Int

  /// The memory that this takes, about.
  var byteCount: Int { MemoryLayout<SchemaNode>.stride * nodes.count + nameByteCount }

  /// Checks that the counts of children make one tree of all nodes.
  /// - Parameter problem: makes an error of what is wrong.
  init(_ elements: [SchemaNode], problem: (ParquetError.Problem) -> ParquetError) throws(ParquetError) {
    nodes = elements
    nameByteCount = elements.reduce(0) { $0 + $1.name.utf8.count }
    guard let root = nodes.first else { throw problem(.missingField("the root of the schema")) }
    guard root.isGroup else { throw problem(.invalid("the root of the schema", found: "a column", expected: "a group")) }
    /// The groups that are open, and how many children each still lacks.
    var open: [(node: Int, missing: Int32)] = []
    /// The bytes of the names of the groups that are open, and of all columns' names.
    var (openByteCount, allByteCount) = (0, 0)
    for index in nodes.indices {
      if index > 0 {
        guard let last = open.last else {
          throw problem(.invalid("the schema", found: "of \(nodes.count) elements", expected: "\(index), by the counts of children"))
        }
        nodes[index].parent = Int32(last.node)
        open[open.count - 1].missing -= 1
      }
      guard open.count < Self.depthLimit else { throw problem(.tooDeep(limit: Self.depthLimit)) }
      open.append((index, nodes[index].childCount))
      openByteCount += nodes[index].name.utf8.count
      if !nodes[index].isGroup { allByteCount += openByteCount }
      guard allByteCount <= Self.nameByteLimit else { throw problem(.limitExceeded("bytes of columns' names", limit: Self.nameByteLimit)) }
      while let last = open.last, last.missing == 0 {
        nodes[last.node].end = Int32(index + 1)
        openByteCount -= nodes[last.node].name.utf8.count
        open.removeLast()
      }
    }
    guard open.isEmpty else {
      throw problem(.invalid("the schema", found: "cut off after \(nodes.count) elements", expected: "more, by the counts of children"))
    }
  }

  subscript(_ node: Int) -> SchemaNode { nodes[node] }

  func children(of node: Int) -> [Int] {
    var children: [Int] = []
    var child = node + 1
    for _ in 0..<nodes[node].childCount {
      children.append(child)
      child = Int(nodes[child].end)
    }
    return children
  }

  /// The nodes from below the root to `node`.
  func path(to node: Int) -> [Int] {
    var path: [Int] = []
    var node = node
    while nodes[node].parent >= 0 {
      path.append(node)
      node = Int(nodes[node].parent)
    }
    return path.reversed()
  }

  // MARK: - Lists and maps

  /// The repeated node of a list and the node of its elements, which may be the same; nil when `node` is no list.
  ///
  /// These are the five rules of LogicalTypes.md, "Backward-compatibility rules". A map without values is the list of its keys.
  func list(at node: Int) -> (repeated: Int, element: Int)? {
    let isMap = nodes[node].logicalType == .map
    guard nodes[node].logicalType == .list || isMap, nodes[node].isGroup, nodes[node].childCount == 1 else { return nil }
    let repeated = node + 1
    guard nodes[repeated].repetition == .repeated else { return nil }
    if isMap { return nodes[repeated].isGroup && nodes[repeated].childCount == 1 ? (repeated, repeated + 1) : nil }
    guard nodes[repeated].isGroup, nodes[repeated].childCount == 1 else { return (repeated, repeated) }
    let name = nodes[repeated].name
    if nodes[repeated + 1].repetition == .repeated || name == "array" || name == nodes[node].name + "_tuple" { return (repeated, repeated) }
    return (repeated, repeated + 1)
  }

  /// The repeated node of a map, its key and its value; nil when `node` is no map.
  func map(at node: Int) -> (repeated: Int, key: Int, value: Int)? {
    guard nodes[node].logicalType == .map, nodes[node].isGroup, nodes[node].childCount == 1 else { return nil }
    let repeated = node + 1
    guard nodes[repeated].repetition == .repeated, nodes[repeated].isGroup, nodes[repeated].childCount == 2 else { return nil }
    return (repeated, repeated + 1, Int(nodes[repeated + 1].end))
  }

  /// The names of a path as users see them: those of lists' inner nodes are left out, those of maps' are `key` and `value`.
  func shownNames(of path: [Int]) -> [String] {
    var names: [String] = []
    /// Nodes of the path whose name is not shown, or is another one.
    var hidden = -1
    var hiddenElement = -1
    var key = -1
    var value = -1
    for node in path {
      if node == key {
        names.append("key")
      } else if node == value {
        names.append("value")
      } else if node != hidden && node != hiddenElement {
        names.append(nodes[node].name)
      }
      if let list = list(at: node) {
        (hidden, hiddenElement) = (list.repeated, list.element)
      } else if let map = map(at: node) {
        (hidden, key, value) = (map.repeated, map.key, map.value)
      }
    }
    return names
  }
}
