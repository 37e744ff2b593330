// Writes Thrift's compact protocol: what Parquet's footers and page headers are spelled in.

/// Structures are written field by field, in ascending order of their numbers.
struct ThriftWriter {
  private(set) var bytes: [UInt8] = []
  /// The number of the field that was written last, of each structure that is open.
  private var lastFields: [Int] = [0]

  /// The compact protocol's numbers of types.
  enum Kind: UInt8 {
    case int16 = 4
    case int32 = 5
    case int64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  mutating func int16(_ field: Int, _ value: Int) { number(field, .int16, value) }
  mutating func int32(_ field: Int, _ value: Int) { number(field, .int32, value) }
  mutating func int64(_ field: Int, _ value: Int) { number(field, .int64, value) }

  mutating func text(_ field: Int, _ value: String) {
    begin(field, .binary)
    element(value)
  }

  mutating func structure(_ field: Int, _ body: (inout ThriftWriter) -> Void) {
    begin(field, .structure)
    element(body)
  }

  /// Announces a list; its elements are to follow.
  mutating func list(_ field: Int, of kind: Kind, count: Int) {
    begin(field, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      variable(UInt64(count))
    }
  }

  // MARK: - Elements of lists

  mutating func element(_ value: Int) { variable(UInt64(bitPattern: Int64(value << 1 ^ value >> 63))) }

  mutating func element(_ value: String) {
    variable(UInt64(value.utf8.count))
    bytes += value.utf8
  }

  /// A structure, which may also be the whole message.
  mutating func element(_ body: (inout ThriftWriter) -> Void) {
    lastFields.append(0)
    body(&self)
    lastFields.removeLast()
    bytes.append(0)
  }

  // MARK: - Parts

  private mutating func number(_ field: Int, _ kind: Kind, _ value: Int) {
    begin(field, kind)
    element(value)
  }

  private mutating func begin(_ field: Int, _ kind: Kind) {
    let distance = field - (lastFields.last ?? 0)
    precondition(distance > 0 && distance < 16, "fields are written in ascending order")
    bytes.append(UInt8(distance) << 4 | kind.rawValue)
    lastFields[lastFields.count - 1] = field
  }

  private mutating func variable(_ value: UInt64) { bytes.append(variableLength: value) }
}

extension [UInt8] {
  /// Seven bits a byte, the lowest first.
  mutating func append(variableLength value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  mutating func append(littleEndian value: UInt32) {
    for shift: UInt32 in [0, 8, 16, 24] { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }
}
