// Walks the Arrow schema beside the Parquet schema and notes what Parquet does not know.

internal import ByteParsing
internal import NumPyFormat

extension ArrowHints {
  /// Finds the Arrow schema among a footer's pairs; files without one have no hints.
  ///
  /// As pyarrow does it: one that cannot be read is an error; one that does not match the Parquet schema says nothing where it does not.
  /// Names are not compared.
  init(footer: RawSpan, keyValues: [FooterKeyValue], tree: SchemaTree) throws(ParquetError) {
    self.init()
    guard let value = keyValues.first(where: { $0.key == "ARROW:schema" })?.value else { return }
    guard let message = Base64.decode(footer.extracting(Int(value.lowerBound)..<Int(value.upperBound))) else {
      throw ParquetError(.arrowSchema, byteOffset: 0, .invalid("the text", found: "no base64", expected: "base64 of an Arrow schema"))
    }
    var reader = try ArrowSchemaReader(message: message.rawSpan, tree: tree)
    try reader.read()
    self = reader.hints
  }
}

/// The state of one walk. It follows the Parquet schema, so that it ends, however the tables of the message point to each other.
private struct ArrowSchemaReader: ~Escapable {
  private let buffer: Flatbuffer
  private let tree: SchemaTree
  var hints = ArrowHints()
  /// Of fields' metadata, those that were looked at.
  private var spentByteCount = 0
  /// The keys that are looked for are shorter.
  private static let keyByteLimit = 32

  /// The numbers of Arrow's types that are looked at (Schema.fbs, union Type).
  private enum TypeNumber {
    static let lists: Set<UInt8> = [12, 21, 25, 26]
    static let structure: UInt8 = 13
    static let fixedSizeList: UInt8 = 16
    static let map: UInt8 = 17
    static let duration: UInt8 = 18
  }

  @_lifetime(copy message)
  init(message: RawSpan, tree: SchemaTree) throws(ParquetError) {
    buffer = Flatbuffer(message.extracting(try Self.flatbufferRange(in: message)))
    self.tree = tree
  }

  /// An encapsulated message is perhaps a mark, its length, the flatbuffer.
  private static func flatbufferRange(in message: RawSpan) throws(ParquetError) -> Range<Int> {
    let hasMark = message.byteCount >= 4 && message.littleEndianUInt32(at: 0) == 0xFFFF_FFFF
    let start = hasMark ? 8 : 4
    guard message.byteCount >= start else {
      throw ParquetError(.arrowSchema, byteOffset: 0, .endOfData(needed: start, remaining: message.byteCount))
    }
    let byteCount = Int(message.littleEndianUInt32(at: start - 4))
    guard byteCount > 0, byteCount <= message.byteCount - start else {
      throw ParquetError(
        .arrowSchema, byteOffset: start - 4, .invalid("the message's length", found: "\(byteCount)", expected: "1 to \(message.byteCount - start)"))
    }
    return start..<start + byteCount
  }

  @_lifetime(self: copy self)
  mutating func read() throws(ParquetError) {
    let message = try buffer.root()
    guard try buffer.uint8(1, of: message) == 1, let schema = try buffer.table(2, of: message) else {
      throw ParquetError(.arrowSchema, byteOffset: 0, .invalid("the message", found: "of another kind", expected: "a schema"))
    }
    try readChildren(try buffer.vector(1, of: schema), of: 0)
  }

  /// Fields of a structure; all of them or none have counterparts.
  @_lifetime(self: copy self)
  private mutating func readChildren(_ fields: Flatbuffer.Vector, of node: Int) throws(ParquetError) {
    guard tree[node].isGroup, fields.count == Int(tree[node].childCount) else { return }
    for (index, child) in tree.children(of: node).enumerated() { try read(try buffer.element(index, of: fields), node: child) }
  }

