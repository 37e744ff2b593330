// Every shard decoded, every hash compared: `epochfs check --deep`.

internal import BatchCache
internal import Platform
internal import SampleOrder
public import ShardStore

public enum DeepCheck {
  /// Checks every shard of every source, on as many threads as the plan has and its cap allows.
  ///
  /// - Parameter progress: told how many shards are done, on any of the threads.
  /// - Returns: what is wrong, in the order of sources and shards.
  public static func run(_ plan: MountPlan, progress: @escaping @Sendable (Int) -> Void) -> [ShardError] {
    let work = Lock(Work(sources: plan.sources))
    let demand = plan.sources.reduce(DecodeDemand(inputByteCount: 0, outputByteCount: 0)) { $0.union($1.largestDemand(columns: [0])) }
    let budget = MemoryBudget(capByteCount: max(plan.capByteCount, demand.byteCount + 2 * Page.byteCount))
    let check: @Sendable (DecodeWorkspace) -> Void = { workspace in
      while let (source, shard, ordinal) = work.withLock({ $0.next() }) {
        var failure: ShardError?
        do throws(ShardError) { try source.check(shard: shard, with: workspace) } catch { failure = error }
        let done = work.withLock { work in
          if let failure { work.errors.append((ordinal, failure)) }
          work.doneCount += 1
          return work.doneCount
        }
        progress(done)
      }
    }
    // This thread takes its memory first and works too, so that all is done however many others can be started, and have room.
    guard let workspace = DecodeWorkspace(demand: demand, budget: budget) else {
      return plan.sources.map { source in
        ShardError(
          source: source.name, path: source.path(ofShard: 0),
          message: "decoding a shard takes \(ByteCount.text(demand.byteCount)), which this machine has no memory for; nothing was checked")
      }
    }
    let threads = (1..<max(1, plan.threadCount)).compactMap { number in
      try? Thread(name: "epochfs-check\(number)") { if let workspace = DecodeWorkspace(demand: demand, budget: budget) { check(workspace) } }
    }
    check(workspace)
    for thread in threads { thread.join() }
    return work.withLock { $0.errors.sorted { $0.ordinal < $1.ordinal }.map(\.error) }
  }

  private struct Work: Sendable {
    let sources: [any ShardSource]
    var source = 0
    var shard = 0
    var ordinal = 0
    var doneCount = 0
    var errors: [(ordinal: Int, error: ShardError)] = []

    init(sources: [any ShardSource]) { self.sources = sources }

    mutating func next() -> (any ShardSource, shard: Int, ordinal: Int)? {
      while source < sources.count, shard >= sources[source].shards.shardCount {
        source += 1
        shard = 0
      }
      guard source < sources.count else { return nil }
      defer {
        shard += 1
        ordinal += 1
      }
      return (sources[source], shard, ordinal)
    }
  }
}
