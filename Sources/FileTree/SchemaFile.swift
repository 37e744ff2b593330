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
      json.member("batches", view.batchCount)
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
      json.array("files") { $0.string("npy") }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }
}
