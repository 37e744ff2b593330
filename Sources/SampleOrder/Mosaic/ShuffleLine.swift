// The units of an epoch in the order that the seed gives them, cut at the ends of canonical nodes, and shuffled there for the epoch.

/// A piece of one canonical node: consecutive samples of one unit.
struct ShuffleSpan: Sendable {
  let unit: UInt32
  /// The first of its samples in the unit (for `py2s`: in the unit as the seed has shuffled it), and how many they are.
  let offset: UInt32
  let count: UInt32
}

/// Spans end to end. Their samples are *places* 0 ..< sampleCount; an algorithm shuffles places.
struct ShuffleLine: Sendable {
  private(set) var spans: [ShuffleSpan] = []
  /// `starts[k]` is the first place of span k; one more for the end.
  private(set) var starts: [Int] = []
  /// `nodeStarts[c]` is the first span of canonical node c; one more for the end.
  private(set) var nodeStarts: [Int] = [0]

  /// The units as they are, for `naive`.
  init(stored units: ShuffleUnits) {
    spans = units.counts.indices.map { ShuffleSpan(unit: UInt32($0), offset: 0, count: units.counts[$0]) }
    nodeStarts.append(spans.count)
    learnStarts()
  }

  /// The units in the order of `unitOrder`, cut so that canonical node c ends at place sampleCount * (c + 1) / canonicalNodeCount.
  init(_ units: ShuffleUnits, unitOrder: [UInt32], canonicalNodeCount: Int) {
    spans.reserveCapacity(unitOrder.count + canonicalNodeCount)
    var place = 0
    var canonicalNode = 0
    func end() -> Int { units.sampleCount * (canonicalNode + 1) / canonicalNodeCount }
    for unit in unitOrder {
      let count = Int(units.counts[Int(unit)])
      var taken = 0
      while taken < count {
        while end() == place {
          nodeStarts.append(spans.count)
          canonicalNode += 1
        }
        let part = min(count - taken, end() - place)
        spans.append(ShuffleSpan(unit: unit, offset: UInt32(taken), count: UInt32(part)))
        taken += part
        place += part
      }
    }
    while nodeStarts.count <= canonicalNodeCount { nodeStarts.append(spans.count) }
  }

  /// Shuffles the spans of one canonical node; afterwards `learnStarts`.
  mutating func shuffle(canonicalNode: Int, generator: inout NumPyGenerator) {
    generator.shuffle(&spans, nodeStarts[canonicalNode]..<nodeStarts[canonicalNode + 1])
  }

  mutating func learnStarts() {
    starts = [0]
    starts.reserveCapacity(spans.count + 1)
    for span in spans { starts.append(starts[starts.count - 1] + Int(span.count)) }
  }

  var canonicalNodeCount: Int { nodeStarts.count - 1 }
  func spans(ofCanonicalNode node: Int) -> Range<Int> { nodeStarts[node]..<nodeStarts[node + 1] }
  func places(ofSpan span: Int) -> Range<Int> { starts[span]..<starts[span + 1] }
  func span(containing place: Int) -> Int { indexOfRange(containing: place, starts: starts) }
}
