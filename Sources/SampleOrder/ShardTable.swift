// Which samples each stored shard holds: prefix sums of the sample counts.

/// The sample counts of all shards, in stored order. Eight bytes a shard; a value that is cheap to copy.
public struct ShardTable: Sendable {
  /// `starts[s]` is the number of samples before the shard `s`; the last entry is the number of all samples.
  let starts: [Int]

  /// - Throws: `.negativeSampleCount`, `.tooManySamples`.
  public init(_ sampleCounts: [Int]) throws(OrderError) {
    starts = try Self.sums(count: sampleCounts.count) { sampleCounts[$0] }
  }

  /// - Throws: `.tooManySamples`.
  public init(_ sampleCounts: [UInt32]) throws(OrderError) {
    starts = try Self.sums(count: sampleCounts.count) { Int(sampleCounts[$0]) }
  }

  /// The shards of several tables, one table after another.
  /// - Throws: `.tooManySamples`.
  public static func joining(_ tables: [ShardTable]) throws(OrderError) -> ShardTable {
    if tables.count == 1 { return tables[0] }
    var counts: [Int] = []
    counts.reserveCapacity(tables.reduce(0) { $0 + $1.shardCount })
    for table in tables {
      for shard in 0..<table.shardCount { counts.append(table.count(of: shard)) }
    }
    return try ShardTable(counts)
  }

  private static func sums(count: Int, _ sampleCount: (Int) -> Int) throws(OrderError) -> [Int] {
    var starts: [Int] = []
    starts.reserveCapacity(count + 1)
    starts.append(0)
    var total = 0
    for shard in 0..<count {
      let found = sampleCount(shard)
      guard found >= 0 else { throw .negativeSampleCount(shard: shard, found: found) }
      let (sum, overflow) = total.addingReportingOverflow(found)
      guard !overflow else { throw .tooManySamples(shard: shard) }
      total = sum
      starts.append(sum)
    }
    return starts
  }

  public var shardCount: Int { starts.count - 1 }

  /// The number of samples of all shards.
  public var sampleCount: Int { starts[starts.count - 1] }

  /// The number of samples of the shard `shard`, in `0..<shardCount`.
  public func count(of shard: Int) -> Int { starts[shard + 1] - starts[shard] }

  /// The number of samples stored before the shard `shard`, in `0...shardCount`.
  public func start(of shard: Int) -> Int { starts[shard] }

  /// The shard that holds the stored sample `sample`, in `0..<sampleCount`, and its row there.
  public func location(ofSample sample: Int) -> SampleLocation {
    precondition(sample >= 0 && sample < sampleCount, "sample \(sample) of \(sampleCount)")
    let shard = indexOfRange(containing: sample, starts: starts)
    return SampleLocation(shard: shard, row: sample - starts[shard])
  }

  /// What a table of so many shards weighs.
  public static func byteCount(shardCount: Int) -> Int { (shardCount + 1) * MemoryLayout<Int>.stride }
}

/// Where a sample is stored.
public struct SampleLocation: Sendable, Hashable {
  /// The stored ordinal of the shard.
  public var shard: Int
  /// The sample's ordinal in its shard.
  public var row: Int

  public init(shard: Int, row: Int) {
    self.shard = shard
    self.row = row
  }
}
