// The sources of a mix, and how many samples an epoch takes from each (`Stream.apply_weights`).

/// How much of a stream is used; a stream without a weight is used once.
public enum StreamWeight: Sendable, Equatable {
  /// A share of the epoch, relative to the other streams' shares; above 0.
  case proportion(Double)
  /// Above 0.
  case `repeat`(Double)
  /// Samples.
  case choose(Int)
}

/// One source of a mix: consecutive shards of the table.
public struct MosaicStream: Sendable, Equatable {
  public let shards: Range<Int>
  /// The samples that are stored.
  public let storedSampleCount: Int
  /// The samples that an epoch takes of it, repeated ones included.
  public let chosenSampleCount: Int
  /// Its share of the epoch.
  public let proportion: Double
}

extension MosaicStream {
  /// Derives what an epoch takes of every stream.
  ///
  /// - Parameter streams: shards, stored samples and weight of each; at least one.
  /// - Throws: what the library refuses: weights of different kinds, an epoch size beside absolute weights; and streams without samples in a mix.
  static func resolve(
    _ streams: [(shards: Range<Int>, storedSampleCount: Int, weight: StreamWeight?)], epochSampleCount: Int?, seed: UInt64
  ) throws(MosaicError) -> [MosaicStream] {
    let stored = streams.map(\.storedSampleCount)
    let isWeighted = streams.contains { $0.weight != nil } || epochSampleCount != nil
    if isWeighted, let empty = stored.firstIndex(of: 0) { throw MosaicError(.stream(empty), "has no samples, and cannot be weighted or resampled") }
    let proportions = streams.compactMap { if case .proportion(let share) = $0.weight { share } else { nil } }
    guard proportions.isEmpty || proportions.count == streams.count else {
      let odd = streams.firstIndex { if case .proportion = $0.weight { false } else { true } } ?? 0
      throw MosaicError(.stream(odd), "has no proportion, and others have: give all of the list a proportion, or none")
    }

    let chosen: [Int]
    let shares: [Double]
    if !proportions.isEmpty || (epochSampleCount != nil && streams.allSatisfy { $0.weight == nil }) {
      let total = epochSampleCount ?? stored.reduce(0, +)
      let relative = proportions.isEmpty ? stored.map(Double.init) : proportions
      let sum = numPySum(relative[...])
      shares = relative.map { $0 / sum }
      chosen = try divide(total, shares, seed: seed)
    } else {
      if epochSampleCount != nil { throw MosaicError(.epochSize, "is not allowed beside repeat and choose, which say how many samples an epoch has") }
      chosen = try streams.enumerated().map { (index, stream) throws(MosaicError) in
        switch stream.weight {
        case .repeat(let times):
          guard let count = Int(exactly: (times * Double(stream.storedSampleCount)).rounded(.towardZero)) else {
            throw MosaicError(.stream(index), "repeat gives more samples than can be counted")
          }
          return count
        case .choose(let count): return count
        case .proportion, nil: return stream.storedSampleCount
        }
      }
      let total = try sum(chosen)
      shares = chosen.map { Double($0) / Double(total) }
    }
    _ = try sum(chosen)
    return streams.indices.map {
      MosaicStream(shards: streams[$0].shards, storedSampleCount: stored[$0], chosenSampleCount: chosen[$0], proportion: shares[$0])
    }
  }

  /// Rounded down; the samples that are missing then go to streams by lot.
  private static func divide(_ total: Int, _ shares: [Double], seed: UInt64) throws(MosaicError) -> [Int] {
    var counts: [Int] = []
    for share in shares {
      // Clamped: a share of 1 may be above it by a rounding error, and 2^63 is no Int.
      counts.append(Int(exactly: min(Double(total) * share, 0x1p62).rounded(.towardZero)) ?? 0)
    }
    let shortfall = total - (try sum(counts))
    guard shortfall >= 0, shortfall <= shares.count else {
      throw MosaicError(.epochSize, "\(total) samples are too many to be divided by shares in floating point")
    }
    var generator = NumPyGenerator(seed: UInt128(seed))
    for stream in generator.choice(shares.count, shortfall) { counts[stream] += 1 }
    return counts
  }

  private static func sum(_ counts: [Int]) throws(MosaicError) -> Int {
    var total = 0
    for (stream, count) in counts.enumerated() {
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow, sum <= MosaicPlan.sampleLimit else {
        throw MosaicError(.stream(stream), "an epoch would have more than \(MosaicPlan.sampleLimit) samples")
      }
      total = sum
    }
    return total
  }
}
