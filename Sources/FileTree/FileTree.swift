// The tree as a pure function of the views: names to nodes, nodes to attributes and entries. No bytes, no threads.

public import BatchAssembly
internal import SampleOrder
internal import ShardStore

public struct FileTree: Sendable {
  public let views: [ViewPlan]
  public let scheme: InodeScheme
  /// The size of a view's `schema.json`.
  private let schemas: [[UInt8]]

  /// Nil where the tree has more files than there are inode numbers.
  public init?(views: [ViewPlan]) {
    let shapes = views.map {
      InodeScheme.ViewShape(hasEpochs: $0.listedEpochCount != nil, batchCount: $0.batchCount, tensorCount: $0.tensors.count, worlds: $0.worlds)
    }
    guard let scheme = InodeScheme(shapes) else { return nil }
    self.views = views
    self.scheme = scheme
    schemas = views.map(SchemaFile.bytes)
  }

  public func schema(ofView view: Int) -> [UInt8] { schemas[view] }

  /// The node called `name` in a folder.
  public func child(_ name: String, of folder: Node) throws(FileError) -> Node {
    guard folder.isFolder else { throw .notADirectory }
    let text = Substring(name)
    let found: Node? =
      switch folder {
      case .root: name == EntryName.controlFolder ? .controlFolder : views.firstIndex { EntryName.isSame($0.name, text) }.map(Node.view)
      case .controlFolder: ControlFile.allCases.first { $0.name == name }.map(Node.control)
      case .view(let view) where name == EntryName.schema: .schema(view: view)
      case .view(let view) where views[view].listedEpochCount != nil: EntryName.epoch(parsing: text).map { .epoch(FolderKey(view: view, epoch: $0)) }
      case .view(let view): rankOrBatch(text, of: FolderKey(view: view, epoch: 0))
      case .epoch(let key): rankOrBatch(text, of: key)
      case .rank(let key, let rank): batch(text, of: key, rank: rank)
      case .control, .schema, .batch: nil
      }
    guard let found else { throw .notFound }
    return found
  }

  private func rankOrBatch(_ name: Substring, of folder: FolderKey) -> Node? {
    guard let rank = EntryName.rank(parsing: name) else { return batch(name, of: folder, rank: nil) }
    // The orders of mosaicml-streaming have no batches for some numbers of ranks.
    return views[folder.view].worlds.map { $0[rank.worldSize] != nil } ?? true ? .rank(folder, rank) : nil
  }

  private func batch(_ name: Substring, of folder: FolderKey, rank: Rank?) -> Node? {
    let view = views[folder.view]
    let count = batchCount(view, rank)
    guard let (ordinal, rest) = EntryName.batch(parsing: name, digitCount: BatchNumbering.digitCount(batchCount: count)), ordinal < count else { return nil }
    if view.tensors.count == 1 { return rest.isEmpty ? batch(ordinal, tensor: 0, of: folder, rank: rank) : nil }
    guard rest.hasPrefix("."), let tensor = view.tensors.firstIndex(where: { EntryName.isSame($0.name, rest.dropFirst()) }) else { return nil }
    return batch(ordinal, tensor: tensor, of: folder, rank: rank)
  }

  /// The batch numbered `ordinal` in a folder: of a rank, the epoch's batch with the same rows.
  private func batch(_ ordinal: Int, tensor: Int, of folder: FolderKey, rank: Rank?) -> Node {
    guard let rank else { return .batch(BatchKey(folder: folder, ordinal: ordinal, isWrapped: false), tensor: tensor) }
    if views[folder.view].worlds != nil {
      let world = FolderKey(view: folder.view, epoch: folder.epoch, worldSize: rank.worldSize)
      return .batch(BatchKey(folder: world, ordinal: ordinal * rank.worldSize + rank.rank, isWrapped: false), tensor: tensor)
    }
    let numbering = views[folder.view].numbering
    let whole = numbering.globalBatch(batch: ordinal, rank: rank.rank, worldSize: rank.worldSize)
    let isFull = whole < numbering.sampleCount / numbering.batchSize
    return .batch(BatchKey(folder: folder, ordinal: whole, isWrapped: !isFull), tensor: tensor)
  }

  private func batchCount(_ view: ViewPlan, _ rank: Rank?) -> Int {
    guard let rank else { return view.batchCount }
    if let worlds = view.worlds { return worlds[rank.worldSize]?.batchCount(ofRank: rank.rank) ?? 0 }
    return view.numbering.rankBatchCount(worldSize: rank.worldSize)
  }

