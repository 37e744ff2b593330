// What a Parquet file says of itself, as one JSON object.

internal import JSONParsing
internal import NumPyFormat
internal import ParquetFormat

struct ParquetJSON {
  let inspector: ParquetInspector
  private(set) var problems: [String] = []
  private var json = JSONWriter()

  private var metadata: ParquetMetadata { inspector.metadata }

  init(_ inspector: ParquetInspector, sampleLimit: Int) {
    self.inspector = inspector
    write(sampleLimit: sampleLimit)
  }

  var text: String { json.text }

  private mutating func write(sampleLimit: Int) {
    // Not asked of self while its writer is at work.
    let metadata = self.metadata
    json.beginObject()
    json.member("path", inspector.path)
    json.member("format", "parquet")
    json.member("rows", metadata.rowCount)
    json.member("bytes", inspector.fileByteCount)
    json.member("footer_bytes", inspector.footerByteCount)
    json.member("version", metadata.version)
    if let createdBy = metadata.createdBy { json.member("created_by", createdBy) } else { json.null("created_by") }
    json.array("metadata_keys") { for key in metadata.keys { $0.string(key) } }
    json.array("columns") { json in
      for leaf in metadata.schema.leaves { json.object { Self.write(leaf, to: &$0) } }
    }
    json.key("row_groups")
    json.beginArray()
    for (number, group) in metadata.rowGroups.enumerated() {
      json.beginObject()
      json.member("rows", group.rowCount)
      json.member("uncompressed_bytes", group.totalByteCount)
      json.key("chunks")
      json.beginArray()
      for leaf in metadata.schema.leaves { write(leaf, rowGroup: number) }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    if sampleLimit > 0, metadata.rowCount > 0 {
      switch inspector.samples(limit: sampleLimit) {
      case .success(let report): report.write(to: &json)
      case .failure(let error): problems.append(error.problem)
      }
    }
    json.endObject()
  }

  private static func write(_ leaf: ParquetLeaf, to json: inout JSONWriter) {
    json.member("name", leaf.name)
    json.array("path") { for name in leaf.path { $0.string(name) } }
    json.member("stored", leaf.storedDescription)
    switch leaf.valueType {
    case .fixed(let type, _): json.member("dtype", type.descriptor)
    case .bytes(let isText): json.member("dtype", isText ? "text" : "bytes")
    case .unreadable(let reason):
      json.null("dtype")
      json.member("unreadable", reason)
    }
    if let shape = leaf.fixedShape { json.array("shape") { for length in shape { $0.integer(length) } } } else { json.null("shape") }
    json.member("nullable", leaf.isNullable)
    json.member("element_nullable", leaf.elementIsNullable)
    json.member("max_definition_level", leaf.maxDefinitionLevel)
    json.member("max_repetition_level", leaf.maxRepetitionLevel)
  }

  /// Numbers and booleans as such, all else as the text of the tables.
  private static func member(_ name: String, _ bound: ParquetBound?, of leaf: ParquetLeaf, to json: inout JSONWriter) {
    guard let bound else { return json.null(name) }
    let isLiteral =
      switch (bound, leaf.valueType) {
      case (.integer, .fixed(.datetime64, _)), (.integer, .fixed(.timedelta64, _)), (.bytes, _): false
      case (.real(let value), _): value.isFinite
      case (.integer, _), (.unsigned, _), (.wide, _): true
      }
    json.key(name)
    if isLiteral { json.rawValue(Array(leaf.text(of: bound).utf8)) } else { json.string(leaf.text(of: bound)) }
  }

  private mutating func write(_ leaf: ParquetLeaf, rowGroup: Int) {
    json.beginObject()
    json.member("column", leaf.ordinal)
    do throws(ParquetError) {
      let inspected = try inspector.chunk(rowGroup: rowGroup, leaf: leaf)
      let (chunk, pages) = (inspected.chunk, inspected.pages)
      json.member("codec", chunk.codec.name)
      json.member("values", chunk.valueCount)
      if let nulls = chunk.statistics?.nullCount { json.member("nulls", nulls) } else { json.null("nulls") }
      json.member("offset", chunk.byteRange.lowerBound)
      json.member("stored_bytes", chunk.totalCompressedByteCount)
      json.member("uncompressed_bytes", chunk.totalUncompressedByteCount)
      Self.member("minimum", inspected.bounds.minimum, of: leaf, to: &json)
      Self.member("maximum", inspected.bounds.maximum, of: leaf, to: &json)
      json.member("offset_index", chunk.offsetIndexRange != nil)
      json.member("column_index", chunk.columnIndexRange != nil)
      json.object("pages") { json in
        json.member("data", pages.dataPageCount)
        json.member("data_v2", pages.dataPageV2Count)
        json.member("dictionary", pages.dictionaryPageCount)
        json.member("other", pages.otherPageCount)
        json.member("with_checksum", pages.checksumCount)
        json.member("largest_bytes", pages.largestByteCount)
        json.object("encodings") { json in for entry in pages.encodings { json.member(entry.encoding.name, entry.pageCount) } }
      }
    } catch {
      json.member("error", "\(error)")
      problems.append("row group \(rowGroup), column \(leaf.name): \(error)")
    }
    json.endObject()
  }
}
