// One decoding thread: takes a shard, decodes it, scatters its rows, hands over the batches that became complete.

internal import BatchCache
internal import Glibc
internal import Platform
internal import SampleOrder
internal import ShardStore
internal import Synchronization

final class DecodeWorker: Sendable {
  private let assembler: BatchAssembler

  init(assembler: BatchAssembler) { self.assembler = assembler }

  /// Works until the assembler stops.
  func run() {
    // The worker's own memory is taken first and kept, so that decoding never waits for the cap.
    // What is decoded before anybody waits for it pushes nothing out that somebody will want.
    var sacrifice = Sacrifice.anything
    let makeRoom = { [assembler] byteCount in assembler.state.withLock { assembler.makeRoom(for: byteCount, sacrifice, &$0) } }
    var workspace = DecodeWorkspace(demand: assembler.demand, budget: assembler.budget, makeRoom: makeRoom)
    while workspace == nil {
      // The machine has no memory for what the cap allows. Requests wait for it, and other workers may have it.
      if assembler.isStopping { return }
      usleep(100_000)
      workspace = DecodeWorkspace(demand: assembler.demand, budget: assembler.budget, makeRoom: makeRoom)
    }
    guard let workspace else { return }
    while let work = nextWork(workspace) {
      switch work {
      case .order(let folder):
        assembler.makeOrder(folder)
      case .list(let pass, let order): assembler.list(pass, order)
      case .shard(let pass, let line, let retained, let upcoming):
        if let upcoming { pass.view.source.willNeed(shard: pass.rows.shard(atLine: upcoming)) }
        switch pass.rows {
        case .places(let order, let blockOrder): process(pass, order, blockOrder, line: line, retained: retained, workspace)
        case .listed(let order, let rows): process(pass, order, rows, line: line, retained: retained, workspace)
        case .unlisted: preconditionFailure("a pass without rows has no shards")
        }
      case .targets(let draft):
        let targets = assembler.targets(of: draft)
        assembler.state.withLock { assembler.begin(draft, targets, &$0) }
        assembler.wakeup.broadcast()
      // Without a pause this thread would have the lock again before whoever waits for it has woken up.
      case .again: usleep(20)
      case .refuse(let refusals): for (waiter, error) in refusals { waiter(.failure(error)) }
      case .piece(let key, let isDemanded):
        sacrifice = isDemanded ? .anything : .expectedLater
        assembler.decode(key, with: workspace)
        sacrifice = .anything
      case .resume(let read, let isLastTry): read.resume(isLastTry: isLastTry)
      case .idle: break
      }
    }
  }

  /// Waits for work; nil when the assembler stops.
  private func nextWork(_ workspace: DecodeWorkspace) -> WorkItem? {
    assembler.state.withLock(waitingOn: assembler.wakeup) { state in
      if state.isStopping { return .done(nil) }
      let work = assembler.nextWork(&state)
      guard case .idle(let isBlocked) = work else { return .done(work) }
      // Others need what this one keeps for its next shard.
      if isBlocked { workspace.giveBack() }
      // Memory may come back between the look and the wait, without the lock: somebody who is blocked looks again soon.
      return .wait(nanoseconds: isBlocked ? 10_000_000 : nil)
    }
  }

  private func process(_ pass: BlockPass, _ order: EpochOrder, _ blockOrder: BlockOrder, line: Int, retained: DecodedShard?, _ workspace: DecodeWorkspace) {
    let view = pass.view
    let shard = order.shard(atLine: line)
    let places = order.places(ofLineShard: line)
    let blockPlaces = order.positions(ofBlock: pass.block)
    let isShared = places.upperBound > blockPlaces.upperBound
    let scatter = RowScatter(
      view: view, targets: pass.targets, block: blockOrder, shard: shard, shardStart: places.lowerBound, places: places.clamped(to: blockPlaces))
    let keeping = isShared ? blockPlaces.upperBound - places.lowerBound..<places.count : 0..<0
    let rows = max(0, blockPlaces.lowerBound - places.lowerBound)..<places.count
    let decoded = fill(scatter, view, shard, retained, rows: rows, keeping: keeping, workspace)
    // The rows that belong to the next blocks are kept for them, where there is room, if need be in the place of batches that were read.
    let rest =
      isShared && view.values == nil
      ? decoded.flatMap { copy($0, for: pass.folder, from: blockPlaces.upperBound - places.lowerBound, rowCount: places.count) } : nil
    finish(scatter.outcome, workspace) { assembler.finish(pass, shard: shard, $0, retain: rest, isLast: !isShared) }
  }

