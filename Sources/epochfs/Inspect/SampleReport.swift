// Samples of a data set: decoded, as a table and as JSON.

internal import BatchAssembly
internal import BatchCache
internal import JSONParsing
internal import NumPyFormat
internal import Platform
internal import ShardStore

/// The first samples of a shard or file, and what its values say together.
struct SampleReport {
  let source: any StoredSource
  /// The stored order's rows that were asked for.
  let rows: Range<Int>
  let found: SampleRows?
  /// Why there are none.
  let problem: InspectionError?

  /// - Parameter path: where the rows are stored, for messages.
  init(_ source: any StoredSource, rows: Range<Int>, path: String) {
    self.source = source
    self.rows = rows
    let budget = MemoryBudget(capByteCount: MachineMemory.automaticCapByteCount)
    do throws(ColumnError) {
      found = try SampleRows(of: source, rows: rows, budget: budget)
      problem = nil
    } catch {
      found = nil
      switch error {
      case .shard(let error): problem = InspectionError(path: error.path, problem: error.message)
      case .noMemory: problem = InspectionError(path: path, problem: "samples cannot be shown: \(error)")
      }
    }
  }

  /// Lines of a table: sample, column, value. `first`: the number that the first row is shown with.
  func lines(numberedFrom first: Int = 0) -> [String] {
    guard let found, !rows.isEmpty else { return [] }
    var table = TextTable([("sample", .right), ("column", .left), ("value", .left)])
    for (row, values) in found.values.enumerated() {
      for (place, value) in values.enumerated() {
        table.add([place == 0 ? "\(first + row)" : "", source.storedColumns[found.columns[place]].name, value.text])
      }
    }
    return table.lines
  }

  /// `"sample_rows": [{"sample": 0, "values": {...}, "cut": [...]}]`: `cut` names the columns of whose value only the beginning is there.
  func write(to json: inout JSONWriter, numberedFrom first: Int = 0) {
    json.array("sample_rows") { json in
      guard let found else { return }
      for (row, values) in found.values.enumerated() {
        let named = zip(found.columns.map { source.storedColumns[$0].name }, values)
        json.object { json in
          json.member("sample", first + row)
          json.object("values") { json in
            for (name, value) in named {
              json.key(name)
              json.rawValue(value.json)
            }
          }
          json.array("cut") { json in for (name, value) in named where value.isCut { json.string(name) } }
        }
      }
    }
  }
}

extension StoredColumn {
  /// What NumPy receives, in the words of the Parquet tables: `float32 [928, 5]`, `text`, `lists of int64`.
  var arrayDescription: String {
    func name(_ type: ElementType) -> String { if case .void = type { type.descriptor } else { type.name } }
    switch values {
    case .fixed(let type, let shape): return shape.isEmpty ? name(type) : "\(name(type)) \(shape)"
    case .ragged(let type, let depth):
      let isLeaf = isText || isBytes
      return String(repeating: "lists of ", count: isLeaf ? depth - 1 : depth) + (isText ? "text" : isBytes ? "bytes" : name(type))
    case .unreadable(let reason): return "not readable: \(reason)"
    }
  }
}
