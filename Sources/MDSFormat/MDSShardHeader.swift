// The texts by which writers describe a shard: inside the shard, and in the index.

internal import Checksums
internal import JSONParsing

/// What every shard of a data set says about itself, keys sorted as Python's `sort_keys` has them.
struct MDSShardHeader: Sendable {
  let columns: [MDSColumn]
  let compression: String?
  let sizeLimit: Int
  /// The text inside the shard.
  let bytes: [UInt8]

  init(columns: [MDSColumn], compression: String?, sizeLimit: Int) {
    self.columns = columns
    self.compression = compression
    self.sizeLimit = sizeLimit
    var writer = JSONWriter(spacing: .python)
    writer.beginObject()
    Self.writeFirstKeys(columns, compression, to: &writer)
    Self.writeSizeLimit(sizeLimit, to: &writer)
    writer.endObject()
    bytes = writer.bytes
  }

  /// The text in the index.
  func indexEntry(sampleCount: Int, raw: MDSFileEntry, stored: MDSFileEntry?) -> [UInt8] {
    var writer = JSONWriter(spacing: .python)
    writer.beginObject()
    Self.writeFirstKeys(columns, compression, to: &writer)
    writer.key("raw_data")
    Self.write(raw, to: &writer)
    writer.key("samples")
    writer.integer(sampleCount)
    Self.writeSizeLimit(sizeLimit, to: &writer)
    writer.key("zip_data")
    if let stored { Self.write(stored, to: &writer) } else { writer.null() }
    writer.endObject()
    return writer.bytes
  }

  private static func writeFirstKeys(_ columns: [MDSColumn], _ compression: String?, to writer: inout JSONWriter) {
    writer.key("column_encodings")
    writer.beginArray()
    for column in columns { writer.string(column.encoding.name) }
    writer.endArray()
    writer.key("column_names")
    writer.beginArray()
    for column in columns { writer.string(column.name) }
    writer.endArray()
    writer.key("column_sizes")
    writer.beginArray()
    for column in columns { if let byteCount = column.fixedByteCount { writer.integer(byteCount) } else { writer.null() } }
    writer.endArray()
    writer.key("compression")
    if let compression { writer.string(compression) } else { writer.null() }
    writer.key("format")
    writer.string("mds")
    writer.key("hashes")
    writer.beginArray()
    writer.string(HashAlgorithm.xxh64.name)
    writer.endArray()
  }

  private static func writeSizeLimit(_ sizeLimit: Int, to writer: inout JSONWriter) {
    writer.key("size_limit")
    writer.integer(sizeLimit)
    writer.key("version")
    writer.integer(2)
  }

  private static func write(_ file: MDSFileEntry, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("basename")
    writer.string(file.basename)
    writer.key("bytes")
    writer.integer(file.byteCount)
    writer.key("hashes")
    writer.beginObject()
    for hash in file.hashes {
      writer.key(hash.algorithm.name)
      writer.string(hash.digest.hex)
    }
    writer.endObject()
    writer.endObject()
  }
}
