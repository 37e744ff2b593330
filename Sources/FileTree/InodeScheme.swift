// Inode numbers by arithmetic: packed from what a node is, unpacked when the kernel asks. No table, so nothing is to be forgotten, and a restarted
// daemon answers for the numbers of the one before.

public import BatchAssembly
internal import SampleOrder

/// The numbers of one tree. 1 is the root, 2 `.epochfs`, 3 to 15 its files; then every view has a run of numbers:
///
///     folder, schema.json, then for every epoch: its folder, all ranks' folders, the files of its batches, the files of its wrapped batches
///
/// A view with an order of mosaicml-streaming has, in place of the last two, the files of the batches of every world of ranks, world by world.
/// A wrapped batch (one that is filled up from the epoch's start, for the last batch of ranks) has a number below `batchCount + worldSize`.
public struct InodeScheme: Sendable {
  /// What the numbers of a view depend on.
  public struct ViewShape: Sendable {
    public let hasEpochs: Bool
    public let batchCount: Int
    public let tensorCount: Int
    /// What differs with the number of ranks; nil where nothing does.
    public let worlds: MosaicWorlds?
    /// The numbers that each world has, more than it has batches; 0 where worlds do not differ, -1 where they cannot be counted.
    let worldStride: Int

    public init(hasEpochs: Bool, batchCount: Int, tensorCount: Int, worlds: MosaicWorlds? = nil) {
      self.worlds = worlds
      worldStride = worlds.map { $0.plan.ordinalBound(largestWorldSize: Rank.largestWorldSize) ?? -1 } ?? 0
      self.hasEpochs = hasEpochs
      self.batchCount = batchCount
      self.tensorCount = tensorCount
    }

    /// Every epoch below this resolves.
    public static let epochLimit = 1_000_000

    var epochCount: Int { hasEpochs ? Self.epochLimit : 1 }
    /// The lowest and the number of ordinals that wrapped batches can have: from the last batch on, as many as the largest world.
    var firstWrapped: Int { max(0, batchCount - 1) }
    var wrappedCount: Int { Rank.largestWorldSize + 1 }
  }

  private let shapes: [ViewShape]
  /// The first number of each view, and the first after the last.
  private let bases: [Int]
  private let folderSizes: [Int]

  private static let controlBase = 3
  private static let viewBase = 16

  /// Nil where the tree has more files than there are inode numbers.
  public init?(_ shapes: [ViewShape]) {
    var bases = [Self.viewBase]
    var sizes: [Int] = []
    for shape in shapes {
      guard shape.worldStride >= 0 else { return nil }
      let (batches, batchOverflow) =
        shape.worlds == nil
        ? shape.batchCount.addingReportingOverflow(shape.wrappedCount) : shape.worldStride.multipliedReportingOverflow(by: Rank.largestWorldSize)
      let (files, fileOverflow) = batches.multipliedReportingOverflow(by: shape.tensorCount)
      let (folder, folderOverflow) = files.addingReportingOverflow(1 + Rank.count)
      let (epochs, epochOverflow) = folder.multipliedReportingOverflow(by: shape.epochCount)
      let (end, endOverflow) = epochs.addingReportingOverflow(2 + bases[bases.count - 1])
      if batchOverflow || fileOverflow || folderOverflow || epochOverflow || endOverflow { return nil }
      sizes.append(folder)
      bases.append(end)
    }
    self.shapes = shapes
    self.bases = bases
    folderSizes = sizes
  }

  /// The first number that is no inode of this tree.
  public var end: UInt64 { UInt64(bases[bases.count - 1]) }

  public func inode(of node: Node) -> Inode {
    switch node {
    case .root: .root
    case .controlFolder: Inode(2)
    case .control(let file): Inode(UInt64(Self.controlBase + file.rawValue))
    case .view(let view): Inode(UInt64(bases[view]))
    case .schema(let view): Inode(UInt64(bases[view] + 1))
    case .epoch(let folder): Inode(UInt64(base(of: folder)))
    case .rank(let folder, let rank): Inode(UInt64(base(of: folder) + 1 + rank.ordinal))
    case .batch(let key, let tensor): Inode(UInt64(base(of: key.folder) + 1 + Rank.count + slot(of: key) * shapes[key.folder.view].tensorCount + tensor))
    }
  }

  /// What the number stands for, or nil where it stands for nothing in this tree.
  public func node(of inode: Inode) -> Node? {
    guard let number = Int(exactly: inode.number), number >= 1, number < bases[bases.count - 1] else { return nil }
    if number == 1 { return .root }
    if number == 2 { return .controlFolder }
    if number < Self.viewBase { return ControlFile(rawValue: number - Self.controlBase).map(Node.control) }
    guard let view = bases.lastIndex(where: { $0 <= number }), view < shapes.count else { return nil }
    let local = number - bases[view]
    if local == 0 { return .view(view) }
    if local == 1 { return .schema(view: view) }
    let (epoch, rest) = (local - 2).quotientAndRemainder(dividingBy: folderSizes[view])
    let folder = FolderKey(view: view, epoch: epoch)
    if rest == 0 { return shapes[view].hasEpochs ? .epoch(folder) : nil }
    if rest <= Rank.count { return .rank(folder, Rank(ordinal: rest - 1)) }
    let (slot, tensor) = (rest - 1 - Rank.count).quotientAndRemainder(dividingBy: shapes[view].tensorCount)
    let shape = shapes[view]
    if let worlds = shape.worlds {
      let (world, ordinal) = slot.quotientAndRemainder(dividingBy: shape.worldStride)
      guard let rowCount = worlds[world + 1]?.rowCount(ofOrdinal: ordinal), rowCount > 0 else { return nil }
      return .batch(BatchKey(folder: FolderKey(view: view, epoch: epoch, worldSize: world + 1), ordinal: ordinal, isWrapped: false), tensor: tensor)
    }
    let isWrapped = slot >= shape.batchCount
    return .batch(
      BatchKey(folder: folder, ordinal: isWrapped ? shape.firstWrapped + slot - shape.batchCount : slot, isWrapped: isWrapped), tensor: tensor)
  }

  private func base(of folder: FolderKey) -> Int { bases[folder.view] + 2 + folder.epoch * folderSizes[folder.view] }

  private func slot(of key: BatchKey) -> Int {
    let shape = shapes[key.folder.view]
    if shape.worlds != nil { return (key.folder.worldSize - 1) * shape.worldStride + key.ordinal }
    if !key.isWrapped { return key.ordinal }
    let slot = key.ordinal - shape.firstWrapped
    precondition((0..<shape.wrappedCount).contains(slot), "batch \(key.ordinal) cannot wrap in an epoch of \(shape.batchCount)")
    return shape.batchCount + slot
  }
}
