// Which pass comes next, and which batches it fills: demand first, then what the readers will want soon.

internal import BatchCache
internal import Platform
internal import SampleOrder
internal import ShardStore
internal import Synchronization

/// What a worker is told to do.
enum WorkItem {
  /// Scatter one shard into the batches of a pass; `retained` holds it where it is decoded already, `upcoming` comes next.
  case shard(BlockPass, line: Int, retained: DecodedShard?, upcoming: Int?)
  /// Compute the order of an epoch, outside the lock.
  case order(FolderKey)
  /// List the rows of a pass, outside the lock.
  case list(BlockPass, MosaicOrder)
  /// Make the targets of a draft that has its batches, outside the lock, and begin its pass.
  case targets(PassDraft)
  /// Look again, after others had the lock.
  case again
  /// Tell readers that there will be no memory for what they wait for, outside the lock.
  case refuse([(BatchEntry.Waiter, BatchError)])
  /// Decode a piece of a column; `isDemanded`: somebody waits for it.
  case piece(PieceKey, isDemanded: Bool)
  /// Let a read of a column on that waited for memory; `isLastTry`: or fail it.
  case resume(ArrayRead, isLastTry: Bool)
  /// Nothing to do; `isBlocked`: somebody waits for memory.
  case idle(isBlocked: Bool)
}

extension BatchAssembler {
  /// The most urgent work there is. Called with the lock held.
  func nextWork(_ state: inout AssemblerState) -> WorkItem {
    endPrecedence(&state)
    var isBlocked = state.precedence != nil
    if !state.refusals.isEmpty {
      defer { state.refusals = [] }
      return .refuse(state.refusals)
    }
    // A few batches at a time, so that nobody who asks for one waits long for the lock.
    if let draft = state.drafts.first(where: { !$0.isComplete }) {
      // Who fills other batches beside its own leaves them to those who lack memory.
      draft.isComplete = state.precedence != nil || !extend(draft, &state)
      return draft.isComplete ? .targets(draft) : .again
    }
    if !state.demands.isEmpty {
      switch startDemandedPasses(&state) {
      case .needsOrder(let folder): return .order(folder)
      case .blocked: isBlocked = true
      case .done: break
      }
      if !state.refusals.isEmpty || state.drafts.contains(where: { !$0.isComplete }) { return .again }
    }
    // Who waits for batches and who waits for arrays are served in turn.
    state.isArraysTurn.toggle()
    if let item = takeStalledRead(&state, isBlocked: &isBlocked) { return item }
    if state.isArraysTurn, let item = takeDemandedPiece(&state, isBlocked: &isBlocked) { return item }
    if let item = takeListing(&state, demanded: true) ?? takeShard(&state, demanded: true) { return item }
    if !state.isArraysTurn, let item = takeDemandedPiece(&state, isBlocked: &isBlocked) { return item }
    if let item = takeListing(&state, demanded: false) ?? takeShard(&state, demanded: false) { return item }
    if !isBlocked, let item = takePrefetchedPiece(&state) { return item }
    if !isBlocked, let folder = startPrefetch(&state) { return .order(folder) }
    if state.drafts.contains(where: { !$0.isComplete }) { return .again }
    if let item = takeListing(&state, demanded: false) ?? takeShard(&state, demanded: false) { return item }
    return .idle(isBlocked: isBlocked)
  }

  private func takeListing(_ state: inout AssemblerState, demanded: Bool) -> WorkItem? {
    for pass in state.passes where pass.awaitsListing && pass.isDemanded == demanded {
      guard case .unlisted(let order) = pass.rows else { continue }
      pass.awaitsListing = false
      pass.inFlightCount += 1
      return .list(pass, order)
    }
    return nil
  }

