// The tree as a pure function of the views: names to nodes, nodes to attributes and entries. No bytes, no threads.

public import BatchAssembly
internal import SampleOrder
internal import ShardStore

/// Order of levels: view / groups / `epoch-N` / `rank-R-of-W` / files.
public struct FileTree: Sendable {
  public let folders: [ViewFolder]
  /// The plans of batches of all leaves, by their ordinals, and those of arrays.
  public let views: [ViewPlan]
  public let arrays: [ArraysPlan]
  public let scheme: InodeScheme
  let table: FolderTable
  /// The `schema.json` of every view; those of groups are made when they are asked for.
  private let schemas: [[UInt8]]

  /// - Precondition: the ordinals of plans of batches count from 0 in the order of the views' leaves, and so do those of plans of arrays.
  public init(_ folders: [ViewFolder]) throws(TreeError) {
    let table = try FolderTable(folders)
    var views: [ViewPlan] = []
    var arrays: [ArraysPlan] = []
    var shapes: [InodeScheme.LeafShape] = []
    for leaf in table.leaves {
      switch leaf {
      case .batches(let plan):
        precondition(plan.ordinal == views.count, "view \(plan.name) is plan \(plan.ordinal), not \(views.count)")
        views.append(plan)
        shapes.append(
          .batches(.init(hasEpochs: plan.listedEpochCount != nil, batchCount: plan.batchCount, tensorCount: plan.files.count, worlds: plan.worlds)))
      case .arrays(let plan):
        precondition(plan.ordinal == arrays.count, "view \(plan.name) is plan \(plan.ordinal) of arrays, not \(arrays.count)")
        arrays.append(plan)
        shapes.append(.arrays(fileCount: plan.files.files.count))
      }
    }
    guard let scheme = InodeScheme(folderCount: table.count, shapes) else { throw .tooManyFiles }
    self.folders = folders
    self.table = table
    self.views = views
    self.arrays = arrays
    self.scheme = scheme
    schemas = folders.map { SchemaFile.bytes($0) }
    try checkRoot()
  }

  /// Views of batches without groups. Nil where the tree has more files than there are inode numbers.
  public init?(views: [ViewPlan]) { try? self.init(views.map { ViewFolder(name: $0.name, leaf: .batches($0)) }) }

  /// What a view named `.` has at the mount's root must not have the name of another view.
  private func checkRoot() throws(TreeError) {
    guard let root = table.rootView else { return }
    for (number, view) in folders.enumerated() where number != root {
      guard let node = inner(Substring(view.name), of: root) else { continue }
      throw .nameCollision(
        view: view.name,
        message: "the view named . already has \(node.isFolder ? "a folder" : "a file") \(view.name) at the root of the mount; rename this view")
    }
  }

  /// The `schema.json` of a view's or a group's folder.
  public func schema(ofFolder folder: Int) -> [UInt8] {
    let entry = table.folders[folder]
    if folder < folders.count { return schemas[folder] }
    precondition(entry.leaf >= 0, "folder \(folder) has no schema")
    return SchemaFile.bytes(table.leaves[Int(entry.leaf)])
  }

  // MARK: - Names

  /// The node called `name` in a folder.
  public func child(_ name: String, of folder: Node) throws(FileError) -> Node {
    guard folder.isFolder else { throw .notADirectory }
    let text = Substring(name)
    let found: Node? =
      switch folder {
      case .root:
        name == EntryName.controlFolder
          ? .controlFolder
          : folders.indices.first { $0 != table.rootView && EntryName.isSame(folders[$0].name, text) }.map(Node.folder)
            ?? table.rootView.flatMap { inner(text, of: $0) }
      case .controlFolder: ControlFile.allCases.first { $0.name == name }.map(Node.control)
      case .folder(let folder): inner(text, of: folder)
      case .epoch(let key): rankOrBatch(text, of: key)
      case .rank(let key, let rank): batch(text, of: key, rank: rank)
      case .control, .schema, .batch, .array: nil
      }
    guard let found else { throw .notFound }
    return found
  }

  /// What is called `name` in the folder of a view or group.
  private func inner(_ name: Substring, of folder: Int) -> Node? {
    if hasSchema(folder), EntryName.isSame(EntryName.schema, name) { return .schema(folder: folder) }
    switch content(of: folder) {
    case .groups: return table.child(name, of: folder).map(Node.folder)
    case .arrays(let plan): return plan.files.index(of: name).map { .array(ArrayKey(plan: plan.ordinal, file: $0)) }
    case .batches(let plan) where plan.listedEpochCount != nil: return EntryName.epoch(parsing: name).map { .epoch(FolderKey(view: plan.ordinal, epoch: $0)) }
    case .batches(let plan): return rankOrBatch(name, of: FolderKey(view: plan.ordinal, epoch: 0))
    }
  }

