// Every shard decoded, every hash compared, every piece of every column that is served as an array decoded, every text that is served as JSON looked at: `epochfs check --deep`.

internal import BatchAssembly
internal import BatchCache
internal import Glibc
internal import MountConfiguration
internal import Platform
internal import SampleOrder
public import ShardStore

public enum DeepCheck {
  /// The shards, and pieces of columns, that `run` will decode.
  public static func stepCount(_ plan: MountPlan) -> Int { Work(plan).totalCount }

  /// Checks every shard of every source, and the columns that views of arrays and the texts that rows of JSON show, on as many threads as the plan has and its cap allows.
  ///
  /// - Parameter progress: told how many shards and pieces are done, on any of the threads.
  /// - Returns: what is wrong, in the order of sources and shards, then of columns; each once.
  public static func run(_ plan: MountPlan, progress: @escaping @Sendable (Int) -> Void) -> [ShardError] {
    let work = Work(plan)
    var needed = plan.sources.reduce(DecodeDemand(inputByteCount: 0, outputByteCount: 0)) { $0.union($1.checkDemand) }
    for columns in work.columns { for column in columns.columns { needed = needed.union(columns.source.pieceDemand(ofColumn: column)) } }
    let demand = needed
    let largestPiece = work.columns.reduce(0) { max($0, $1.largestPieceByteCount) }
    let budget = MemoryBudget(capByteCount: max(plan.capByteCount, demand.byteCount + largestPiece + 3 * Page.byteCount))
    let state = Lock(work)
    let check: @Sendable (DecodeWorkspace) -> Void = { workspace in
      while let (step, ordinal) = state.withLock({ $0.next() }) {
        let failure = problem(step, workspace, budget)
        let done = state.withLock { work in
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
    // Each leaves room for a piece, and for pages with what they unpack and decode to.
    let pages = 4 * min(demand.temporaryByteCount, 1 << 40)
    let free = budget.availableByteCount - 2 * largestPiece - pages
    let helperCount = max(0, min(plan.threadCount - 1, free / (demand.chargedByteCount + pages)))
    let threads = (0..<helperCount).compactMap { number in
      try? Thread(name: "epochfs-check\(number + 1)") {
        guard budget.availableByteCount >= demand.chargedByteCount + 2 * largestPiece else { return }
        if let workspace = DecodeWorkspace(demand: demand, budget: budget) { check(workspace) }
      }
    }
    check(workspace)
    for thread in threads { thread.join() }
    // A shard that is damaged may fail every column.
    var told = unreadableColumns(of: plan)
    for (_, error) in state.withLock({ $0.errors.sorted { $0.ordinal < $1.ordinal } }) where !told.suffix(10_000).contains(error) { told.append(error) }
    return told
  }

  private static func problem(_ step: Step, _ workspace: DecodeWorkspace, _ budget: MemoryBudget) -> ShardError? {
    switch step {
    case .shard(let source, let shard):
      do throws(ShardError) { try source.check(shard: shard, with: workspace) } catch { return error }
      return nil
    case .piece(let columns, let piece):
      let end = MonotonicClock.nanoseconds + 10_000_000_000
      while true {
        do throws(ColumnError) {
          let pieces = try columns.source.decode(columns: columns.columns, shard: piece, with: workspace, budget: budget)
          return columns.showsText ? try columns.brokenText(pieces, number: piece) : nil
        } catch {
          switch error {
          case .shard(let error): return error
          case .noMemory:
            // Other threads give theirs back soon.
            guard MonotonicClock.nanoseconds > end else {
              usleep(10_000)
              continue
            }
            let names = columns.columns.map { columns.source.storedColumns[$0].name }.joined(separator: ", ")
            return ShardError(source: columns.source.name, path: columns.path(ofPiece: piece), message: "column \(names): \(error); raise `memory`")
          }
        }
      }
    }
  }

  private enum Step: Sendable {
    case shard(any ShardSource, Int)
    case piece(Columns, Int)
  }

  /// Columns of which nothing can be read: an error of its own for each, beside what is wrong with shards.
  private static func unreadableColumns(of plan: MountPlan) -> [ShardError] {
    plan.sources.flatMap { source -> [ShardError] in
      guard source.shards.shardCount > 0 else { return [] }
      return source.storedColumns.compactMap { column in
        guard case .unreadable(let reason) = column.values else { return nil }
        return ShardError(source: source.name, path: source.path(ofShard: 0), message: "column \(column.name) cannot be read: it \(reason)")
      }
    }
  }

  /// Columns whose pieces have the same rows, which are checked together.
  private struct Columns: Sendable {
    let source: any StoredSource
    let columns: [Int]
    /// Whether they are texts that rows of JSON show.
    let showsText: Bool

    var pieceCount: Int { source.pieces(ofColumn: columns[0]).shardCount }
    var largestPieceByteCount: Int { columns.reduce(0) { min(1 << 60, $0 + min(source.largestPieceByteCount(ofColumn: $1), 1 << 60)) } }
    func path(ofPiece piece: Int) -> String { source.path(ofColumn: columns[0], piece: piece) }

    /// What the texts of a piece lack to be shown, as a reader of their batch would be told. Columns that are served as bytes alone may hold any.
    func brokenText(_ pieces: [ColumnPiece], number: Int) throws(ColumnError) -> ShardError? {
      for (column, piece) in zip(columns, pieces) {
        let rows = source.pieces(ofColumn: column)
        let checked = try source.checked(piece, ofColumn: column, number: number, rowCount: rows.count(of: number))
        guard let (first, count) = checked.rowsOfBrokenText() else { continue }
        let place = source.shards.location(ofSample: rows.start(of: number) + first)
        let others = count > 1 ? " (and \(ItemCount.text(count - 1, "sample")) after it)" : ""
        return ShardError(
          source: source.name, path: path(ofPiece: number),
          message:
            "sample \(source.fileRow(place.row, ofShard: place.shard))\(others), column '\(source.storedColumns[column].name)': the text is not UTF-8, and `files: [jsonl]` shows it"
        )
      }
      return nil
    }
  }

  private struct Work: Sendable {
    let sources: [any ShardSource]
    var columns: [Columns] = []
    /// The list that the next step is of, sources first, and the step there.
    private var list = 0
    private var number = 0
    private var ordinal = 0
    var doneCount = 0
    var errors: [(ordinal: Int, error: ShardError)] = []

    init(_ plan: MountPlan) {
      sources = plan.sources
      let shown = Set(plan.configuration.views.filter { $0.layout == .arrays }.flatMap { $0.sources.map(\.name.value) })
      for (source, written) in zip(plan.sources, plan.configuration.sources) where shown.contains(written.name.value) {
        guard !source.shardChecksCoverColumns else { continue }
        for (column, description) in source.storedColumns.enumerated() where description.isReadable {
          columns.append(Columns(source: source, columns: [column], showsText: false))
        }
      }
      for source in plan.lineSources { columns += Self.texts(of: source) }
    }

    /// The columns of texts of a source; those that are stored together, as a shard of MDS has them, are read once.
    private static func texts(of source: any StoredSource) -> [Columns] {
      var (together, alone): ([Int], [Int]) = ([], [])
      let shards = source.shards
      for (column, description) in source.storedColumns.enumerated() where description.isReadable && description.isText {
        let pieces = source.pieces(ofColumn: column)
        let isShards = pieces.shardCount == shards.shardCount && (0..<shards.shardCount).allSatisfy { pieces.start(of: $0) == shards.start(of: $0) }
        if isShards { together.append(column) } else { alone.append(column) }
      }
      let groups = (together.isEmpty ? [] : [together]) + alone.map { [$0] }
      return groups.map { Columns(source: source, columns: $0, showsText: true) }
    }

    var totalCount: Int { sources.reduce(0) { $0 + $1.shards.shardCount } + columns.reduce(0) { $0 + $1.pieceCount } }

    private func count(ofList list: Int) -> Int { list < sources.count ? sources[list].shards.shardCount : columns[list - sources.count].pieceCount }

    mutating func next() -> (Step, ordinal: Int)? {
      while list < sources.count + columns.count, number >= count(ofList: list) {
        list += 1
        number = 0
      }
      guard list < sources.count + columns.count else { return nil }
      defer {
        number += 1
        ordinal += 1
      }
      return (list < sources.count ? .shard(sources[list], number) : .piece(columns[list - sources.count], number), ordinal)
    }
  }
}
