// What is prepared before anybody waits for it.

internal import BatchCache
internal import Platform
internal import SampleOrder
internal import Synchronization

extension BatchAssembler {
  /// Prepares the next block of a stream that is read in order, where it fits beside what is still to be read. Answers with an epoch whose order is not known.
  func startPrefetch(_ state: inout AssemblerState) -> FolderKey? {
    let now = MonotonicClock.nanoseconds
    for (folder, stream) in state.streams where stream.isInOrder && stream.isAlive(at: now) {
      guard let order = state.orders[folder] else {
        // More epochs are read than orders are kept: for the others nothing is prepared until somebody waits.
        guard state.orders.count < AssemblerState.orderLimit else { continue }
        guard views[folder.view].worlds == nil || state.ordersInMaking[folder] == nil && reserveTables(folder, .nothing, &state) else { continue }
        return folder
      }
      let numbering = views[folder.view].numbering(worldSize: folder.worldSize)
      guard stream.frontier < numbering.batchCount else { continue }
      let current = order.block(containing: stream.frontier * numbering.batchSize)
      // Blocks without samples are passed over.
      let next = order.positions(ofBlock: min(order.blockCount, max(current + 1, stream.nextPrefetchBlock)) - 1).upperBound
      guard next < order.positionCount else { continue }
      let block = order.block(containing: next)
      guard !state.isFilling(block, of: folder) else { continue }
      let view = views[folder.view]
      let batches = numbering.batches(overlapping: order.positions(ofBlock: block))
      let ahead =
        numbering.batches(overlapping: order.positions(ofBlock: current).lowerBound..<order.positions(ofBlock: block).upperBound).count
        - (stream.frontier - numbering.batches(overlapping: order.positions(ofBlock: current)).lowerBound)
      let charge = view.chargedByteCount(rowCount: view.numbering.batchSize, inMemoryFile: usesMemoryFiles.load(ordering: .relaxed))
      guard batches.count <= (budget.availableByteCount + state.consumedByteCount) / charge,
        next == order.positions(ofBlock: current).upperBound || ahead <= budget.capByteCount / 2 / charge
      else { continue }
      startPass(folder: folder, order: order, block: block, demanded: nil, &state)
      state.streams[folder]?.nextPrefetchBlock = block + 1
      return nil
    }
    return nil
  }
}