  /// The same for listed rows: what is kept of a shard is all of it, since the rows that later blocks have may be any.
  private func process(_ pass: BlockPass, _ order: MosaicOrder, _ rows: BlockRows, line: Int, retained: DecodedShard?, _ workspace: DecodeWorkspace) {
    let view = pass.view
    let shard = rows.shards[line]
    let range = rows.range(ofShardAt: line)
    let rowCount = view.source.shards.count(of: shard)
    let scatter = RowScatter(view: view, targets: pass.targets, listed: rows, range: range, shard: shard)
    let remaining = assembler.state.withLock { state in
      guard retained != nil, let index = state.retained.firstIndex(where: { $0.holds(0, of: shard, for: pass.folder) }) else {
        return order.epoch.chosenCount(ofShard: shard) - range.count
      }
      state.retained[index].remainingUseCount -= range.count
      return state.retained[index].remainingUseCount
    }
    let decoded = fill(scatter, view, shard, retained, rows: 0..<rowCount, keeping: remaining > 0 ? 0..<rowCount : 0..<0, workspace)
    let rest = remaining > 0 ? decoded.flatMap { copy($0, for: pass.folder, from: 0, rowCount: rowCount) } : nil
    finish(scatter.outcome, workspace) { assembler.finish(pass, shard: shard, $0, retain: rest, remainingUseCount: remaining, isLast: remaining <= 0) }
  }

  /// Where memory lacked this thread gives back what it keeps, before it is decided whether somebody else has it.
  private func finish(_ outcome: ScatterOutcome, _ workspace: DecodeWorkspace, _ body: (ScatterOutcome) -> Void) {
    if outcome.failures.values.contains(where: { if case .noMemory = $0 { true } else { false } }) { workspace.giveBack() }
    body(outcome)
  }

  /// Scatters a shard's rows, from where they are kept or from storage; fails its batches where it is damaged. Answers what was decoded.
  private func fill(
    _ scatter: RowScatter, _ view: ViewPlan, _ shard: Int, _ retained: DecodedShard?, rows: Range<Int>, keeping: Range<Int>, _ workspace: DecodeWorkspace
  ) -> DecodedShard? {
    if let values = view.values {
      // Decoding them takes the workspace, so that nothing can be kept of the shard for later blocks: it is decoded for each.
      if !view.sinks.isEmpty { _ = fillSinks(scatter, view, shard, retained, rows: rows, keeping: 0..<0, workspace) }
      if !scatter.hasFailedAll { gather(values, view, shard, workspace, scatter) }
      return nil
    }
    return fillSinks(scatter, view, shard, retained, rows: rows, keeping: keeping, workspace)
  }

  private func fillSinks(
    _ scatter: RowScatter, _ view: ViewPlan, _ shard: Int, _ retained: DecodedShard?, rows: Range<Int>, keeping: Range<Int>, _ workspace: DecodeWorkspace
  ) -> DecodedShard? {
    if let retained {
      scatter.scatter(rows, of: retained)
      return nil
    }
    do throws(ShardError) { return try decode(view, shard, rows: scatter.wantedRows, keeping: keeping, workspace, scatter) } catch {
      if error.lacksMemory {
        scatter.fail(.noMemory(error.description))
        return nil
      }
      if keeping.isEmpty || !view.source.reachesRowsAlone {
        scatterRest(of: scatter.wantedRows, after: error, view, shard, workspace, scatter)
        return nil
      }
    }
    // It may be that only rows which were to be kept are damaged.
    do throws(ShardError) { _ = try decode(view, shard, rows: scatter.wantedRows, keeping: 0..<0, workspace, scatter) } catch {
      scatterRest(of: scatter.wantedRows, after: error, view, shard, workspace, scatter)
    }
    return nil
  }

  /// How many failures within one shard are looked into; then all rows of a part that fails are given up. Parts are halves of parts, so that a shard which is damaged everywhere
  /// is decoded a few times, not once for each of its pages.
  private static let failureLimit = 16

  /// Fails the batches with those of `rows` that could not be decoded, and scatters the other rows where the source can reach them alone.
  private func scatterRest(
    of rows: Range<Int>, after error: ShardError, _ view: ViewPlan, _ shard: Int, _ workspace: DecodeWorkspace, _ scatter: RowScatter
  ) {
    var failureCount = 0
    var parts: [Range<Int>] = []
    let fail = { [self] (rows: Range<Int>, error: ShardError) in
      if error.lacksMemory { return scatter.fail(.noMemory(error.description), rows: rows) }
      assembler.onShardError(error)
      failureCount += 1
      let lost = error.rows?.clamped(to: rows) ?? rows
      let rest = [rows.lowerBound..<lost.lowerBound, lost.upperBound..<rows.upperBound]
      guard view.source.reachesRowsAlone, !rest.contains(rows), failureCount <= Self.failureLimit, !assembler.isStopping else {
        return scatter.fail(error, rows: rows)
      }
      scatter.fail(error, rows: lost)
      let middle = rows.lowerBound + rows.count / 2
      for part in rest { parts += [part.clamped(to: rows.lowerBound..<middle), part.clamped(to: middle..<rows.upperBound)].filter { !$0.isEmpty } }
    }
    fail(rows, error)
    var next = 0
    while next < parts.count {
      let part = parts[next]
      next += 1
      do throws(ShardError) { _ = try decode(view, shard, rows: part, keeping: 0..<0, workspace, scatter) } catch { fail(part, error) }
    }
  }

