// `schema.json`: what a view's files hold.

internal import BatchAssembly
internal import JSONParsing
internal import NumPyFormat
internal import SampleOrder
internal import TensorPrograms

enum SchemaFile {
  static func bytes(_ view: ViewPlan) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.member("view", view.name)
      json.member("samples", view.numbering.sampleCount)
      json.member("batch_size", view.numbering.batchSize)
      json.member("batches", view.numbering.batchCount)
      json.member("drop_last", view.numbering.dropLast)
      json.object("order") { json in
        json.member("algorithm", view.order.algorithm.rawValue)
        json.member("seed", view.order.seed)
        json.member("block", view.order.blockSampleCount)
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
            if let channels = tensor.program.outputChannels {
              json.array("channels") { json in for channel in channels { json.string(channel) } }
            } else {
              json.null("channels")
            }
          }
        }
      }
      json.array("files") { json in for kind in view.fileKinds { json.string(kind) } }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }
}

extension ViewPlan {
  /// `npy`, `npz`, `jsonl`: those that it has.
  var fileKinds: [String] {
    var kinds: [String] = []
    for file in files {
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
