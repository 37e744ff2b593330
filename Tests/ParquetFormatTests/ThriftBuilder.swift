// Writes Thrift's compact protocol, for footers that no library writes.

struct ThriftBuilder {
  private(set) var bytes: [UInt8] = []
  private var number = 0

  /// The bytes of a structure.
  static func structure(_ body: (inout ThriftBuilder) -> Void) -> [UInt8] {
    var builder = ThriftBuilder()
    body(&builder)
    return builder.bytes + [0]
  }

  static func varint(_ value: UInt64) -> [UInt8] {
    var (bytes, rest): ([UInt8], UInt64) = ([], value)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  static func zigzag(_ value: Int) -> [UInt8] { varint(UInt64(bitPattern: Int64(value << 1 ^ value >> 63))) }

  /// A field with any bytes.
  mutating func raw(_ field: Int, type: UInt8, _ value: [UInt8] = []) {
    let delta = field - number
    bytes += delta > 0 && delta < 16 ? [UInt8(delta) << 4 | type] : [type] + Self.zigzag(field)
    bytes += value
    number = field
  }

  mutating func i32(_ field: Int, _ value: Int) { raw(field, type: 5, Self.zigzag(value)) }
  mutating func i64(_ field: Int, _ value: Int) { raw(field, type: 6, Self.zigzag(value)) }
  mutating func boolean(_ field: Int, _ value: Bool) { raw(field, type: value ? 1 : 2) }
  mutating func binary(_ field: Int, _ value: [UInt8]) { raw(field, type: 8, Self.varint(UInt64(value.count)) + value) }
  mutating func string(_ field: Int, _ value: String) { binary(field, Array(value.utf8)) }
  mutating func structure(_ field: Int, _ body: (inout ThriftBuilder) -> Void) { raw(field, type: 12, Self.structure(body)) }

  mutating func list(_ field: Int, type: UInt8, _ elements: [[UInt8]]) {
    let count = elements.count < 15 ? [UInt8(elements.count) << 4 | type] : [0xF0 | type] + Self.varint(UInt64(elements.count))
    raw(field, type: 9, count + elements.flatMap { $0 })
  }
}

/// An element of a schema, to be written.
struct Element {
  var name: String
  /// 0 required, 1 optional, 2 repeated; nil for none.
  var repetition: Int? = 1
  var type: Int?
  var typeLength: Int?
  var converted: Int?
  var precision: Int?
  /// The member of the union of logical types, and its fields.
  var logical: Int?
  var logicalFields: (@Sendable (inout ThriftBuilder) -> Void)?
  var children: [Element] = []

  static func group(_ name: String, _ repetition: Int? = 1, converted: Int? = nil, _ children: [Element]) -> Element {
    Element(name: name, repetition: repetition, converted: converted, children: children)
  }

  static func column(_ name: String, _ repetition: Int? = 1, type: Int = 1, converted: Int? = nil) -> Element {
    Element(name: name, repetition: repetition, type: type, converted: converted)
  }

  var flat: [Element] { [self] + children.flatMap(\.flat) }

  var bytes: [UInt8] {
    ThriftBuilder.structure { element in
      if let type { element.i32(1, type) }
      if let typeLength { element.i32(2, typeLength) }
      if let repetition { element.i32(3, repetition) }
      element.string(4, name)
      if type == nil { element.i32(5, children.count) }
      if let converted { element.i32(6, converted) }
      if let precision { element.i32(8, precision) }
      if let logical { element.structure(10) { $0.structure(logical) { logicalFields?(&$0) } } }
    }
  }
}

/// The bytes of a footer without rows.
func footer(_ columns: [Element], _ more: (inout ThriftBuilder) -> Void = { _ in }) -> [UInt8] {
  ThriftBuilder.structure { footer in
    footer.i32(1, 1)
    footer.list(2, type: 12, Element.group("schema", nil, columns).flat.map(\.bytes))
    footer.i64(3, 0)
    footer.list(4, type: 12, [])
    more(&footer)
  }
}