  private static let attemptCount = 5

  /// Decodes what differs in size, or is shown as JSON, and gathers it for the batches.
  private func gather(_ plan: ValuePlan, _ view: ViewPlan, _ shard: Int, _ workspace: DecodeWorkspace, _ scatter: RowScatter) {
    let begin = MonotonicClock.nanoseconds
    let makeRoom = { [assembler] byteCount in assembler.state.withLock { assembler.makeRoom(for: byteCount, .anything, &$0) } }
    let (start, count) = (view.source.shards.start(of: shard), view.source.shards.count(of: shard))
    func decoded() throws(ColumnError) -> ShardValues {
      try ShardValues(plan, shard: shard, start: start, rowCount: count, with: workspace, budget: assembler.budget)
    }
    do throws(ColumnError) {
      var found: ShardValues?
      // A failure tells what the last step lacked; what all steps take may be a multiple of it.
      for attempt in 0..<Self.attemptCount where found == nil {
        do throws(ColumnError) {
          found = try decoded()
        } catch .noMemory(let byteCount) {
          guard attempt < Self.attemptCount - 1 else { throw .noMemory(byteCount: byteCount) }
          makeRoom(min(assembler.budget.capByteCount, byteCount << attempt))
        }
      }
      guard let values = found else { return }
      let metrics = assembler.metrics
      assembler.noteDecode(DecodedPart(of: view.source, shard: shard, values.decodedByteCount, stored: values.storedByteCount), since: begin)
      metrics.shardDecodeCount.add(1, ordering: .relaxed)
      metrics.decodedByteCount.add(values.decodedByteCount, ordering: .relaxed)
      metrics.sourceReadByteCount.add(values.storedByteCount, ordering: .relaxed)
      scatter.gather(values, plan, budget: assembler.budget, makeRoom: makeRoom)
    } catch {
      switch error {
      case .shard(let error):
        scatter.fail(error)
        assembler.onShardError(error)
      case .noMemory: scatter.fail(.noMemory(error.description))
      }
    }
  }

  /// Nil where the rows are kept already, or there is no room. Nobody else keeps rows of the shard meanwhile: this worker is the one that decodes it.
  private func copy(_ shard: DecodedShard, for folder: FolderKey, from row: Int, rowCount: Int) -> DecodedShard? {
    if assembler.state.withLock({ state in state.retained.contains { $0.holds(row, of: shard.shard, for: folder) } }) { return nil }
    if let copy = shard.copy(rows: row..<rowCount, budget: assembler.budget) { return copy }
    assembler.state.withLock { assembler.makeRoom(for: shard.copyByteCount(rowCount: rowCount - row), .expectedLater, &$0) }
    return shard.copy(rows: row..<rowCount, budget: assembler.budget)
  }

  private func decode(
    _ view: ViewPlan, _ shard: Int, rows wanted: Range<Int>, keeping: Range<Int>, _ workspace: DecodeWorkspace, _ scatter: RowScatter
  ) throws(ShardError) -> DecodedShard {
    let begin = MonotonicClock.nanoseconds
    let rows = keeping.isEmpty ? wanted : min(wanted.lowerBound, keeping.lowerBound)..<max(wanted.upperBound, keeping.upperBound)
    let request = ShardRequest(shard: shard, columns: view.sourceColumns, rows: rows, keeping: keeping)
    let read = { () throws(ShardError) in try view.source.decode(request, with: workspace) { scatter.scatter($1, of: $0) } }
    // Of a source whose shards fail as a whole no row is tried again.
    let decoded = try view.source.reachesRowsAlone ? scatter.attempt(read) : read()
    assembler.noteDecode(DecodedPart(of: view.source, shard: shard, decoded.byteCount, stored: decoded.storedByteCount), since: begin)
    assembler.metrics.shardDecodeCount.add(1, ordering: .relaxed)
    assembler.metrics.decodedByteCount.add(decoded.byteCount, ordering: .relaxed)
    assembler.metrics.sourceReadByteCount.add(decoded.storedByteCount, ordering: .relaxed)
    return decoded
  }
}
