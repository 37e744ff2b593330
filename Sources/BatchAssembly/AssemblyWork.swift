// All that an assembler has to serve, and the memory that takes.

internal import NumPyFormat
internal import SampleOrder
public import ShardStore

/// The plans of a mount's batches and arrays, by their ordinals.
public struct AssemblyWork: Sendable {
  public let views: [ViewPlan]
  public let arrays: [ArraysPlan]
  /// What one decoding thread needs for any shard of any view, and for any piece of any array.
  public let demand: DecodeDemand
  /// What the largest batch is charged with, in memory files or not, or the largest piece of a column, with a reply made from it.
  private let largestResultByteCount: Int
  /// What the largest order of mosaicml-streaming needs at once: its tables, and the list of one batch.
  public let orderByteCount: Int

  public init(views: [ViewPlan], arrays: [ArraysPlan] = []) {
    self.views = views
    self.arrays = arrays
    var demand = DecodeDemand(inputByteCount: 0, outputByteCount: 0)
    var largest = 0
    for view in views {
      demand = demand.union(view.decodeDemand)
      let pieces = view.values?.largestPiecesByteCount ?? 0
      for inMemoryFile in [true, false] {
        largest = max(largest, view.chargedByteCount(rowCount: view.numbering.batchSize, inMemoryFile: inMemoryFile) + pieces)
      }
    }
    for plan in arrays {
      for column in plan.readableColumns {
        demand = demand.union(plan.source.pieceDemand(ofColumn: column))
        largest = max(largest, plan.source.largestPieceByteCount(ofColumn: column) + ArrayRead.longestByteCount)
      }
    }
    self.demand = demand
    largestResultByteCount = largest
    orderByteCount =
      views.map { view in
        view.order.mosaic.map { min(1 << 60, $0.tableByteCount + $0.resamplingByteCount + $0.planningByteCount(slotCount: view.numbering.batchSize)) } ?? 0
      }.max() ?? 0
  }

  /// The memory without which nothing works: one shard being decoded and the largest batch.
  public var leastByteCount: Int { demand.chargedByteCount + demand.temporaryByteCount + largestResultByteCount + orderByteCount }

  /// What the decoding threads keep for themselves.
  public func workingByteCount(threadCount: Int, capByteCount: Int) -> Int {
    demand.chargedByteCount * workerCount(threadCount: threadCount, capByteCount: capByteCount)
  }

  /// As many as leave half of the cap, and the largest batch, to what is made.
  func workerCount(threadCount: Int, capByteCount: Int) -> Int {
    let free = min(capByteCount / 2, capByteCount - largestResultByteCount - orderByteCount)
    return min(threadCount, max(1, free / (demand.chargedByteCount + min(demand.temporaryByteCount, capByteCount))))
  }
}
