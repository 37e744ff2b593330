// What an MDS data set, or one shard of it, holds: as one JSON object.

internal import BatchAssembly
internal import JSONParsing
internal import Checksums
internal import Compression
internal import MDSFormat
internal import NumPyFormat
internal import ShardStore

struct MDSJSON {
  private let inspector: MDSInspector
  private(set) var problems: [String]
  private var json = JSONWriter()

  init(_ inspector: MDSInspector, sampleLimit: Int) {
    self.inspector = inspector
    problems = inspector.shards.compactMap(\.problem)
    var samples: (SampleReport, shard: InspectedShard)?
    do throws(InspectionError) {
      if sampleLimit > 0 || !inspector.isFolder { samples = try inspector.samples(limit: sampleLimit) }
    } catch { problems.append("\(error)") }
    if let problem = samples?.0.problem { problems.append("\(problem)") }
    write(samples?.0, shard: samples?.shard)
  }

  var text: String { json.text }

  private mutating func write(_ samples: SampleReport?, shard: InspectedShard?) {
    let (inspector, problems) = (inspector, problems)
    json.object { json in
      json.member("path", inspector.path)
      json.member("format", "mds")
      json.member("shard_format", inspector.schema?.rows.formatName ?? "mds")
      json.member("is_folder", inspector.isFolder)
      json.member("samples", inspector.sampleCount)
      json.member("raw_bytes", inspector.rawByteCount)
      json.member("stored_bytes", inspector.storedByteCount)
      json.array("columns") { json in
        for (ordinal, column) in (inspector.schema?.columns ?? []).enumerated() {
          json.object { json in Self.write(column, ordinal, inspector, samples, to: &json) }
        }
      }
      if inspector.isFolder {
        json.array("folders") { json in
          for folder in inspector.folders {
            json.object { json in
              json.member("path", folder.path)
              json.member("shards", folder.index.shardCount)
              json.member("samples", folder.index.sampleCount)
            }
          }
        }
      }
      json.array("shards") { json in for shard in inspector.shards { json.object { json in Self.write(shard, to: &json) } } }
      if let shard { json.member("samples_of", shard.path) } else { json.null("samples_of") }
      // What the lengths and bounds of `columns` are of.
      if let shard, samples?.found != nil {
        json.object("summary_of") { json in
          json.member("path", shard.path)
          json.member("samples", shard.entry.sampleCount)
        }
      } else {
        json.null("summary_of")
      }
      if let samples { samples.write(to: &json) }
      inspector.others?.write(to: &json)
      json.array("problems") { json in for problem in problems { json.string(problem) } }
    }
  }

  private static func write(_ column: MDSColumn, _ ordinal: Int, _ inspector: MDSInspector, _ samples: SampleReport?, to json: inout JSONWriter) {
    json.member("name", column.name)
    json.member("encoding", column.encoding.name)
    if let byteCount = column.fixedByteCount { json.member("bytes", byteCount) } else { json.null("bytes") }
    // What text shards call `float` MDS does not know.
    let isReal = column.encoding == .unknown("float") && inspector.schema?.rows != .joint
    if let (type, shape) = isReal ? (ElementType.float64, []) : column.encoding.fixedArray {
      json.member("dtype", type.descriptor)
      json.array("shape") { json in for length in shape { json.integer(length) } }
    } else {
      json.null("dtype")
      json.null("shape")
    }
    guard let found = samples?.found, let place = found.columns.firstIndex(of: ordinal) else { return }
    let summary = found.summaries[place]
    if let byteCounts = summary.byteCounts {
      json.member("shortest_bytes", byteCounts.lowerBound)
      json.member("longest_bytes", byteCounts.upperBound)
    }
    if let bounds = summary.bounds {
      json.key("minimum")
      json.rawValue(bounds.minimum.json)
      json.key("maximum")
      json.rawValue(bounds.maximum.json)
    }
  }

  private static func write(_ shard: InspectedShard, to json: inout JSONWriter) {
    json.member("path", shard.path)
    json.member("samples", shard.entry.sampleCount)
    json.member("raw_bytes", shard.rawByteCount)
    json.member("stored_bytes", shard.storedByteCount)
    if shard.entry.stored == nil { json.null("codec") } else { json.member("codec", shard.entry.codec.name) }
    json.object("hashes") { json in for hash in shard.entry.file.hashes { json.member(hash.algorithm.name, hash.digest.hex) } }
    if let byteCount = shard.foundByteCount { json.member("found_bytes", byteCount) } else { json.null("found_bytes") }
    if let problem = shard.problem { json.member("problem", problem) } else { json.null("problem") }
  }
}
