// Inode numbers by arithmetic: packed from what a node is, unpacked when the kernel asks. No table, so nothing is to be forgotten, and a restarted
// daemon answers for the numbers of the one before.

public import BatchAssembly
internal import SampleOrder

/// The numbers of one tree. 1 is the root, 2 `.epochfs`, 3 to 15 its files; then two for every folder of a view or group: the folder, its schema.json. Then every
/// leaf has a run of numbers:
///
///     of batches: for every epoch its folder, all ranks' folders, the files of its batches, the files of its wrapped batches
///     of arrays: its files
///
/// A view with an order of mosaicml-streaming has, in place of the last two, the files of the batches of every world of ranks, world by world.
/// A wrapped batch (one that is filled up from the epoch's start, for the last batch of ranks) has a number below `batchCount + worldSize`.
public struct InodeScheme: Sendable {
  /// What the numbers of batches depend on.
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

    /// The numbers of one epoch; nil where they are too many to be counted.
    var epochSize: Int? {
      guard worldStride >= 0 else { return nil }
      let (batches, batchOverflow) =
        worlds == nil ? batchCount.addingReportingOverflow(wrappedCount) : worldStride.multipliedReportingOverflow(by: Rank.largestWorldSize)
      let (files, fileOverflow) = batches.multipliedReportingOverflow(by: tensorCount)
      let (size, overflow) = files.addingReportingOverflow(1 + Rank.count)
      return batchOverflow || fileOverflow || overflow ? nil : size
    }
  }

  /// What the numbers of a leaf depend on.
  public enum LeafShape: Sendable {
    case batches(ViewShape)
    case arrays(fileCount: Int)

    var size: Int? {
      switch self {
      case .arrays(let fileCount): return fileCount
      case .batches(let shape):
        guard let epochSize = shape.epochSize else { return nil }
        let (size, overflow) = epochSize.multipliedReportingOverflow(by: shape.epochCount)
        return overflow ? nil : size
      }
    }
  }

  private let folderCount: Int
  private let shapes: [LeafShape]
  /// The first number of each leaf, and the first after the last.
  private let bases: [Int]
  /// The leaves of batches and those of arrays, by the ordinals of their plans; and back.
  private let leavesOfBatches: [Int]
  private let leavesOfArrays: [Int]
  private let ordinals: [Int]

  private static let controlBase = 3
  private static let folderBase = 16

  /// - Parameters:
  ///   - folderCount: the folders of views and groups.
  ///   - shapes: the leaves, in order; the plans of batches among them are numbered in that order, and so are those of arrays.
  /// Nil where the tree has more files than there are inode numbers.
  public init?(folderCount: Int, _ shapes: [LeafShape]) {
    var bases = [Self.folderBase + 2 * folderCount]
    var (batches, arrays, ordinals): ([Int], [Int], [Int]) = ([], [], [])
    for (leaf, shape) in shapes.enumerated() {
      guard let size = shape.size else { return nil }
      let (end, overflow) = size.addingReportingOverflow(bases[bases.count - 1])
      if overflow { return nil }
      bases.append(end)
      switch shape {
      case .batches:
        ordinals.append(batches.count)
        batches.append(leaf)
      case .arrays:
        ordinals.append(arrays.count)
        arrays.append(leaf)
      }
    }
    self.folderCount = folderCount
    self.shapes = shapes
    self.bases = bases
    self.ordinals = ordinals
    leavesOfBatches = batches
    leavesOfArrays = arrays
  }

  /// The first number that is no inode of this tree.
  public var end: UInt64 { UInt64(bases[bases.count - 1]) }

  /// The leaf of a plan of batches, by its ordinal.
  func leaf(ofBatches ordinal: Int) -> Int { leavesOfBatches[ordinal] }
  func leaf(ofArrays ordinal: Int) -> Int { leavesOfArrays[ordinal] }
  /// The ordinal of a leaf's plan among those of its kind.
  func ordinal(ofLeaf leaf: Int) -> Int { ordinals[leaf] }

  public func inode(of node: Node) -> Inode {
    switch node {
    case .root: .root
    case .controlFolder: Inode(2)
    case .control(let file): Inode(UInt64(Self.controlBase + file.rawValue))
    case .folder(let folder): Inode(UInt64(Self.folderBase + 2 * folder))
    case .schema(let folder): Inode(UInt64(Self.folderBase + 2 * folder + 1))
    case .epoch(let folder): Inode(UInt64(base(of: folder)))
    case .rank(let folder, let rank): Inode(UInt64(base(of: folder) + 1 + rank.ordinal))
    case .batch(let key, let tensor): Inode(UInt64(base(of: key.folder) + 1 + Rank.count + slot(of: key) * shape(of: key.folder).tensorCount + tensor))
    case .array(let key): Inode(UInt64(bases[leavesOfArrays[key.plan]] + key.file))
    }
  }

  /// What the number stands for, or nil where it stands for nothing in this tree.
  public func node(of inode: Inode) -> Node? {
    guard let number = Int(exactly: inode.number), number >= 1, number < bases[bases.count - 1] else { return nil }
    if number == 1 { return .root }
    if number == 2 { return .controlFolder }
    if number < Self.folderBase { return ControlFile(rawValue: number - Self.controlBase).map(Node.control) }
    if number < bases[0] {
      let (folder, isSchema) = (number - Self.folderBase).quotientAndRemainder(dividingBy: 2)
      return isSchema == 1 ? .schema(folder: folder) : .folder(folder)
    }
    let leaf = self.leaf(of: number)
    let local = number - bases[leaf]
    switch shapes[leaf] {
    case .arrays: return .array(ArrayKey(plan: ordinals[leaf], file: local))
    case .batches(let shape): return node(local, of: shape, view: ordinals[leaf])
    }
  }

  private func node(_ local: Int, of shape: ViewShape, view: Int) -> Node? {
    let (epoch, rest) = local.quotientAndRemainder(dividingBy: shape.epochSize ?? .max)
    let folder = FolderKey(view: view, epoch: epoch)
    if rest == 0 { return shape.hasEpochs ? .epoch(folder) : nil }
    if rest <= Rank.count { return .rank(folder, Rank(ordinal: rest - 1)) }
    let (slot, tensor) = (rest - 1 - Rank.count).quotientAndRemainder(dividingBy: shape.tensorCount)
    if let worlds = shape.worlds {
      let (world, ordinal) = slot.quotientAndRemainder(dividingBy: shape.worldStride)
      guard let rowCount = worlds[world + 1]?.rowCount(ofOrdinal: ordinal), rowCount > 0 else { return nil }
      return .batch(BatchKey(folder: FolderKey(view: view, epoch: epoch, worldSize: world + 1), ordinal: ordinal, isWrapped: false), tensor: tensor)
    }
    let isWrapped = slot >= shape.batchCount
    return .batch(
      BatchKey(folder: folder, ordinal: isWrapped ? shape.firstWrapped + slot - shape.batchCount : slot, isWrapped: isWrapped), tensor: tensor)
  }

  /// The leaf whose run holds `number`: the last that begins at or before it. Leaves without files have empty runs.
  private func leaf(of number: Int) -> Int {
    var (low, high) = (0, shapes.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if bases[middle] <= number { low = middle } else { high = middle }
    }
    return low
  }

  private func shape(of folder: FolderKey) -> ViewShape {
    guard case .batches(let shape) = shapes[leavesOfBatches[folder.view]] else { preconditionFailure("view \(folder.view) has no batches") }
    return shape
  }

  private func base(of folder: FolderKey) -> Int { bases[leavesOfBatches[folder.view]] + folder.epoch * (shape(of: folder).epochSize ?? 0) }

  private func slot(of key: BatchKey) -> Int {
    let shape = shape(of: key.folder)
    if shape.worlds != nil { return (key.folder.worldSize - 1) * shape.worldStride + key.ordinal }
    if !key.isWrapped { return key.ordinal }
    let slot = key.ordinal - shape.firstWrapped
    precondition((0..<shape.wrappedCount).contains(slot), "batch \(key.ordinal) cannot wrap in an epoch of \(shape.batchCount)")
    return shape.batchCount + slot
  }
}
