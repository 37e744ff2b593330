// What an MDS data set, or one shard of it, holds: as tables.

internal import BatchAssembly
internal import MDSFormat
internal import Platform
internal import ShardStore

struct MDSReport {
  let inspector: MDSInspector
  private(set) var problems: [String]
  private(set) var lines: [String] = []

  /// Of more shards the first, the last and the count are shown.
  private static let shardLimit = 40

  init(_ inspector: MDSInspector, sampleLimit: Int) {
    self.inspector = inspector
    problems = inspector.shards.compactMap(\.problem)
    var samples: (SampleReport, shard: InspectedShard)?
    do throws(InspectionError) {
      // The values of one shard tell more of its columns than its index does; of a folder they are shown only where asked for.
      if sampleLimit > 0 || !inspector.isFolder { samples = try inspector.samples(limit: sampleLimit) }
    } catch { problems.append("\(error)") }
    if let problem = samples?.0.problem { problems.append("\(problem)") }
    lines = [title] + [storage]
    lines += [""] + columns(samples?.0).lines + notes(samples)
    if inspector.isFolder {
      if inspector.folders.count > 1 { lines += [""] + folders.lines }
      lines += [""] + shards.lines
    }
    if let (report, shard) = samples, !report.lines().isEmpty {
      lines += [""] + (inspector.isFolder ? ["first samples of \(shard.path)"] : []) + report.lines()
    }
    lines += inspector.others?.lines ?? []
    for other in inspector.otherSchemas {
      problems.append(
        "\(other.shard.path): its columns (\(other.schema.map { "\($0.name): \($0.encoding.name)" }.joined(separator: ", "))) differ from those of \(inspector.shards[0].path); a source must have the same everywhere"
      )
    }
  }

  private var title: String {
    let format = inspector.schema.map { $0.rows.formatName } ?? "mds"
    let name = format == "mds" ? "MDS" : "MDS data set of \(format) shards"
    let samples = ItemCount.text(inspector.sampleCount, "sample")
    guard inspector.isFolder else { return "\(inspector.path): \(format == "mds" ? "MDS shard" : "\(format) shard of an MDS data set"), \(samples)" }
    let folders = inspector.folders.count > 1 ? " in \(ItemCount.text(inspector.folders.count, "folder"))" : ""
    return "\(inspector.path): \(name), \(samples) in \(ItemCount.text(inspector.shards.count, "shard"))\(folders)"
  }

  private var storage: String {
    let (raw, stored) = (inspector.rawByteCount, inspector.storedByteCount)
    var text = "\(ByteCount.text(raw)) of samples"
    if stored != raw, stored > 0 { text += ", stored in \(ByteCount.text(stored)) (\((Double(raw) / Double(stored) * 100).rounded() / 100) to 1)" }
    if inspector.sampleCount > 0 { text += ", \(ByteCount.text(raw / inspector.sampleCount)) a sample" }
    if !inspector.isFolder, let shard = inspector.shards.first {
      text += "; \(shard.codecName.isEmpty ? "not compressed" : shard.codecName), \(shard.hashNames.isEmpty ? "no hashes" : shard.hashNames)"
      text += "; shard \(shard.ordinal) of \(shard.folder)/index.json"
    }
    return text
  }

  /// `samples`: adds what the values of its shard say.
  private func columns(_ samples: SampleReport?) -> TextTable {
    var table = TextTable([
      ("column", .left), ("encoding", .left), ("bytes a sample", .right), ("served as", .left), ("shortest", .right), ("longest", .right), ("minimum", .left),
      ("maximum", .left),
    ])
    let stored = samples?.source.storedColumns ?? []
    for (ordinal, column) in (inspector.schema?.columns ?? []).enumerated() {
      let isVarying = column.fixedByteCount == nil
      var cells = [column.name, column.encoding.name, isVarying ? "varying" : "\(column.fixedByteCount ?? 0)"]
      cells.append(stored.indices.contains(ordinal) ? stored[ordinal].arrayDescription : "")
      let place = samples?.found?.columns.firstIndex(of: ordinal)
      let summary = place.flatMap { samples?.found?.summaries[$0] }
      cells.append(summary?.byteCounts.map { "\($0.lowerBound)" } ?? "")
      cells.append(summary?.byteCounts.map { "\($0.upperBound)" } ?? "")
      cells.append(summary?.bounds?.minimum.text ?? "")
      cells.append(summary?.bounds?.maximum.text ?? "")
      table.add(cells)
    }
    return table
  }

  /// What the lengths and bounds in the table of columns are of, and what to write for columns of plain bytes that may be numbers.
  private func notes(_ samples: (SampleReport, shard: InspectedShard)?) -> [String] {
    guard let (report, shard) = samples, let found = report.found else { return [] }
    var notes: [String] = []
    let titles =
      (found.summaries.contains { $0.byteCounts != nil } ? ["shortest", "longest"] : [])
      + (found.summaries.contains { $0.bounds != nil } ? ["minimum", "maximum"] : [])
    if shard.entry.sampleCount < inspector.sampleCount, !titles.isEmpty {
      let name = Self.name(shard.path, below: inspector.path)
      notes.append("\(titles.joined(separator: ", ")): of \(name) alone, \(shard.entry.sampleCount) of \(ItemCount.text(inspector.sampleCount, "sample"))")
    }
    for (column, summary) in zip(found.columns, found.summaries) {
      let described = report.source.storedColumns[column]
      guard described.isBytes, !summary.isText, let lengths = summary.byteCounts, lengths.lowerBound == lengths.upperBound else { continue }
      guard lengths.lowerBound > 0, lengths.lowerBound.isMultiple(of: 4) else { continue }
      let double = lengths.lowerBound.isMultiple(of: 8) ? ", or float64 of [\(lengths.lowerBound / 8)]" : ""
      notes.append(
        "if \(described.name) are numbers, say so in the source's `columns:`, as \(described.name): {dtype: float32, shape: [\(lengths.lowerBound / 4)]}\(double)"
      )
    }
    return notes.isEmpty ? [] : [""] + notes
  }

  private var folders: TextTable {
    var table = TextTable([("folder", .left), ("shards", .right), ("samples", .right), ("raw", .right)])
    for folder in inspector.folders {
      table.add([
        Self.name(folder.path, below: inspector.path), "\(folder.index.shardCount)", "\(folder.index.sampleCount)", ByteCount.text(folder.index.rawByteCount),
      ])
    }
    return table
  }

  private var shards: TextTable {
    var table = TextTable([
      ("shard", .left), ("samples", .right), ("raw", .right), ("stored", .right), ("codec", .left), ("hashes", .left), ("file", .left),
    ])
    let all = inspector.shards
    // What is wrong is always shown.
    for (place, shard) in all.enumerated() where all.count <= Self.shardLimit || place < Self.shardLimit / 2 || place == all.count - 1 || shard.problem != nil {
      table.add([
        Self.name(shard.path, below: inspector.path), "\(shard.entry.sampleCount)", ByteCount.text(shard.rawByteCount), ByteCount.text(shard.storedByteCount),
        shard.codecName, shard.hashNames, shard.problem == nil ? "" : shard.foundByteCount == nil ? "missing" : "wrong size",
      ])
      if all.count > Self.shardLimit, place == Self.shardLimit / 2 - 1 { table.add(["... \(all.count) shards in all"] + Array(repeating: "", count: 6)) }
    }
    return table
  }

  private static func name(_ path: String, below folder: String) -> String { path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path }
}