  private enum Content {
    case groups(Range<Int>)
    case batches(ViewPlan)
    case arrays(ArraysPlan)
  }

  private func content(of folder: Int) -> Content {
    let entry = table.folders[folder]
    guard entry.leaf >= 0 else { return .groups(Int(entry.children.lowerBound)..<Int(entry.children.upperBound)) }
    return switch table.leaves[Int(entry.leaf)] {
    case .batches(let plan): .batches(plan)
    case .arrays(let plan): .arrays(plan)
    }
  }

  /// The folders of views have one, and those that hold a group's files.
  private func hasSchema(_ folder: Int) -> Bool { folder < folders.count || table.folders[folder].leaf >= 0 }

  private func rankOrBatch(_ name: Substring, of folder: FolderKey) -> Node? {
    guard let rank = EntryName.rank(parsing: name) else { return batch(name, of: folder, rank: nil) }
    // The orders of mosaicml-streaming have no batches for some numbers of ranks.
    return views[folder.view].worlds.map { $0[rank.worldSize] != nil } ?? true ? .rank(folder, rank) : nil
  }

  private func batch(_ name: Substring, of folder: FolderKey, rank: Rank?) -> Node? {
    let view = views[folder.view]
    let count = batchCount(view, rank)
    guard let (ordinal, suffix) = EntryName.batch(parsing: name, digitCount: BatchNumbering.digitCount(batchCount: count)), ordinal < count,
      let file = view.files.firstIndex(where: { EntryName.isSame($0.suffix, suffix) })
    else { return nil }
    return batch(ordinal, tensor: file, of: folder, rank: rank)
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
    return view.batchCount(ofRank: rank.rank, worldSize: rank.worldSize)
  }

  // MARK: - Attributes

  /// The size of a file whose content is fixed; nil for folders and control files, for arrays whose length is known only when their column was decoded,
  /// and for files of batches whose size only their values tell.
  public func byteCount(of node: Node) -> Int? {
    switch node {
    case .schema(let folder): schema(ofFolder: folder).count
    case .batch(let key, let tensor): views[key.folder.view].byteCount(ofFile: tensor, rowCount: views[key.folder.view].rowCount(of: key))
    case .array(let key): arrays[key.plan].byteCount(of: arrays[key.plan].files.files[key.file])
    case .root, .controlFolder, .control, .folder, .epoch, .rank: nil
    }
  }

  /// The source whose files a node is made from; nil for what is made from all of them.
  func source(of node: Node) -> (any ShardSource)? {
    switch node {
    case .root, .controlFolder, .control: nil
    case .folder(let folder), .schema(let folder):
      table.folders[folder].leaf >= 0 ? table.leaves[Int(table.folders[folder].leaf)].source : folders[Int(table.folders[folder].view)].whole.source
    case .epoch(let key), .rank(let key, _): views[key.view].source
    case .batch(let key, _): views[key.folder.view].source
    case .array(let key): arrays[key.plan].source
    }
  }

  // MARK: - Listings

  /// How many entries a folder lists.
  public func entryCount(of folder: Node) -> Int {
    switch folder {
    case .root: 1 + (table.rootView.map { folders.count - 1 + innerCount($0) } ?? folders.count)
    case .controlFolder: ControlFile.allCases.count
    case .folder(let folder): innerCount(folder)
    case .epoch(let key): listedCount(views[key.view])
    case .rank(let key, let rank): batchCount(views[key.view], rank) * views[key.view].files.count
    case .control, .schema, .batch, .array: 0
    }
  }

  private func innerCount(_ folder: Int) -> Int {
    let count =
      switch content(of: folder) {
      case .groups(let children): children.count
      case .arrays(let plan): plan.files.files.count
      case .batches(let plan): plan.listedEpochCount ?? listedCount(plan)
      }
    return count + (hasSchema(folder) ? 1 : 0)
  }

  private func listedCount(_ view: ViewPlan) -> Int { (view.listedRankCount ?? 0) + view.batchCount * view.files.count }