  private func takeShard(_ state: inout AssemblerState, demanded: Bool) -> WorkItem? {
    for pass in state.passes where pass.isDemanded == demanded && pass.admitsShard {
      for index in pass.remainingLines.indices.reversed() {
        let line = pass.remainingLines[index]
        let key = ShardKey(view: pass.folder.view, shard: pass.rows.shard(atLine: line))
        if state.decoding.contains(key) { continue }
        pass.remainingLines.remove(at: index)
        pass.inFlightCount += 1
        state.decoding.insert(key)
        let firstRow = pass.rows.firstRow(atLine: line, block: pass.block)
        let retained = state.retained.first { $0.holds(firstRow, of: key.shard, for: pass.folder) }
        return .shard(pass, line: line, retained: retained?.rows, upcoming: pass.remainingLines.last)
      }
    }
    return nil
  }

  private enum DemandOutcome {
    case done
    case blocked
    case needsOrder(FolderKey)
  }

  /// Starts a pass for every block that somebody waits for, as far as memory goes.
  private func startDemandedPasses(_ state: inout AssemblerState) -> DemandOutcome {
    let now = MonotonicClock.nanoseconds
    var isBlocked = false
    var waiting: [BatchKey] = []
    demands: for key in state.demands {
      guard let entry = state.entries[key], entry.batch == nil, entry.unscheduledBlocks?.isEmpty != true else { continue }
      guard mayBegin(entry, state), now >= entry.pauseNanoseconds else {
        isBlocked = true
        waiting.append(key)
        continue
      }
      guard let order = state.orders[key.folder] else {
        if views[key.folder.view].worlds != nil {
          // Its tables need memory, and making them takes long: one worker does.
          if state.ordersInMaking[key.folder] == nil {
            // Now or soon; or again, where others dropped it before it was used.
            noteShortage(entry, &state, now)
            if reserveTables(key.folder, .anything, &state) { return .needsOrder(key.folder) }
            isBlocked = true
          }
          waiting.append(key)
          continue
        }
        // Who has an order and no memory comes first: if more epochs were asked for than orders are kept, theirs would push each other out for ever.
        if !isBlocked { return .needsOrder(key.folder) }
        waiting.append(key)
        continue
      }
      for block in entry.learnBlocks(from: order) {
        if state.isFilling(block, of: key.folder) {
          // By a pass that was begun without it, perhaps for nobody: it can be had as soon as that one has ended.
          state.raise(block, of: key.folder)
          continue
        }
        // One after another where memory lacked: each decodes shards.
        if entry.shortageCount > 0, entry.passCount > 0 { continue }
        if startPass(folder: key.folder, order: order, block: block, demanded: entry, &state)
          || state.dropIdleTables(except: key.folder) && startPass(folder: key.folder, order: order, block: block, demanded: entry, &state)
        {
          entry.blockedSinceNanoseconds = nil
          if hasAllMemory(entry) { takePrecedence(from: entry, &state) }
        } else if let error = givesUp(entry, &state) {
          state.refusals += entry.waiters.map { ($0, error) }
          entry.waiters = []
          drop(entry, &state)
          continue demands
        } else {
          isBlocked = true
          // What readers hold does not come back for being waited for.
          if entry.blockedSinceNanoseconds == nil { noteShortage(entry, &state, now) } else { takePrecedence(from: entry, &state) }
        }
      }
      if entry.unscheduledBlocks?.isEmpty == false { waiting.append(key) }
    }
    state.demands = waiting
    return isBlocked ? .blocked : .done
  }

