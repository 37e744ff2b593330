// The blocks of py1br: random lengths, each shuffled where it lies.

/// The blocks of every canonical node. The first ones of a node may overlap (the library counts a block's random shift twice), and then what one has
/// shuffled the next shuffles again; such blocks are kept together.
struct ShuffleBlocks: Sendable {
  /// The first place of every run of overlapping blocks; one more for the end. Together they are all places.
  private(set) var starts: [Int] = []
  /// Where the generator is when a run's first block is shuffled.
  private var marks: [NumPyGenerator.Mark] = []
  /// The first block of each run among `blocks`; one more for the end.
  private var firstBlocks: [Int] = []
  /// The places of each block.
  private var blocks: [Range<Int>] = []
  private let generator: NumPyGenerator

  /// - Precondition: `blockSampleCount` is at least 2.
  init(_ line: ShuffleLine, blockSampleCount: Int, generator: NumPyGenerator) {
    var generator = generator
    let least = Int(0.75 * Double(blockSampleCount))
    let most = Int(1.25 * Double(blockSampleCount))
    let staggers = (0..<line.canonicalNodeCount).map { _ in generator.integer(0..<least) }
    for node in 0..<line.canonicalNodeCount {
      let spans = line.spans(ofCanonicalNode: node)
      let begin = line.starts[spans.lowerBound]
      let end = line.starts[spans.upperBound]
      let firstOfNode = blocks.count
      var next = begin
      while next < end {
        let length = generator.integer(least..<most)
        let block = max(next - staggers[node], begin)..<min(next + length - staggers[node], end)
        blocks.append(block)
        next += block.count
      }
      var runEnd = begin
      for index in firstOfNode..<blocks.count {
        if blocks[index].lowerBound >= runEnd {
          starts.append(blocks[index].lowerBound)
          firstBlocks.append(index)
          marks.append(generator.mark)
        }
        runEnd = max(runEnd, blocks[index].upperBound)
        generator.skipShuffle(blocks[index].count)
      }
    }
    starts.append(line.starts[line.starts.count - 1])
    firstBlocks.append(blocks.count)
    self.generator = generator
  }

  /// The places of the run `run` in their new order.
  func shuffled(_ run: Int, _ places: Range<Int>) -> [Int] {
    var values = Array(places)
    var generator = generator.at(marks[run])
    for block in blocks[firstBlocks[run]..<firstBlocks[run + 1]] {
      generator.shuffle(&values, block.lowerBound - places.lowerBound..<block.upperBound - places.lowerBound)
    }
    return values
  }
}
