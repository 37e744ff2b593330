// Reads a footer in one pass.

/// What was read.
struct FooterDraft {
  var version: Int
  var rowCount: Int
  var createdBy: String?
  var schema: ParquetSchema
  var rowGroups: [ParquetRowGroup]
  var keyValues: [FooterKeyValue]
  var columnOrders: [ParquetColumnOrder]
  var hasEncryption: Bool
  var chunkOffsets: [UInt32]
}

/// A pair of the key-value metadata; values may have megabytes and stay where they are.
struct FooterKeyValue: Sendable {
  var key: String
  var value: Range<UInt32>?
}

/// The state of one parse.
struct FooterParser: ~Escapable {
  private var reader: ThriftReader
  private var nodes: [SchemaNode] = []
  private var rowGroups: [ParquetRowGroup] = []
  private var chunkCounts: [Int] = []
  private var chunkOffsets: [UInt32] = []
  private var keyValues: [FooterKeyValue] = []

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, fileByteOffset: Int) { reader = ThriftReader(bytes, part: .footer, fileByteOffset: fileByteOffset) }

  @_lifetime(self: copy self)
  mutating func parse() throws(ParquetError) -> FooterDraft {
    var version: Int32?
    var rowCount: Int?
    var createdBy: String?
    var columnOrders: [ParquetColumnOrder] = []
    var hasEncryption = false
    var (hasSchema, hasRowGroups) = (false, false)
    var schemaOffset = 0
    var number: Int16 = 0
    while let field = try reader.nextField(after: &number) {
      switch field.number {
      case 1: version = try reader.readInt32(field)
      case 2:
        schemaOffset = field.byteOffset
        try once(&hasSchema, "schema", field)
        try readSchema(field)
      case 3: rowCount = try reader.readInt64(field)
      case 4:
        try once(&hasRowGroups, "row_groups", field)
        try readRowGroups(field)
      case 5: try readKeyValues(field)
      case 6: createdBy = try reader.readString(field)
      case 7: columnOrders = try reader.readColumnOrders(field)
      case 8:
        hasEncryption = true
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
    guard let version else { throw missing("version") }
    guard let rowCount else { throw missing("num_rows") }
    guard hasSchema else { throw missing("schema") }
    guard hasRowGroups else { throw missing("row_groups") }
    let problem = problemMaker(at: schemaOffset)
    let tree = try SchemaTree(nodes, problem: problem)
    let schema = ParquetSchema(tree, hints: try ArrowHints(footer: reader.bytes, keyValues: keyValues, tree: tree))
    let allRows = try check(rowCount: rowCount, leafCount: schema.leafCount)
    return FooterDraft(
      version: Int(version), rowCount: allRows, createdBy: createdBy, schema: schema, rowGroups: rowGroups, keyValues: keyValues,
      columnOrders: columnOrders, hasEncryption: hasEncryption, chunkOffsets: chunkOffsets)
  }

  // MARK: - Lists

  @_lifetime(self: copy self)
  private mutating func readSchema(_ list: ThriftField) throws(ParquetError) {
    let count = try reader.beginList(list, of: .structure)
    guard count <= SchemaTree.nodeLimit else { throw reader.error(.limitExceeded("elements of the schema", limit: SchemaTree.nodeLimit), at: list.byteOffset) }
    nodes.reserveCapacity(count)
    for _ in 0..<count { nodes.append(try reader.readSchemaNode()) }
  }

  @_lifetime(self: copy self)
  private mutating func readRowGroups(_ list: ThriftField) throws(ParquetError) {
    let count = try reader.beginList(list, of: .structure)
    var firstRow = 0
    for _ in 0..<count {
      let start = reader.byteOffset
      let group = try readRowGroup(firstRow: firstRow)
      guard group.rowCount <= ParquetMetadata.rowLimit - firstRow else {
        throw reader.error(.limitExceeded("rows in the row groups", limit: ParquetMetadata.rowLimit), at: start)
      }
      firstRow += group.rowCount
      rowGroups.append(group)
    }
  }

  @_lifetime(self: copy self)
  private mutating func readRowGroup(firstRow: Int) throws(ParquetError) -> ParquetRowGroup {
    let start = reader.byteOffset
    var (totalByteCount, rowCount): (Int?, Int?) = (nil, nil)
    var hasColumns = false
    var number: Int16 = 0
    while let field = try reader.nextField(after: &number) {
      switch field.number {
      case 1:
        try once(&hasColumns, "RowGroup.columns", field)
        let count = try reader.beginList(field, of: .structure)
        chunkCounts.append(count)
        for _ in 0..<count {
          chunkOffsets.append(UInt32(truncatingIfNeeded: reader.byteOffset))
          try reader.skipStructure()
        }
      case 2: totalByteCount = try reader.readInt64(field)
      case 3: rowCount = try reader.readInt64(field)
      // The ordinal has 16 bits, fewer than files have row groups.
      default: try reader.skip(field)
      }
    }
    guard hasColumns else { throw reader.error(.missingField("RowGroup.columns"), at: start) }
    guard let totalByteCount else { throw reader.error(.missingField("RowGroup.total_byte_size"), at: start) }
    guard let rowCount else { throw reader.error(.missingField("RowGroup.num_rows"), at: start) }
    guard rowCount >= 0 else { throw reader.error(.invalid("RowGroup.num_rows", found: "\(rowCount)", expected: "at least 0"), at: start) }
    return ParquetRowGroup(firstRow: firstRow, rowCount: rowCount, totalByteCount: totalByteCount)
  }

  @_lifetime(self: copy self)
  private mutating func readKeyValues(_ list: ThriftField) throws(ParquetError) {
    keyValues = []
    for _ in 0..<(try reader.beginList(list, of: .structure)) {
      let start = reader.byteOffset
      var key: String?
      var value: Range<UInt32>?
      var number: Int16 = 0
      while let field = try reader.nextField(after: &number) {
        switch field.number {
        case 1: key = try reader.readString(field)
        case 2:
          let range = try reader.readBinary(field)
          value = UInt32(truncatingIfNeeded: range.lowerBound)..<UInt32(truncatingIfNeeded: range.upperBound)
        default: try reader.skip(field)
        }
      }
      guard let key else { throw reader.error(.missingField("KeyValue.key"), at: start) }
      keyValues.append(FooterKeyValue(key: key, value: value))
    }
  }

  // MARK: - Checks

  /// Answers the rows of the file.
  private func check(rowCount: Int, leafCount: Int) throws(ParquetError) -> Int {
    for (group, count) in chunkCounts.enumerated() where count != leafCount {
      throw reader.error(.invalid("row group \(group)", found: "of \(count) columns", expected: "\(leafCount), as in the schema"), at: 0)
    }
    let sum = rowGroups.last.map { $0.firstRow + $0.rowCount } ?? 0
    // Some writers leave it at 0.
    guard rowCount == sum || rowCount == 0 else {
      throw reader.error(.invalid("num_rows", found: "\(rowCount)", expected: "\(sum), the sum of the \(rowGroups.count) row groups"), at: 0)
    }
    return sum
  }

  /// Lists that stand twice would cost twice.
  private func once(_ seen: inout Bool, _ name: String, _ field: ThriftField) throws(ParquetError) {
    guard !seen else { throw reader.error(.invalid(name, found: "there twice", expected: "one list"), at: field.byteOffset) }
    seen = true
  }

  private func missing(_ name: String) -> ParquetError { reader.error(.missingField("FileMetaData.\(name)"), at: 0) }

  private func problemMaker(at byteOffset: Int) -> (ParquetError.Problem) -> ParquetError {
    let start = reader.fileByteOffset + byteOffset
    return { ParquetError(.footer, byteOffset: start, $0) }
  }
}
