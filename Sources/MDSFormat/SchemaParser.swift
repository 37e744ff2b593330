// The columns of a shard, from what an index says about them.

internal import ByteParsing

enum SchemaParser {
  static func parse(_ texts: SchemaKey, _ reader: borrowing IndexReader) throws(MDSError) -> MDSSchema {
    let bytes = reader.bytes
    let shard = reader.shard
    if texts.format == .json {
      let newline = try text(IndexReader(bytes, startingAt: texts.sizesOrNewline.lowerBound, shard: shard), "newline")
      return MDSSchema(columns: try jsonColumns(IndexReader(bytes, startingAt: texts.columns.lowerBound, shard: shard)), rows: .json(newline: newline))
    }
    let columnNames = try strings(IndexReader(bytes, startingAt: texts.columns.lowerBound, shard: shard))
    let columnEncodings = try strings(IndexReader(bytes, startingAt: texts.encodings.lowerBound, shard: shard))
    try compare(columnEncodings.count, "column_encodings", columnNames, reader)
    guard texts.format == .mds else {
      let columns = zip(columnNames, columnEncodings).map { MDSColumn(name: $0, encoding: MDSEncoding(name: $1), fixedByteCount: nil) }
      let separator: String =
        switch texts.format {
        case .csv: ","
        case .tsv: "\t"
        default: try text(IndexReader(bytes, startingAt: texts.separator.lowerBound, shard: shard), "separator")
        }
      let newline = try text(IndexReader(bytes, startingAt: texts.sizesOrNewline.lowerBound, shard: shard), "newline")
      return MDSSchema(columns: columns, rows: .separated(format: texts.format.rawValue, separator: separator, newline: newline))
    }
    let columnSizes = try byteCounts(IndexReader(bytes, startingAt: texts.sizesOrNewline.lowerBound, shard: shard))
    try compare(columnSizes.count, "column_sizes", columnNames, reader)
    var columns: [MDSColumn] = []
    for place in columnNames.indices {
      let column = MDSColumn(name: columnNames[place], encoding: MDSEncoding(name: columnEncodings[place]), fixedByteCount: columnSizes[place])
      if let expected = column.expectedByteCount, expected != column.fixedByteCount {
        throw reader.invalid(
          "column_sizes of '\(column.name)'", found: column.fixedByteCount.map(String.init) ?? "null",
          expected: "\(expected.map(String.init) ?? "null") for the encoding '\(columnEncodings[place])'")
      }
      columns.append(column)
    }
    return MDSSchema(columns: columns)
  }

  /// Each column has one of each, and a name of its own.
  private static func compare(_ count: Int, _ field: String, _ columnNames: [String], _ reader: borrowing IndexReader) throws(MDSError) {
    guard count == columnNames.count else {
      throw reader.invalid(field, found: "a list of \(count)", expected: "one of \(columnNames.count), as column_names")
    }
    guard Set(columnNames).count == columnNames.count else {
      throw reader.invalid("column_names", found: "a list with a name twice", expected: "each name once")
    }
  }

  /// What stands between rows or columns: any text but an empty one.
  private static func text(_ reader: consuming IndexReader, _ field: String) throws(MDSError) -> String {
    let text = try reader.readString()
    guard !text.isEmpty, text.utf8.count <= 64 else { throw reader.invalid(field, found: "a text of \(text.utf8.count) bytes", expected: "1 to 64") }
    return text
  }

  /// `{"name": "encoding"}`, in the order of names, as the members of each row are written.
  private static func jsonColumns(_ reader: consuming IndexReader) throws(MDSError) -> [MDSColumn] {
    var columns: [MDSColumn] = []
    var names: Set<String> = []
    try reader.beginObject()
    while try reader.nextKey() {
      guard columns.count < MDSSchema.maximumColumnCount else { throw .limitExceeded("columns", shard: reader.shard, limit: MDSSchema.maximumColumnCount) }
      let name = reader.key
      guard names.insert(name).inserted else { throw reader.invalid("columns", found: "an object with '\(name)' twice", expected: "each name once") }
      columns.append(MDSColumn(name: name, encoding: MDSEncoding(name: try reader.readString()), fixedByteCount: nil))
    }
    return columns.sorted { $0.name.unicodeScalars.lexicographicallyPrecedes($1.name.unicodeScalars) }
  }

  private static func strings(_ reader: consuming IndexReader) throws(MDSError) -> [String] {
    var strings: [String] = []
    try reader.beginArray()
    while try reader.nextElement() {
      guard strings.count < MDSSchema.maximumColumnCount else { throw .limitExceeded("columns", shard: reader.shard, limit: MDSSchema.maximumColumnCount) }
      strings.append(try reader.readString())
    }
    return strings
  }

  /// Null and 0 both mean that sizes vary.
  private static func byteCounts(_ reader: consuming IndexReader) throws(MDSError) -> [Int?] {
    var byteCounts: [Int?] = []
    try reader.beginArray()
    while try reader.nextElement() {
      guard byteCounts.count < MDSSchema.maximumColumnCount else { throw .limitExceeded("columns", shard: reader.shard, limit: MDSSchema.maximumColumnCount) }
      if try reader.readNullIfPresent() {
        byteCounts.append(nil)
      } else {
        let byteCount = try reader.readCount("column_sizes", limit: Int(UInt32.max))
        byteCounts.append(byteCount == 0 ? nil : byteCount)
      }
    }
    return byteCounts
  }
}
