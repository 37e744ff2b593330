// `schema.json`: what the files of a view, or of one of its groups, hold.

internal import BatchAssembly
internal import JSONParsing
internal import NumPyFormat
internal import SampleOrder
internal import ShardStore
internal import TensorPrograms

enum SchemaFile {
  /// A whole view; with groups, the samples and batches of all of them.
  static func bytes(_ view: ViewFolder) -> [UInt8] {
    guard let groups = view.groups else { return bytes(view.whole) }
    let batchCount = groups.reduce(0) { sum, group in if case .batches(let plan) = group.leaf { sum + plan.batchCount } else { sum } }
    return bytes(view.whole, rowCount: groups.reduce(0) { $0 + $1.leaf.rowCount }, batchCount: batchCount)
  }

  /// One leaf.
  static func bytes(_ leaf: LeafPlan) -> [UInt8] {
    switch leaf {
    case .batches(let plan): bytes(leaf, rowCount: leaf.rowCount, batchCount: plan.batchCount)
    case .arrays: bytes(leaf, rowCount: leaf.rowCount, batchCount: 0)
    }
  }

  private static func bytes(_ leaf: LeafPlan, rowCount: Int, batchCount: Int) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.member("view", leaf.name)
      json.member("samples", rowCount)
      switch leaf {
      case .batches(let plan): add(plan, batchCount: batchCount, to: &json)
      case .arrays(let plan): add(plan, rowCount: rowCount, to: &json)
      }
      json.array("files") { json in for kind in leaf.fileKinds { json.string(kind) } }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private static func add(_ view: ViewPlan, batchCount: Int, to json: inout JSONWriter) {
    json.member("batch_size", view.numbering.batchSize)
    json.member("batches", batchCount)
    json.member("drop_last", view.numbering.dropLast)
    json.object("order") { json in
      json.member("algorithm", view.order.name)
      json.member("seed", view.order.seed)
      json.member("block", view.order.blockSampleCount)
      if let settings = view.order.mosaic?.settings {
        json.member("canonical_nodes", settings.canonicalNodeCount)
        json.member("nodes", settings.nodeCount)
        json.member("batching", settings.batching.rawValue)
        json.member("sampling", settings.sampling.rawValue)
      }
    }
    json.object("tensors") { json in
      // Rows of differing length have no shape.
      for tensor in view.values?.ragged ?? [] {
        json.object(tensor.name) { json in
          json.member("dtype", tensor.elementType.descriptor)
          json.null("shape")
          json.null("channels")
        }
      }
      for tensor in view.tensors {
        json.object(tensor.name) { json in
          json.member("dtype", tensor.program.outputType.descriptor)
          json.array("shape") { json in for length in tensor.program.outputShape { json.integer(length) } }
          addChannels(tensor.program.outputChannels, to: &json)
        }
      }
    }
  }

  /// `ragged` is how many levels of lists a row is: 0 for a value of fixed `shape`, else the shape is null. A column that cannot be read has no dtype and a `reason`.
  private static func add(_ plan: ArraysPlan, rowCount: Int, to json: inout JSONWriter) {
    var names: [Int: [String]] = [:]
    for file in plan.files.files { names[file.column, default: []].append(file.name) }
    json.object("columns") { json in
      for (ordinal, column) in plan.files.columns.enumerated() {
        json.object(column.name) { json in
          switch column.values {
          case .fixed(let type, let shape):
            json.member("dtype", type.descriptor)
            json.array("shape") { json in for length in shape { json.integer(length) } }
          case .ragged(let type, _):
            json.member("dtype", type.descriptor)
            json.null("shape")
          case .unreadable:
            json.null("dtype")
            json.null("shape")
          }
          json.member("rows", rowCount)
          json.member("nullable", column.isNullable)
          if case .ragged(_, let depth) = column.values { json.member("ragged", depth) } else { json.member("ragged", 0) }
          json.member("text", column.isText)
          addChannels(column.channels, to: &json)
          json.member("encoding", column.encodingName)
          json.array("files") { json in for name in names[ordinal] ?? [] { json.string(name) } }
          if case .unreadable(let reason) = column.values { json.member("reason", reason) }
        }
      }
    }
  }

  private static func addChannels(_ channels: [String]?, to json: inout JSONWriter) {
    if let channels {
      json.array("channels") { json in for channel in channels { json.string(channel) } }
    } else {
      json.null("channels")
    }
  }
}

extension LeafPlan {
  /// `npy`, `npz`, `jsonl`: those that it has.
  fileprivate var fileKinds: [String] {
    guard case .batches(let plan) = self else { return ["npy"] }
    var kinds: [String] = []
    for file in plan.files {
      let kind =
        switch file.content {
        case .tensor, .offsets, .elements: "npy"
        case .archive: "npz"
        case .lines: "jsonl"
        }
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds
  }
}
