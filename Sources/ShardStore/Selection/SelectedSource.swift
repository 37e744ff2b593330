// A source made from another: some of its rows, in their order, counted anew.

internal import BatchCache
public import SampleOrder

/// The selected rows of a source. Shards are those of the source that hold any; decoding one decodes it once, whatever is selected of it.
public final class SelectedSource: ShardSource {
  public let name: String
  public let formatName: String
  public let columns: [SourceColumn]
  public let shards: ShardTable
  public let rawByteCount: Int
  public let modified: FileTimestamp
  public let selection: RowSelection

  let base: any ShardSource
  let columnBase: any ColumnSource
  private let cuts: SelectedCuts
  /// Of columns as they are wanted: most are wanted never.
  let pieceCuts: PieceCuts

  /// - Precondition: the selection is one of the base's rows.
  public convenience init(_ base: any StoredSource, _ selection: RowSelection) { self.init(base, columns: base, selection) }

  private init(_ base: any ShardSource, columns columnBase: any ColumnSource, _ selection: RowSelection) {
    precondition(selection.rowCount == base.shards.sampleCount)
    self.base = base
    self.columnBase = columnBase
    self.selection = selection
    name = base.name
    formatName = base.formatName
    columns = base.columns
    modified = base.modified
    cuts = SelectedCuts(base.shards, selection)
    shards = cuts.table
    // In the same proportion as the rows, since nobody knows which of the bytes are theirs.
    let product = base.rawByteCount.multipliedFullWidth(by: selection.count)
    rawByteCount = selection.rowCount == 0 ? 0 : selection.rowCount.dividingFullWidth(product).quotient
    pieceCuts = PieceCuts(columnBase, selection)
  }

  public var blockMeasure: BlockMeasure { base.blockMeasure }
  public var shardNoun: String { base.shardNoun }
  public var fileCount: Int? { base.fileCount }
  public var reachesRowsAlone: Bool { base.reachesRowsAlone }
  public func projected(to columns: [Int]) -> any ShardSource { SelectedSource(base.projected(to: columns), columns: columnBase, selection) }
  public func largestDemand(columns: [Int]) -> DecodeDemand { base.largestDemand(columns: columns) }
  public var checkDemand: DecodeDemand { base.checkDemand }
  public func path(ofShard shard: Int) -> String { base.path(ofShard: cuts.ordinals[shard]) }
  public func fileRow(_ row: Int, ofShard shard: Int) -> Int {
    base.fileRow(selection.select(shards.start(of: shard) + row) - cuts.rows(of: shard).lowerBound, ofShard: cuts.ordinals[shard])
  }
  public func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError) { try base.check(shard: cuts.ordinals[shard], with: workspace) }
  public func willNeed(shard: Int) { base.willNeed(shard: cuts.ordinals[shard]) }

  public func decode(
    _ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void
  ) throws(ShardError) -> DecodedShard {
    let baseShard = cuts.ordinals[request.shard]
    let baseRows = cuts.rows(of: request.shard)
    let firstSelected = shards.start(of: request.shard)
    let first = min(request.rows.lowerBound, request.keeping.isEmpty ? .max : request.keeping.lowerBound)
    let end = max(request.rows.upperBound, request.keeping.isEmpty ? 0 : request.keeping.upperBound)
    guard first < end else {
      let hull = ShardRequest(shard: baseShard, columns: request.columns, rows: 0..<0, keeping: 0..<0)
      return KeptRows(request, workspace).finish(try base.decode(hull, with: workspace) { _, _ in }, shard: request.shard)
    }
    let hull = selection.select(firstSelected + first) - baseRows.lowerBound..<selection.select(firstSelected + end - 1) + 1 - baseRows.lowerBound
    let kept = KeptRows(request, workspace)
    /// Selected rows of the shard that were told of.
    var told = first
    do throws(ShardError) {
      let decoded = try base.decode(ShardRequest(shard: baseShard, columns: request.columns, rows: hull, keeping: 0..<0), with: workspace) { decoded, rows in
        let wanted = rows.clamped(to: hull)
        selection.forEachRun(in: baseRows.lowerBound + wanted.lowerBound..<baseRows.lowerBound + wanted.upperBound) { run in
          let shift = told - (run.lowerBound - baseRows.lowerBound)
          let shifted = decoded.shifted(by: shift, shard: request.shard)
          kept.take(told..<told + run.count, of: shifted)
          onRows(shifted, told..<told + run.count)
          told += run.count
        }
      }
      return kept.finish(decoded, shard: request.shard)
    } catch {
      // Where none of the lost rows is selected an empty range tells between which rows they lie.
      let lost = error.rows.map { rows in
        selection.rank(baseRows.lowerBound + rows.lowerBound) - firstSelected..<selection.rank(baseRows.lowerBound + rows.upperBound) - firstSelected
      }
      throw error.about(lost)
    }
  }
}