  /// `node`: the field's counterpart; not deeper than the tree, whose depth has a limit.
  @_lifetime(self: copy self)
  private mutating func read(_ field: Flatbuffer.Table, node: Int) throws(ParquetError) {
    let type = try buffer.uint8(2, of: field) ?? 0
    let children = try buffer.vector(5, of: field)
    switch type {
    case TypeNumber.duration:
      // Of a dictionary of durations pyarrow gives integers.
      guard tree[node].physicalType == .int64, tree[node].logicalType == nil, try buffer.table(4, of: field) == nil else { return }
      hints.durations[node] = try durationUnit(field)
    case TypeNumber.structure: try readChildren(children, of: node)
    case TypeNumber.map:
      guard let map = tree.map(at: node), children.count > 0 else { return }
      let pair = try buffer.vector(5, of: try buffer.element(0, of: children))
      guard pair.count == 2 else { return }
      try read(try buffer.element(0, of: pair), node: map.key)
      try read(try buffer.element(1, of: pair), node: map.value)
    case TypeNumber.fixedSizeList:
      guard let list = tree.list(at: node), tree[node].logicalType == .list else { return }
      hints.lists[list.repeated] = try fixedList(field)
      try readElement(children, list.element)
    case _ where TypeNumber.lists.contains(type):
      if let list = tree.list(at: node) { try readElement(children, list.element) }
    default: break
    }
  }

  @_lifetime(self: copy self)
  private mutating func readElement(_ children: Flatbuffer.Vector, _ element: Int) throws(ParquetError) {
    if children.count > 0 { try read(try buffer.element(0, of: children), node: element) }
  }

  // MARK: - Types

  private func durationUnit(_ field: Flatbuffer.Table) throws(ParquetError) -> TimeUnit {
    let unit = try buffer.table(3, of: field).flatMap { type throws(ParquetError) in try buffer.int16(0, of: type) }
    switch unit {
    case 0: return .seconds
    case nil, 1: return .milliseconds
    case 2: return .microseconds
    case 3: return .nanoseconds
    case let number?: throw invalid("a duration's unit", found: "\(number)", expected: "0 to 3", field)
    }
  }

  @_lifetime(self: copy self)
  private mutating func fixedList(_ field: Flatbuffer.Table) throws(ParquetError) -> ArrowHints.FixedList {
    let stored = try buffer.table(3, of: field).flatMap { type throws(ParquetError) in try buffer.int32(0, of: type) }
    let count = Int(stored ?? 0)
    guard count >= 0 else { throw invalid("the length of a FixedSizeList", found: "\(count)", expected: "at least 0", field) }
    return ArrowHints.FixedList(count: count, shape: try tensorShape(field, count: count) ?? [count])
  }

  /// The shape of the lists that are tensors (extension arrow.fixed_shape_tensor); nil for other lists, and for tensors whose axes are stored in
  /// another order than they are shown, which an array cannot say.
  @_lifetime(self: copy self)
  private mutating func tensorShape(_ field: Flatbuffer.Table, count: Int) throws(ParquetError) -> [Int]? {
    var (name, parameters): (Range<Int>?, Range<Int>?)
    let pairs = try buffer.vector(6, of: field)
    for index in 0..<pairs.count {
      let pair = try buffer.element(index, of: pairs)
      guard let key = try buffer.string(0, of: pair), let value = try buffer.string(1, of: pair) else { continue }
      try spend(16 + min(key.count, Self.keyByteLimit) + value.count, field)
      guard key.count <= Self.keyByteLimit else { continue }
      switch buffer.bytes.text(key) {
      case "ARROW:extension:name": name = value
      case "ARROW:extension:metadata": parameters = value
      default: break
      }
    }
    guard let name, buffer.bytes.text(name) == "arrow.fixed_shape_tensor", let parameters else { return nil }
    guard let tensor = try? TensorParameters(parsing: buffer.bytes.extracting(parameters)) else {
      throw invalid("the shape of a tensor", found: "unreadable", expected: "JSON with a list 'shape'", field)
    }
    guard ArrayShape.elementCount(tensor.shape) == count else {
      throw invalid("the shape of a tensor", found: "\(tensor.shape)", expected: "a shape of \(count) elements", field)
    }
    return tensor.isInStoredOrder ? tensor.shape : nil
  }

  /// Counts bytes that were looked at. Fields may share what they point to; a message whose fields share it a hundred times over is made to cost time.
  @_lifetime(self: copy self)
  private mutating func spend(_ byteCount: Int, _ field: Flatbuffer.Table) throws(ParquetError) {
    spentByteCount += byteCount
    let limit = (1 << 20) + 64 * buffer.bytes.byteCount
    guard spentByteCount <= limit else {
      throw ParquetError(.arrowSchema, byteOffset: field.byteOffset, .limitExceeded("bytes of fields' metadata", limit: limit))
    }
  }

  private func invalid(_ what: String, found: String, expected: String, _ field: Flatbuffer.Table) -> ParquetError {
    ParquetError(.arrowSchema, byteOffset: field.byteOffset, .invalid(what, found: found, expected: expected))
  }
}
