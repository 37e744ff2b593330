// A declared shape is tried on a real sample at the mount, so that a wrong one is refused there and not met as EIO in the middle of training.

internal import BatchCache
internal import MDSFormat
internal import NumPyFormat
internal import Platform

extension MDSSource {
  /// Reads the smallest shard that can be read and checks the declared columns in its first sample. Shards that are missing or damaged are passed over: they do not
  /// stop a mount.
  /// - Throws: for a declaration that the data contradicts.
  func tryDeclarations(_ declarations: [ColumnDeclaration]) throws(SourceError) {
    let declared = columns.indices.filter { index in declarations.contains { $0.name == columns[index].name && ($0.elementType != nil || $0.shape != nil) } }
    guard !declared.isEmpty else { return }
    for shard in smallestPresentShards(Self.trialCount) {
      // Not of the mount's budget, which does not exist yet; given back before it does.
      let demand = self.demand(ofShard: shard, columnCount: declared.count)
      guard demand.byteCount <= Self.trialByteLimit,
        let workspace = DecodeWorkspace(demand: demand, budget: MemoryBudget(capByteCount: demand.byteCount + 4 * Page.byteCount))
      else { continue }
      do throws(MDSReadError) {
        try readFirstSample(ofShard: shard, columns: declared, with: workspace)
        return
      } catch {
        guard case .format(let problem) = error, let name = problem.declaredColumn, declared.contains(where: { columns[$0].name == name }) else { continue }
        let column = columns.first { $0.name == name }
        let shape = column?.array.map { "\($0.elementType.name) of shape \($0.shape)" } ?? ""
        throw SourceError(.column(name), "column \(name) is declared as \(shape), but the data says otherwise: \(path(ofShard: shard)): \(problem)")
      }
    }
  }

  /// Later samples are not looked at: one of another size than all others is damage, which reading meets.
  private func readFirstSample(ofShard shard: Int, columns: [Int], with workspace: DecodeWorkspace) throws(MDSReadError) {
    let entry = dataSet.entry(ofShard: shard)
    let reader = MDSShardReader(path: path(ofShard: shard), entry: entry.data, seen: dataSet.identities[shard], verification: verification)
    let rows = MDSRowReader(
      entry, schema: dataSet.schema, wanted: columns.map { ($0, self.columns[$0]) }, shard: shard, region: workspace.output, rowLimit: 1)
    var isThere = false
    // Thrown only when the hashes are compared: of a damaged shard no value blames the declaration.
    var problem: MDSReadError?
    try reader.readBeginning(with: workspace) { (byteCount) throws(MDSReadError) in
      guard !isThere, problem == nil else { return false }
      do throws(MDSReadError) { isThere = try !rows.advance(to: byteCount).isEmpty } catch { problem = error }
      return !isThere && problem == nil
    }
    if let problem { throw problem }
  }

  private static let trialCount = 3
  /// Shards are 64 MiB; one much larger, which may have to be hashed whole, is not read just to try.
  private static let trialByteLimit = 512 << 20
}

extension MDSError {
  /// The column whose values are not of the expected size or shape.
  fileprivate var declaredColumn: String? {
    switch self {
    case .fieldByteCount(_, let column, _, _, _), .field(_, let column, _, _): column
    default: nil
    }
  }
}