  /// The entry numbered `ordinal` of a folder, in 0 ..< `entryCount(of:)`; made by arithmetic, so that millions cost nothing before they are asked for.
  public func entry(_ ordinal: Int, of folder: Node) -> (name: String, node: Node) {
    switch folder {
    case .root:
      if ordinal == 0 { return (EntryName.controlFolder, .controlFolder) }
      // The other views first, then what the view named `.` has.
      guard let root = table.rootView else { return (folders[ordinal - 1].name, .folder(ordinal - 1)) }
      if ordinal >= folders.count { return inner(ordinal - folders.count, of: root) }
      let view = ordinal - 1 < root ? ordinal - 1 : ordinal
      return (folders[view].name, .folder(view))
    case .controlFolder:
      let file = ControlFile.allCases[ordinal]
      return (file.name, .control(file))
    case .folder(let folder): return inner(ordinal, of: folder)
    case .epoch(let key): return listed(ordinal, of: key)
    case .rank(let key, let rank): return file(ordinal, of: key, rank: rank)
    case .control, .schema, .batch, .array: preconditionFailure("\(folder) is not a folder")
    }
  }

  private func inner(_ ordinal: Int, of folder: Int) -> (name: String, node: Node) {
    var ordinal = ordinal
    if hasSchema(folder) {
      if ordinal == 0 { return (EntryName.schema, .schema(folder: folder)) }
      ordinal -= 1
    }
    switch content(of: folder) {
    case .groups(let children): return (table.folders[children.lowerBound + ordinal].name, .folder(children.lowerBound + ordinal))
    case .arrays(let plan): return (plan.files.files[ordinal].name, .array(ArrayKey(plan: plan.ordinal, file: ordinal)))
    case .batches(let plan) where plan.listedEpochCount != nil: return (EntryName.epoch(ordinal), .epoch(FolderKey(view: plan.ordinal, epoch: ordinal)))
    case .batches(let plan): return listed(ordinal, of: FolderKey(view: plan.ordinal, epoch: 0))
    }
  }

  private func listed(_ ordinal: Int, of key: FolderKey) -> (name: String, node: Node) {
    let rankCount = views[key.view].listedRankCount ?? 0
    if ordinal < rankCount, let rank = Rank(ordinal, of: rankCount) { return (rank.name, .rank(key, rank)) }
    return file(ordinal - rankCount, of: key, rank: nil)
  }

  private func file(_ ordinal: Int, of key: FolderKey, rank: Rank?) -> (name: String, node: Node) {
    let view = views[key.view]
    let (number, tensor) = ordinal.quotientAndRemainder(dividingBy: view.files.count)
    let name = EntryName.batch(number, digitCount: BatchNumbering.digitCount(batchCount: batchCount(view, rank)), suffix: view.files[tensor].suffix)
    return (name, batch(number, tensor: tensor, of: key, rank: rank))
  }

  // MARK: - Paths

  /// The path below the mount of a node, as the epoch shows it (of a wrapped batch: its number in the epoch).
  public func path(of node: Node) -> String {
    switch node {
    case .root: return ""
    case .controlFolder: return EntryName.controlFolder
    case .control(let file): return EntryName.controlFolder + "/" + file.name
    case .folder(let folder): return table.path(of: folder)
    case .schema(let folder): return joined(table.path(of: folder), EntryName.schema)
    case .epoch(let key): return folderPath(key)
    case .rank(let key, let rank): return joined(folderPath(key), rank.name)
    case .batch(let key, let tensor):
      let view = views[key.folder.view]
      if let rank = Rank(key.ordinal % key.folder.worldSize, of: key.folder.worldSize), rank.worldSize > 1 {
        let ordinal = key.ordinal / rank.worldSize * view.files.count + tensor
        return joined(joined(folderPath(key.folder), rank.name), file(ordinal, of: key.folder, rank: rank).name)
      }
      let name = EntryName.batch(key.ordinal, digitCount: BatchNumbering.digitCount(batchCount: view.batchCount), suffix: view.files[tensor].suffix)
      return joined(folderPath(key.folder), name)
    case .array(let key): return joined(leafPath(scheme.leaf(ofArrays: key.plan)), arrays[key.plan].files.files[key.file].name)
    }
  }

  private func folderPath(_ key: FolderKey) -> String {
    let leaf = leafPath(scheme.leaf(ofBatches: key.view))
    return views[key.view].listedEpochCount == nil ? leaf : joined(leaf, EntryName.epoch(key.epoch))
  }

  private func leafPath(_ leaf: Int) -> String { table.path(of: Int(table.folderOfLeaf[leaf])) }

  private func joined(_ folder: String, _ name: String) -> String { folder.isEmpty ? name : folder + "/" + name }
}
