// Passes over values of Thrift that nobody asks for.

extension ThriftReader {
  /// Structures, lists and maps may be nested so deep.
  static var depthLimit: Int { 64 }

  /// Passes over a field's value.
  @_lifetime(self: copy self)
  mutating func skip(_ field: ThriftField) throws(ParquetError) {
    // A boolean field is all in its header.
    if field.type == .booleanTrue || field.type == .booleanFalse { return }
    try skipValue(field.type, depth: 1)
  }

  /// Passes over a structure, whose first field comes next.
  @_lifetime(self: copy self)
  mutating func skipStructure(depth: Int = 1) throws(ParquetError) {
    guard depth <= Self.depthLimit else { throw error(.tooDeep(limit: Self.depthLimit), at: byteOffset) }
    while true {
      let header = try readByte()
      if header == 0 { return }
      if header >> 4 == 0 { _ = try readInt16() }
      guard let type = ThriftType(rawValue: header & 0xF) else {
        throw error(.thriftType(found: header & 0xF, expected: "one of 1 to 13"), at: byteOffset - 1)
      }
      if type == .booleanTrue || type == .booleanFalse { continue }
      try skipValue(type, depth: depth)
    }
  }

  /// Passes over a value that is no boolean field. `depth`: of what holds it.
  @_lifetime(self: copy self)
  private mutating func skipValue(_ type: ThriftType, depth: Int) throws(ParquetError) {
    switch type {
    // As elements booleans are bytes.
    case .booleanTrue, .booleanFalse, .byte: try skipBytes(1)
    case .int16, .int32, .int64: _ = try readVarint()
    case .double: try skipBytes(8)
    case .uuid: try skipBytes(16)
    case .binary: _ = try readBinary()
    case .structure: try skipStructure(depth: depth + 1)
    case .list, .set:
      guard depth < Self.depthLimit else { throw error(.tooDeep(limit: Self.depthLimit), at: byteOffset) }
      let (rawType, count) = try readListHeader()
      guard count > 0 else { return }
      let element = try elementType(rawType)
      for _ in 0..<count { try skipValue(element, depth: depth + 1) }
    case .map:
      guard depth < Self.depthLimit else { throw error(.tooDeep(limit: Self.depthLimit), at: byteOffset) }
      let count = try readVarint()
      guard count > 0 else { return }
      let types = try readByte()
      let (key, value) = (try elementType(types >> 4), try elementType(types & 0xF))
      // A pair has at least two bytes.
      guard count <= UInt64(remaining) else { throw error(.endOfData(needed: Int(clamping: count), remaining: remaining), at: byteOffset) }
      for _ in 0..<count {
        try skipValue(key, depth: depth + 1)
        try skipValue(value, depth: depth + 1)
      }
    }
  }

  private func elementType(_ rawValue: UInt8) throws(ParquetError) -> ThriftType {
    guard let type = ThriftType(rawValue: rawValue) else {
      throw error(.thriftType(found: rawValue, expected: "one of 1 to 13"), at: byteOffset - 1)
    }
    return type
  }

  @_lifetime(self: copy self)
  private mutating func skipBytes(_ count: Int) throws(ParquetError) {
    guard count <= remaining else { throw error(.endOfData(needed: count, remaining: remaining), at: byteOffset) }
    byteOffset += count
  }
}