  /// Begins to fill `block`: for `demanded`, whose memory may take the place of anything, and for the block's other batches where there is room beside what is
  /// still expected to be read; but not where the reader jumped there and they would cost more, since their rows need not be decoded for those of `demanded`. Answers false where there is no memory for `demanded`.
  @discardableResult
  func startPass(folder: FolderKey, order: FolderOrder, block: Int, demanded: BatchEntry?, _ state: inout AssemblerState) -> Bool {
    let view = views[folder.view]
    let positions = order.positions(ofBlock: block)
    let numbering = view.numbering(worldSize: folder.worldSize)
    let batches = numbering.batches(overlapping: positions)
    // Released where the pass does not begin.
    var listCharge: SharedCharge?
    if case .mosaic(let order) = order {
      let byteCount = order.epoch.plan.planningByteCount(slotCount: batches.count * numbering.batchSize)
      makeRoom(for: byteCount, demanded == nil ? .nothing : .anything, &state)
      guard let charge = SharedCharge(byteCount: byteCount, budget: budget) else { return false }
      listCharge = charge
    }
    if let demanded, demanded.buffers.isEmpty {
      // What lacked memory while others took some is filled when nobody else is.
      if demanded.shortageCount > 0 {
        guard state.isQuiet, !state.hasBegun(anyBut: demanded) else { return false }
        state.precedence = demanded
      }
      // While others are being filled, what reading their pages takes must not be taken from them; when they are done this one's turn comes.
      let needed = view.chargedByteCount(rowCount: demanded.rowCount, inMemoryFile: usesMemoryFiles.load(ordering: .relaxed)) + readingByteCount
      makeRoom(for: needed, .anything, &state)
      if budget.availableByteCount < needed, !state.isQuiet { return false }
      if !allocate(demanded, view, .anything, &state) { return false }
    }

    let isAlone = demanded.map { isFilledAlone($0, order, view, state) } ?? false
    let limit = isAlone ? 1 : companionLimit.load(ordering: .relaxed)
    let fullCharge = view.chargedByteCount(rowCount: view.numbering.batchSize, inMemoryFile: usesMemoryFiles.load(ordering: .relaxed))
    makeRoom(for: min(batches.count, limit) * fullCharge + readingByteCount, .expectedLater, &state)
    let first = demanded.map { $0.key.isWrapped ? batches.lowerBound : $0.key.ordinal } ?? batches.lowerBound
    let start = max(batches.lowerBound, min(first, batches.upperBound - limit))
    let window = start..<min(batches.upperBound, start + limit)
    let draft = PassDraft(folder: folder, order: order, block: block, window: window, first: max(first, window.lowerBound), isDemanded: demanded != nil)
    draft.listCharge = listCharge
    if let demanded { _ = take(demanded, draft, &state) }
    for key in state.demands where key.folder == folder {
      if let entry = state.entries[key], entry !== demanded, !take(entry, draft, &state) { break }
    }
    if extend(draft, &state) { state.drafts.append(draft) } else { begin(draft, targets(of: draft), &state) }
    return true
  }

  /// Whether a pass for `entry` fills no other batch: where its reader jumped there, and the others would cost more, since their rows need not be decoded for its own; and
  /// where there was not memory enough to fill more, or another batch lacks it. A batch beside it that is there or wanted says that somebody reads on, in whichever direction.
  private func isFilledAlone(_ entry: BatchEntry, _ order: FolderOrder, _ view: ViewPlan, _ state: AssemblerState) -> Bool {
    if entry.shortageCount > 0 || state.precedence.map({ $0 !== entry }) ?? false { return true }
    guard order.isStored, view.source.reachesRowsAlone, view.values == nil, !entry.key.isWrapped else { return false }
    guard state.streams[entry.key.folder]?.hasJumped == true else { return false }
    return ![entry.key.ordinal - 1, entry.key.ordinal + 1].contains { neighbour in
      state.entries[BatchKey(folder: entry.key.folder, ordinal: neighbour, isWrapped: false)] != nil
    }
  }

  /// Gives `draft` the batch, if it has rows of the block and is of the window; false where there is no memory for it.
  private func take(_ entry: BatchEntry, _ draft: PassDraft, _ state: inout AssemblerState) -> Bool {
    guard let slot = entry.learnBlocks(from: draft.order).firstIndex(of: draft.block), entry.key.isWrapped || draft.window.contains(entry.key.ordinal) else {
      return true
    }
    let view = views[draft.folder.view]
    if entry.buffers.isEmpty {
      // What values take is known when they are decoded: others that are being filled will want what they were guessed to take.
      if view.values != nil, state.promisedByteCount + view.fullChargedByteCount > budget.availableByteCount { return false }
      let charge = view.chargedByteCount(rowCount: entry.rowCount, inMemoryFile: usesMemoryFiles.load(ordering: .relaxed))
      if charge + readingByteCount > budget.availableByteCount { return false }
      if !allocate(entry, view, .nothing, &state) { return false }
    }
    if !entry.waiters.isEmpty { entry.rows?.isAwaited.store(true, ordering: .relaxed) }
    entry.unscheduledBlocks?.remove(at: slot)
    entry.passCount += 1
    if entry.key.isWrapped { draft.wrapped.append(entry) } else { draft.dense[entry.key.ordinal - draft.window.lowerBound] = entry }
    return true
  }

