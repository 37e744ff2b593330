// Packing and unpacking inode numbers are inverses over the whole range.

import BatchAssembly
import FileTree
import SampleOrder
import Testing

struct InodeSchemeTests {
  static let shapes: [InodeScheme.ViewShape] = [
    .init(hasEpochs: true, batchCount: 9, tensorCount: 1),
    .init(hasEpochs: false, batchCount: 1, tensorCount: 4),
    .init(hasEpochs: true, batchCount: 1_698_859, tensorCount: 3),
    .init(hasEpochs: true, batchCount: 10_000_000_000, tensorCount: 2),
    .init(hasEpochs: false, batchCount: 0, tensorCount: 1),
  ]
  static let folderCount = 12

  /// Leaves of arrays, one without files, stand between those of batches.
  static let leaves: [InodeScheme.LeafShape] = [
    .batches(shapes[0]), .arrays(fileCount: 3), .batches(shapes[1]), .arrays(fileCount: 0), .batches(shapes[2]), .batches(shapes[3]), .batches(shapes[4]),
    .arrays(fileCount: 10_000), .arrays(fileCount: 0),
  ]
  static let fileCounts = [3, 0, 10_000, 0]

  @Test func everyNumberOfASmallTreeUnpacksToANodeThatPacksToIt() throws {
    let scheme = try #require(
      InodeScheme(
        folderCount: 5,
        [
          .batches(.init(hasEpochs: false, batchCount: 3, tensorCount: 2)), .arrays(fileCount: 0), .arrays(fileCount: 7),
          .batches(.init(hasEpochs: false, batchCount: 0, tensorCount: 1)),
        ]))
    // No two numbers have a node in common, since each node has one number. Of the ranks' 16 million every 1,000th is looked at, and all near the end.
    var count = 0
    var number: UInt64 = 1
    while number < scheme.end {
      let node = scheme.node(of: Inode(number))
      if let node, scheme.inode(of: node) != Inode(number) { Issue.record("\(number) unpacks to \(node), which packs to \(scheme.inode(of: node))") }
      if case .rank(let folder, _) = node {
        if case .rank(folder, _) = scheme.node(of: Inode(number + 1000)) { number += 1000 } else { number += 1 }
      } else {
        count += node == nil ? 0 : 1
        number += 1
      }
    }
    // Root, `.epochfs` and its four files; five folders with schemas; the files of batches and arrays.
    #expect(count == 6 + 5 * 2 + 2 * (3 + 4097) + 7 + 4097)
  }

  /// Batches of every world of ranks have numbers of their own, and numbers that no batch has stand for nothing.
  @Test func worldsOfRanks() throws {
    var settings = MosaicSettings(algorithm: .py1e, seed: 1, blockSampleCount: 16, canonicalNodeCount: 2, batchSize: 4)
    settings.nodeCount = 2
    let plan = try MosaicPlan(settings, table: ShardTable([40, 61]), streams: [(0..<2, nil)])
    let view = try stubView(source: StubSource([40, 61]), tensors: ["id", "x"], order: OrderPlan(mosaic: plan))
    let tree = try #require(FileTree(views: [view]))
    var found: Set<UInt64> = []
    for epoch in [0, 1, 999_999] {
      for size in [1, 2, 6, 4096] {
        let world = try plan.world(size)
        for ordinal in 0..<min(200, world.ordinalCount) {
          for tensor in 0..<2 {
            let key = BatchKey(folder: FolderKey(view: 0, epoch: epoch, worldSize: size), ordinal: ordinal, isWrapped: false)
            let inode = tree.scheme.inode(of: .batch(key, tensor: tensor))
            #expect(tree.scheme.node(of: inode) == .batch(key, tensor: tensor))
            #expect(found.insert(inode.number).inserted)
          }
        }
      }
    }
    var generator = SplitMix(state: 3)
    for _ in 0..<20_000 {
      let number = UInt64.random(in: 1..<tree.scheme.end, using: &generator)
      if let node = tree.scheme.node(of: Inode(number)) { #expect(tree.scheme.inode(of: node) == Inode(number)) }
    }
    #expect(throws: FileError.notFound) { try tree.child("rank-0-of-3", of: .epoch(FolderKey(view: 0, epoch: 0))) }
    let rank = try tree.child("rank-1-of-2", of: .epoch(FolderKey(view: 0, epoch: 0)))
    #expect(try tree.path(of: tree.child("batch-0003.x.npy", of: rank)) == "train/epoch-0/rank-1-of-2/batch-0003.x.npy")
    #expect(tree.entryCount(of: rank) == 26)
  }

  @Test func randomNumbersOverTheWholeRange() throws {
    let scheme = try #require(InodeScheme(folderCount: Self.folderCount, Self.leaves))
    let seed: UInt64 = 0x1dea
    var generator = SplitMix(state: seed)
    for _ in 0..<200_000 {
      let number = UInt64.random(in: 1..<scheme.end, using: &generator)
      guard let node = scheme.node(of: Inode(number)) else { continue }
      #expect(scheme.inode(of: node) == Inode(number), "seed \(seed), number \(number)")
    }
  }

  @Test func randomNodesOverTheWholeRange() throws {
    let scheme = try #require(InodeScheme(folderCount: Self.folderCount, Self.leaves))
    var generator = SplitMix(state: 0x5eed)
    for _ in 0..<200_000 {
      let view = Int.random(in: 0..<Self.shapes.count, using: &generator)
      let shape = Self.shapes[view]
      let folder = FolderKey(view: view, epoch: shape.hasEpochs ? Int.random(in: 0..<1_000_000, using: &generator) : 0)
      let node: Node
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: node = .folder(Int.random(in: 0..<Self.folderCount, using: &generator))
      case 1: node = .schema(folder: Int.random(in: 0..<Self.folderCount, using: &generator))
      case 4:
        let plan = Bool.random(using: &generator) ? 0 : 2
        node = .array(ArrayKey(plan: plan, file: Int.random(in: 0..<Self.fileCounts[plan], using: &generator)))
      case 2 where shape.hasEpochs: node = .epoch(folder)
      case 3:
        let world = Int.random(in: 1...4096, using: &generator)
        node = .rank(folder, try #require(Rank(Int.random(in: 0..<world, using: &generator), of: world)))
      default:
        let isWrapped = shape.batchCount == 0 || Bool.random(using: &generator)
        let first = max(0, shape.batchCount - 1)
        let ordinal = isWrapped ? Int.random(in: first...(first + 4096), using: &generator) : Int.random(in: 0..<shape.batchCount, using: &generator)
        node = .batch(BatchKey(folder: folder, ordinal: ordinal, isWrapped: isWrapped), tensor: Int.random(in: 0..<shape.tensorCount, using: &generator))
      }
      #expect(scheme.node(of: scheme.inode(of: node)) == node)
    }
  }

  @Test func numbersOutsideStandForNothing() throws {
    let scheme = try #require(InodeScheme(folderCount: Self.folderCount, Self.leaves))
    for number in [0, scheme.end, .max, 7, 15] as [UInt64] { #expect(scheme.node(of: Inode(number)) == nil) }
  }

  @Test func aTreeWithTooManyFilesIsRefused() {
    #expect(InodeScheme(folderCount: 1, [.batches(.init(hasEpochs: true, batchCount: .max / 1_000_000, tensorCount: 2))]) == nil)
    #expect(InodeScheme(folderCount: 1, [.batches(.init(hasEpochs: true, batchCount: .max, tensorCount: 1))]) == nil)
    #expect(InodeScheme(folderCount: 1, [.arrays(fileCount: .max)]) == nil)
  }

  @Test func everyRankHasItsOrdinal() throws {
    var ordinal = 0
    for world in 1...Rank.largestWorldSize {
      for rank in 0..<world {
        if rank < 3 || rank + 3 >= world {
          let value = try #require(Rank(rank, of: world))
          #expect(value.ordinal == ordinal)
          #expect(Rank(ordinal: ordinal) == value)
        }
        ordinal += 1
      }
    }
    #expect(ordinal == Rank.count)
    #expect(Rank(3, of: 3) == nil && Rank(-1, of: 2) == nil && Rank(0, of: 0) == nil && Rank(0, of: 4097) == nil)
  }
}

/// A small generator whose seed can be printed and used again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
