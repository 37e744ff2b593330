// Which sample of an epoch each rank reads, in closed form (`get_partitions`, whose tensors of all samples are not made here).

/// The samples 0 ..< `sampleCount` of a shuffled line, divided over canonical nodes, then dealt out to the physical nodes and their ranks so that all
/// ranks have equally many: what is missing is repeated.
///
/// Canonical node c has the samples [c * N / C, (c + 1) * N / C). All canonical nodes together are read in turn: global position g is sample g / C of node g mod C.
/// The global positions are dealt out to the P physical nodes, one each in turn, and a node's to its R ranks.
struct MosaicPartition: Sendable, Equatable {
  let sampleCount: Int
  private let canonicalNodeCount: Int
  private let nodeCount: Int
  private let ranksPerNode: Int
  /// The samples of every canonical node, short ones and what divides badly over the physical nodes made up.
  private let width: Int
  /// The last of them that are made up because a canonical node's samples do not divide over its physical nodes.
  private let padding: Int
  /// The first of the samples that stand in for those, and how many there are: as many, or one for all.
  private let paddingSource: Range<Int>
  /// Fewer samples than canonical nodes: they are repeated one after another.
  private let isTiled: Bool
  /// The samples of each physical node.
  let samplesPerNode: Int
  /// The samples of each rank.
  let samplesPerRank: Int

  /// Nil where canonical and physical nodes do not divide one another, and where the library has no way to make up missing samples.
  /// - Precondition: `sampleCount` is at least 1 and its product with `canonicalNodeCount` an Int; the others are at least 1.
  init?(sampleCount: Int, canonicalNodeCount: Int, nodeCount: Int, ranksPerNode: Int) {
    guard canonicalNodeCount.isMultiple(of: nodeCount) || nodeCount.isMultiple(of: canonicalNodeCount) else { return nil }
    self.sampleCount = sampleCount
    self.canonicalNodeCount = canonicalNodeCount
    self.nodeCount = nodeCount
    self.ranksPerNode = ranksPerNode
    let whole = (sampleCount - 1) / canonicalNodeCount + 1
    let ratio = canonicalNodeCount < nodeCount ? nodeCount / canonicalNodeCount : 1
    padding = (ratio - whole % ratio) % ratio
    width = whole + padding
    isTiled = !(sampleCount > canonicalNodeCount || (sampleCount == canonicalNodeCount && canonicalNodeCount >= nodeCount))
    if padding > 0 && !isTiled {
      // Python's slice [-2 * padding - ratio + 1 : -padding - ratio + 1], whose ends stop at the first sample.
      paddingSource = max(0, width - 2 * padding - ratio + 1)..<max(0, width - padding - ratio + 1)
      guard paddingSource.count == padding || paddingSource.count == 1 else { return nil }
    } else {
      paddingSource = 0..<0
    }
    samplesPerNode = canonicalNodeCount * width / nodeCount
    samplesPerRank = (samplesPerNode - 1) / ranksPerNode + 1
  }

  /// The sample that is number `position` of those that a physical node's ranks take in turn, in 0 ..< `samplesPerRank * ranksPerNode`.
  @inline(__always)
  func sample(node: Int, position: Int) -> Int {
    let own = position < samplesPerNode ? position : madeUp(position)
    let (index, canonicalNode) = (own * nodeCount + node).quotientAndRemainder(dividingBy: canonicalNodeCount)
    if isTiled { return (canonicalNode * width + index) % sampleCount }
    let begin = canonicalNode * sampleCount / canonicalNodeCount
    let end = (canonicalNode + 1) * sampleCount / canonicalNodeCount
    // A canonical node with a sample less than others has its last one twice.
    return begin + min(index < width - padding ? index : paddedIndex(index), end - begin - 1)
  }

  /// The sample number `position` of one rank.
  func sample(node: Int, rank: Int, position: Int) -> Int { sample(node: node, position: position * ranksPerNode + rank) }

  /// Positions past the node's samples, so that its ranks have equally many: samples from before the last round, or all of them again.
  private func madeUp(_ position: Int) -> Int {
    let missing = samplesPerRank * ranksPerNode - samplesPerNode
    let begin = samplesPerNode - ranksPerNode - missing + 1
    return begin >= 0 ? begin + position - samplesPerNode : (position - samplesPerNode) % samplesPerNode
  }

  private func paddedIndex(_ index: Int) -> Int {
    paddingSource.count == 1 ? paddingSource.lowerBound : paddingSource.lowerBound + index - (width - padding)
  }
}
