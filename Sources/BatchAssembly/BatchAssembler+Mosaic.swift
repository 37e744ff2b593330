// What the orders of mosaicml-streaming need besides: memory for an epoch's tables, and the list of a pass's rows.

internal import BatchCache
internal import Platform
internal import SampleOrder
internal import ShardStore

extension BatchAssembler {
  /// Sets memory aside for the tables of an epoch's order. Called with the lock held.
  func reserveTables(_ folder: FolderKey, _ sacrifice: Sacrifice, _ state: inout AssemblerState) -> Bool {
    guard let plan = views[folder.view].order.mosaic else { return false }
    let byteCount = plan.tableByteCount + plan.resamplingByteCount
    if case .anything = sacrifice, budget.availableByteCount < byteCount { _ = state.dropIdleTables(except: folder) }
    makeRoom(for: byteCount, sacrifice, &state)
    guard let charge = SharedCharge(byteCount: byteCount, budget: budget) else { return false }
    state.ordersInMaking[folder] = charge
    return true
  }

  /// Makes the order of an epoch. Takes long where it is a mosaic order of many samples; called without the lock.
  func makeOrder(_ folder: FolderKey) {
    let view = views[folder.view]
    guard let plan = view.order.mosaic else {
      let order = FolderOrder.blocks(view.epochOrder(folder.epoch))
      return state.withLock { $0.remember(order, for: folder) }
    }
    guard let charge = state.withLock({ $0.ordersInMaking[folder] }), let world = view.worlds?[folder.worldSize] else { return }
    let epoch = MosaicEpoch(plan, table: view.source.shards, world: world, epoch: folder.epoch)
    let order = MosaicOrder(
      epoch: epoch, numbering: view.numbering(worldSize: folder.worldSize), batchesPerBlock: batchesPerBlock(view, worldSize: folder.worldSize), charge: charge)
    state.withLock { state in
      state.ordersInMaking[folder] = nil
      state.remember(.mosaic(order), for: folder)
    }
    // Others may list and decode meanwhile.
    wakeup.broadcast()
  }

  /// Lists the rows of a pass; called without the lock.
  func list(_ pass: BlockPass, _ order: MosaicOrder) {
    let first = pass.targets.firstOrdinal
    let ordinals = (0..<pass.targets.denseCount).filter(pass.targets.isFilled).map { first + $0 }
    let rows = order.epoch.rows(ofOrdinals: ordinals, first: first)
    // The shards of the first batches come first, so that those are ready first.
    var firstSlots: [UInt32] = []
    for index in rows.shards.indices { firstSlots.append(rows.slots[rows.range(ofShardAt: index)].min() ?? 0) }
    let lines = rows.shards.indices.sorted { firstSlots[$0] > firstSlots[$1] }
    state.withLock { state in
      pass.rows = .listed(order, rows)
      pass.inFlightCount -= 1
      pass.remainingLines = pass.hasLiveTargets ? lines : []
      if pass.isDone { end(pass, &state) }
    }
    wakeup.broadcast()
  }

  /// How many batches one pass fills: as many as are mixed with each other, where memory goes that far with room for as many to come, and whole rounds of all ranks.
  private func batchesPerBlock(_ view: ViewPlan, worldSize: Int) -> Int {
    guard let plan = view.order.mosaic else { return 1 }
    let batchSize = view.numbering.batchSize
    let rows = min(plan.naturalBlockSampleCount, Self.listedRowLimit, max(1, budget.capByteCount / Self.listPart / plan.planningByteCountPerSlot))
    let charge = view.chargedByteCount(rowCount: batchSize, inMemoryFile: true)
    let count = max(1, min(rows / batchSize, spareByteCount / 3 / max(1, charge)))
    return count > worldSize ? count - count % worldSize : count
  }

  private static let listedRowLimit = 1 << 20
  /// The list of a pass's rows takes no more than this part of the cap.
  private static let listPart = 16
}

extension PassRows {
  /// The first row of a shard that a pass needs.
  func firstRow(atLine line: Int, block: Int) -> Int {
    guard case .places(let order, _) = self else { return 0 }
    return max(0, order.positions(ofBlock: block).lowerBound - order.places(ofLineShard: line).lowerBound)
  }
}
