// The order of py1e: the samples of each span are shuffled, then every one moves by a random distance, and where they come to lie is the order.

/// The spans' generator states. To find the samples at some positions only the spans that can reach them are looked at.
struct ShiftedSpans: Sendable {
  private let blockLengths: Range<Int>
  /// By span: before its samples are shuffled, and before its distances are drawn.
  private var shuffleMarks: [NumPyGenerator.Mark] = []
  private var shiftMarks: [NumPyGenerator.Mark] = []
  private let generator: NumPyGenerator
  /// No sample moves further.
  private let reach: Int

  /// - Precondition: `blockSampleCount` is at least 1.
  init(_ line: ShuffleLine, blockSampleCount: Int, generator: NumPyGenerator) {
    var generator = generator
    blockLengths = Int(0.75 * Double(blockSampleCount))..<Int(1.25 * Double(blockSampleCount))
    reach = blockLengths.upperBound / 2 + 1
    shuffleMarks.reserveCapacity(line.spans.count)
    shiftMarks.reserveCapacity(line.spans.count)
    for node in 0..<line.canonicalNodeCount {
      for span in line.spans(ofCanonicalNode: node) {
        shuffleMarks.append(generator.mark)
        generator.skipShuffle(Int(line.spans[span].count))
      }
      for span in line.spans(ofCanonicalNode: node) {
        shiftMarks.append(generator.mark)
        _ = generator.integer(blockLengths)
        generator.skip64(Int(line.spans[span].count))
      }
    }
    self.generator = generator
  }

  /// Replaces ascending positions by the places that come to lie there.
  func locate(_ numbers: inout [UInt64], _ line: ShuffleLine) {
    var index = 0
    while index < numbers.count {
      let first = Int(numbers[index])
      let node = indexOfRange(containing: line.span(containing: first), starts: line.nodeStarts)
      let spans = line.spans(ofCanonicalNode: node)
      let nodePlaces = line.starts[spans.lowerBound]..<line.starts[spans.upperBound]
      // Positions that lie far from one another are looked for one after another.
      var next = index + 1
      while next < numbers.count, Int(numbers[next]) < nodePlaces.upperBound, Int(numbers[next] - numbers[next - 1]) <= max(4 * reach, 4096) { next += 1 }
      let positions = first..<Int(numbers[next - 1]) + 1
      let places = Window(self, line, spans: spans, node: nodePlaces, positions: positions).places()
      for index in index..<next { numbers[index] = UInt64(places[Int(numbers[index]) - first]) }
      index = next
    }
  }

  /// Finds what lies at consecutive positions of one canonical node: counts which samples come to lie in which interval of length 1, then looks only at those
  /// intervals that hold the positions.
  private struct Window {
    let shifts: ShiftedSpans
    let line: ShuffleLine
    /// All places of the canonical node.
    let node: Range<Int>
    /// The positions that are asked for, counted from the node's first, as everything below.
    let wanted: Range<Int>
    /// The intervals that can hold them.
    let intervals: Range<Int>
    /// The spans that can reach those intervals.
    let spans: Range<Int>

    init(_ shifts: ShiftedSpans, _ line: ShuffleLine, spans: Range<Int>, node: Range<Int>, positions: Range<Int>) {
      self.shifts = shifts
      self.line = line
      self.node = node
      wanted = positions.lowerBound - node.lowerBound..<positions.upperBound - node.lowerBound
      // The sample that comes to lie at position i does so in i - reach ... i + reach, and comes from at most `reach` further.
      intervals = max(0, wanted.lowerBound - shifts.reach - 1)..<min(node.count, wanted.upperBound + shifts.reach + 1)
      let firstPlace = node.lowerBound + max(0, intervals.lowerBound - shifts.reach - 1)
      let lastPlace = node.lowerBound + min(node.count, intervals.upperBound + shifts.reach + 1) - 1
      self.spans = line.span(containing: firstPlace)..<line.span(containing: lastPlace) + 1
    }

    func places() -> [Int] {
      // Samples before the first span come to lie before all intervals.
      var before = line.starts[spans.lowerBound] - node.lowerBound
      var counts = [UInt32](repeating: 0, count: intervals.count)
      for span in spans {
        forEachTarget(ofSpan: span) { _, target in
          let interval = Int(target)
          if interval < intervals.lowerBound { before += 1 } else if interval < intervals.upperBound { counts[interval - intervals.lowerBound] += 1 }
        }
      }
      // The intervals with the positions that are wanted, and the position that each begins at.
      var first = 0
      while before + Int(counts[first]) <= wanted.lowerBound {
        before += Int(counts[first])
        first += 1
      }
      var starts: [Int] = []
      var end = before
      var last = first
      while end < wanted.upperBound {
        starts.append(end)
        end += Int(counts[last])
        last += 1
      }
      starts.append(end)
      var found = [(target: Double, place: Int)](repeating: (0, 0), count: end - before)
      var filled = starts
      for span in spans {
        var shuffled: [Int] = []
        forEachTarget(ofSpan: span) { index, target in
          let interval = Int(target) - intervals.lowerBound
          guard interval >= first, interval < last else { return }
          if shuffled.isEmpty { shuffled = shuffledPlaces(ofSpan: span) }
          found[filled[interval - first] - before] = (target, shuffled[index])
          filled[interval - first] += 1
        }
      }
      for (start, end) in zip(starts, starts.dropFirst()) { Self.sort(&found, start - before..<end - before) }
      return wanted.map { found[$0 - before].place }
    }

    /// Calls `body` with every sample of a span, as its index there, and where it comes to lie.
    @inline(__always)
    private func forEachTarget(ofSpan span: Int, _ body: (Int, Double) -> Void) {
      let places = line.places(ofSpan: span)
      let offset = places.lowerBound - node.lowerBound
      var generator = shifts.generator.at(shifts.shiftMarks[span])
      // Half of what a block is longer than the span, so that a span's samples stay within a block, and within the canonical node.
      let distance = max(0, Double(generator.integer(shifts.blockLengths) - places.count) / 2)
      let low = max(-distance, Double(-offset))
      let high = min(distance, Double(node.count - offset - places.count))
      for index in 0..<places.count { body(index, Double(offset + index) + generator.uniform(low, high)) }
    }

    private func shuffledPlaces(ofSpan span: Int) -> [Int] {
      var places = Array(line.places(ofSpan: span))
      var generator = shifts.generator.at(shifts.shuffleMarks[span])
      generator.shuffle(&places)
      return places
    }

    /// By insertion: an interval holds a sample or two.
    private static func sort(_ found: inout [(target: Double, place: Int)], _ range: Range<Int>) {
      for index in range.dropFirst() {
        var hole = index
        let item = found[index]
        while hole > range.lowerBound, found[hole - 1].target > item.target {
          found[hole] = found[hole - 1]
          hole -= 1
        }
        found[hole] = item
      }
    }
  }
}