  /// The size of a file whose content is fixed; nil for folders and control files.
  public func byteCount(of node: Node) -> Int? {
    switch node {
    case .schema(let view): schemas[view].count
    case .batch(let key, let tensor): views[key.folder.view].tensors[tensor].byteCount(rowCount: views[key.folder.view].rowCount(of: key))
    case .root, .controlFolder, .control, .view, .epoch, .rank: nil
    }
  }

  /// How many entries a folder lists.
  public func entryCount(of folder: Node) -> Int {
    switch folder {
    case .root: 1 + views.count
    case .controlFolder: ControlFile.allCases.count
    case .view(let view): 1 + (views[view].listedEpochCount ?? listedCount(views[view]))
    case .epoch(let key): listedCount(views[key.view])
    case .rank(let key, let rank): batchCount(views[key.view], rank) * views[key.view].tensors.count
    case .control, .schema, .batch: 0
    }
  }

  private func listedCount(_ view: ViewPlan) -> Int { (view.listedRankCount ?? 0) + view.batchCount * view.tensors.count }

  /// The entry numbered `ordinal` of a folder, in 0 ..< `entryCount(of:)`; made by arithmetic, so that millions cost nothing before they are asked for.
  public func entry(_ ordinal: Int, of folder: Node) -> (name: String, node: Node) {
    switch folder {
    case .root:
      return ordinal == 0 ? (EntryName.controlFolder, .controlFolder) : (views[ordinal - 1].name, .view(ordinal - 1))
    case .controlFolder:
      let file = ControlFile.allCases[ordinal]
      return (file.name, .control(file))
    case .view(let view):
      if ordinal == 0 { return (EntryName.schema, .schema(view: view)) }
      let key = FolderKey(view: view, epoch: ordinal - 1)
      if views[view].listedEpochCount != nil { return (EntryName.epoch(ordinal - 1), .epoch(key)) }
      return listed(ordinal - 1, of: FolderKey(view: view, epoch: 0))
    case .epoch(let key): return listed(ordinal, of: key)
    case .rank(let key, let rank): return file(ordinal, of: key, rank: rank)
    case .control, .schema, .batch: preconditionFailure("\(folder) is not a folder")
    }
  }

  private func listed(_ ordinal: Int, of key: FolderKey) -> (name: String, node: Node) {
    let rankCount = views[key.view].listedRankCount ?? 0
    if ordinal < rankCount, let rank = Rank(ordinal, of: rankCount) { return (rank.name, .rank(key, rank)) }
    return file(ordinal - rankCount, of: key, rank: nil)
  }

  private func file(_ ordinal: Int, of key: FolderKey, rank: Rank?) -> (name: String, node: Node) {
    let view = views[key.view]
    let (number, tensor) = ordinal.quotientAndRemainder(dividingBy: view.tensors.count)
    let name = EntryName.batch(
      number, digitCount: BatchNumbering.digitCount(batchCount: batchCount(view, rank)), tensor: view.tensors.count == 1 ? nil : view.tensors[tensor].name)
    return (name, batch(number, tensor: tensor, of: key, rank: rank))
  }

  /// The path below the mount of a node, as the epoch shows it (of a wrapped batch: its number in the epoch).
  public func path(of node: Node) -> String {
    switch node {
    case .root: return ""
    case .controlFolder: return EntryName.controlFolder
    case .control(let file): return EntryName.controlFolder + "/" + file.name
    case .view(let view): return views[view].name
    case .schema(let view): return views[view].name + "/" + EntryName.schema
    case .epoch(let key): return views[key.view].name + "/" + EntryName.epoch(key.epoch)
    case .rank(let key, let rank): return folderPath(key) + "/" + rank.name
    case .batch(let key, let tensor):
      let view = views[key.folder.view]
      if let rank = Rank(key.ordinal % key.folder.worldSize, of: key.folder.worldSize), rank.worldSize > 1 {
        return folderPath(key.folder) + "/" + rank.name + "/"
          + file(key.ordinal / rank.worldSize * view.tensors.count + tensor, of: key.folder, rank: rank).name
      }
      let name = EntryName.batch(
        key.ordinal, digitCount: BatchNumbering.digitCount(batchCount: view.batchCount), tensor: view.tensors.count == 1 ? nil : view.tensors[tensor].name)
      return folderPath(key.folder) + "/" + name
    }
  }

  private func folderPath(_ key: FolderKey) -> String {
    views[key.view].listedEpochCount == nil ? views[key.view].name : views[key.view].name + "/" + EntryName.epoch(key.epoch)
  }
}
