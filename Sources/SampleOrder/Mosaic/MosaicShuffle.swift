// The shuffled order of one group's samples in one epoch, from which any part can be had without making the rest.

/// What the generator does is followed once from the epoch's begin to its end without writing any sample down, and its state remembered at every
/// piece that is shuffled for itself. A piece is shuffled when somebody asks for a sample of it. `naive` shuffles all samples as one piece, which is kept.
struct MosaicShuffle: Sendable {
  let units: ShuffleUnits
  let line: ShuffleLine
  let method: Method

  enum Method: Sendable {
    /// The whole order: sample by position.
    case whole([Int])
    /// Every span is shuffled for itself, from its mark on; `unitMarks` (of `py2s`): every unit was before.
    case spans(marks: [NumPyGenerator.Mark], generator: NumPyGenerator, unitMarks: [NumPyGenerator.Mark]?, unitGenerator: NumPyGenerator)
    case blocks(ShuffleBlocks)
    case shifts(ShiftedSpans)
  }

  init(_ algorithm: MosaicAlgorithm, _ units: ShuffleUnits, canonicalNodeCount: Int, seed: UInt64, epoch: Int, blockSampleCount: Int) {
    self.units = units
    var run = NumPyGenerator(seed: UInt128(seed))
    var generator = NumPyGenerator(seed: UInt128(seed) + UInt128(epoch))
    if algorithm == .naive {
      line = ShuffleLine(stored: units)
      method = .whole(generator.permutation(units.sampleCount))
      return
    }
    var unitOrder = (0..<units.unitCount).map { UInt32($0) }
    run.shuffle(&unitOrder)
    let unitMarks = algorithm == .py2s ? Self.markUnits(units, unitOrder, &run) : nil
    var line = ShuffleLine(units, unitOrder: unitOrder, canonicalNodeCount: canonicalNodeCount)
    if let unitMarks {
      // A canonical node's spans are shuffled, then the samples of each, before the next node's.
      var marks: [NumPyGenerator.Mark] = []
      for node in 0..<canonicalNodeCount {
        line.shuffle(canonicalNode: node, generator: &generator)
        for span in line.spans(ofCanonicalNode: node) {
          marks.append(generator.mark)
          generator.skipShuffle(Int(line.spans[span].count))
        }
      }
      line.learnStarts()
      method = .spans(marks: marks, generator: generator, unitMarks: unitMarks, unitGenerator: run)
    } else {
      for node in 0..<canonicalNodeCount { line.shuffle(canonicalNode: node, generator: &generator) }
      line.learnStarts()
      switch algorithm {
      case .py1br: method = .blocks(ShuffleBlocks(line, blockSampleCount: blockSampleCount, generator: generator))
      case .py1e: method = .shifts(ShiftedSpans(line, blockSampleCount: blockSampleCount, generator: generator))
      case .py1s, .py2s, .naive:
        var marks: [NumPyGenerator.Mark] = []
        marks.reserveCapacity(line.spans.count)
        for span in line.spans {
          marks.append(generator.mark)
          generator.skipShuffle(Int(span.count))
        }
        method = .spans(marks: marks, generator: generator, unitMarks: nil, unitGenerator: run)
      }
    }
    self.line = line
  }

  /// Where the samples of each unit are shuffled for the whole run.
  private static func markUnits(_ units: ShuffleUnits, _ order: [UInt32], _ generator: inout NumPyGenerator) -> [NumPyGenerator.Mark] {
    var marks = [NumPyGenerator.Mark](repeating: generator.mark, count: order.count)
    for unit in order {
      marks[Int(unit)] = generator.mark
      generator.skipShuffle(Int(units.counts[Int(unit)]))
    }
    return marks
  }

  // MARK: - Samples

  /// Replaces positions of the shuffled order by where their samples are stored: the shard times 2^32, plus the row.
  func locate(_ positions: inout TaggedNumbers, table: ShardTable) {
    positions.sort()
    switch method {
    case .whole(let order): for index in positions.numbers.indices { positions.numbers[index] = UInt64(order[Int(positions.numbers[index])]) }
    case .spans(let marks, let generator, _, _):
      forEachRange(&positions.numbers, line.starts) { span, places in
        var shuffled = Array(places)
        var generator = generator.at(marks[span])
        generator.shuffle(&shuffled)
        return shuffled
      }
    case .blocks(let blocks): forEachRange(&positions.numbers, blocks.starts) { block, places in blocks.shuffled(block, places) }
    case .shifts(let shifts): shifts.locate(&positions.numbers, line)
    }
    positions.sort()
    locatePlaces(&positions, table)
  }

  /// Replaces ascending numbers by what stands there in their range, which `values` gives.
  private func forEachRange(_ numbers: inout [UInt64], _ starts: [Int], _ values: (Int, Range<Int>) -> [Int]) {
    var index = 0
    while index < numbers.count {
      let range = indexOfRange(containing: Int(numbers[index]), starts: starts)
      let bounds = starts[range]..<starts[range + 1]
      let found = values(range, bounds)
      while index < numbers.count, Int(numbers[index]) < bounds.upperBound {
        numbers[index] = UInt64(found[Int(numbers[index]) - bounds.lowerBound])
        index += 1
      }
    }
  }

  /// Replaces ascending places by shards and rows.
  private func locatePlaces(_ places: inout TaggedNumbers, _ table: ShardTable) {
    var index = 0
    while index < places.count {
      let span = line.span(containing: Int(places.numbers[index]))
      let bounds = line.places(ofSpan: span)
      let unit = Int(line.spans[span].unit)
      let offset = Int(line.spans[span].offset)
      let order = unitOrder(unit)
      let subset = units.subset(ofUnit: unit, table: table)
      let shard = UInt64(units.shards[unit]) << 32
      while index < places.count, Int(places.numbers[index]) < bounds.upperBound {
        var row = offset + Int(places.numbers[index]) - bounds.lowerBound
        if let order { row = order[row] }
        if let subset { row = subset[row] }
        places.numbers[index] = shard | UInt64(row)
        index += 1
      }
    }
  }

  /// The unit's samples as the run has shuffled them; nil where it has not.
  private func unitOrder(_ unit: Int) -> [Int]? {
    guard case .spans(_, _, let unitMarks?, let generator) = method else { return nil }
    var own = generator.at(unitMarks[unit])
    return own.permutation(Int(units.counts[unit]))
  }
}