  /// Gives `draft` some of the block's other batches, as far as there is memory; true while there may be more. Called with the lock held.
  private func extend(_ draft: PassDraft, _ state: inout AssemblerState) -> Bool {
    let view = views[draft.folder.view]
    for _ in 0..<companionStep.load(ordering: .relaxed) {
      guard let ordinal = draft.nextOrdinal() else { return false }
      let key = BatchKey(folder: draft.folder, ordinal: ordinal, isWrapped: false)
      if let entry = state.entries[key] {
        if entry.batch == nil && !take(entry, draft, &state) { return false }
        continue
      }
      let entry = BatchEntry(key: key, runs: view.runs(of: key))
      if !take(entry, draft, &state) { return false }
      entry.lastUse = state.useCount
      state.entries[key] = entry
    }
    return true
  }

  /// Where the rows of a draft's batches go. Needs no lock where the draft is complete: nobody changes it, or the buffers of its batches, before it is a pass.
  func targets(of draft: PassDraft) -> RowTargets {
    let view = views[draft.folder.view]
    return RowTargets(
      firstOrdinal: draft.window.lowerBound, batchSize: view.numbering.batchSize, sinkCount: view.sinks.count,
      dense: draft.dense.map { $0.map { target(of: $0, view) } }, wrapped: draft.wrapped.map { (target(of: $0, view), $0.runs) })
  }

  /// Makes a pass of a draft that has all its batches. Called with the lock held.
  func begin(_ draft: PassDraft, _ targets: RowTargets, _ state: inout AssemblerState) {
    state.drafts.removeAll { $0 === draft }
    let entries = draft.dense + draft.wrapped.map(Optional.some)
    guard entries.contains(where: { $0 != nil }) else { return }
    let block = draft.block
    let (rows, lines): (PassRows, [Int]) =
      switch draft.order {
      case .blocks(let order): (.places(order, order.blockOrder(block)), self.lines(of: block, order: order, entries: entries))
      case .mosaic(let order): (.unlisted(order), [])
      }
    let pass = BlockPass(
      folder: draft.folder, view: views[draft.folder.view], block: block, rows: rows, listCharge: draft.listCharge, targets: targets, entries: entries,
      lines: lines, isDemanded: draft.isDemanded, isOneByOne: entries.contains { $0.map { $0.shortageCount > 0 } ?? false })
    state.passes.append(pass)
  }

  private func target(of entry: BatchEntry, _ view: ViewPlan) -> RowTargets.Target {
    RowTargets.Target(
      buffers: view.sinks.map { entry.buffers[$0.file] }, payloadOffsets: view.layout(rowCount: entry.rowCount).payloadOffsets, rows: entry.rows)
  }

  /// The shards a pass must decode: all of the block, or only those that its rows come from where the rows are few.
  private func lines(of block: Int, order: EpochOrder, entries: [BatchEntry?]) -> [Int] {
    let all = order.lineShards(ofBlock: block)
    let wantedRowCount = entries.reduce(0) { $0 + ($1?.rowCount ?? 0) }
    guard wantedRowCount < all.count * 4 else { return Array(all) }
    let positions = order.positions(ofBlock: block)
    let blockOrder = order.blockOrder(block)
    var wanted: Set<Int> = []
    for run in entries.flatMap({ $0?.runs ?? [] }) {
      for position in run.clamped(to: positions) { wanted.insert(order.lineShard(containingPlace: blockOrder.place(ofPosition: position))) }
    }
    return wanted.sorted()
  }
}
