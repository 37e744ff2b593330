// Reads structures of Thrift's compact protocol, untrusted.

internal import ByteParsing

/// A pull parser over the bytes of one structure.
///
///     var number: Int16 = 0
///     while let field = try reader.nextField(after: &number) {
///       switch field.number {
///       case 1: rowCount = try reader.readInt64(field)
///       default: try reader.skip(field)
///       }
///     }
///
/// Footers of wide files have a hundred million one-byte reads, which only inline code makes fast.
struct ThriftReader: ~Escapable {
  let bytes: RawSpan
  /// What errors say about the place.
  let part: ParquetError.Part
  /// Where `bytes` begin in the file.
  let fileByteOffset: Int
  /// The next byte to read; 0 to `bytes.byteCount`.
  var byteOffset: Int

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, part: ParquetError.Part, fileByteOffset: Int, startingAt byteOffset: Int = 0) {
    precondition(byteOffset >= 0 && byteOffset <= bytes.byteCount)
    self.bytes = bytes
    self.part = part
    self.fileByteOffset = fileByteOffset
    self.byteOffset = byteOffset
  }

  var remaining: Int { bytes.byteCount - byteOffset }

  // MARK: - Fields

  /// The next field of the current structure, nil at its end. `number`: that of the field before, 0 at the start.
  @_lifetime(self: copy self)
  mutating func nextField(after number: inout Int16) throws(ParquetError) -> ThriftField? {
    let start = byteOffset
    let header = try readByte()
    guard header != 0 else { return nil }
    guard let type = ThriftType(rawValue: header & 0xF) else { throw error(.thriftType(found: header & 0xF, expected: "one of 1 to 13"), at: start) }
    let delta = Int16(header >> 4)
    if delta == 0 {
      number = try readInt16()
    } else {
      let (sum, overflow) = number.addingReportingOverflow(delta)
      guard !overflow else { throw error(.numberTooLarge(type: "the number of a field"), at: start) }
      number = sum
    }
    return ThriftField(number: number, type: type, byteOffset: start)
  }

  // MARK: - Values of fields

  @_lifetime(self: copy self)
  mutating func readBool(_ field: ThriftField) throws(ParquetError) -> Bool {
    switch field.type {
    case .booleanTrue: true
    case .booleanFalse: false
    default: throw wrongType(field, expected: "a boolean")
    }
  }

  @_lifetime(self: copy self)
  mutating func readInt8(_ field: ThriftField) throws(ParquetError) -> Int8 {
    guard field.type == .byte else { throw wrongType(field, expected: "a byte") }
    return Int8(bitPattern: try readByte())
  }

  @_lifetime(self: copy self)
  mutating func readInt32(_ field: ThriftField) throws(ParquetError) -> Int32 {
    guard field.type == .int32 else { throw wrongType(field, expected: "an i32") }
    return try readInt32()
  }

  @_lifetime(self: copy self)
  mutating func readInt64(_ field: ThriftField) throws(ParquetError) -> Int {
    guard field.type == .int64 else { throw wrongType(field, expected: "an i64") }
    return try readInt64()
  }

  /// Where the field's bytes lie.
  @_lifetime(self: copy self)
  mutating func readBinary(_ field: ThriftField) throws(ParquetError) -> Range<Int> {
    guard field.type == .binary else { throw wrongType(field, expected: "a string") }
    return try readBinary()
  }

  @_lifetime(self: copy self)
  mutating func readString(_ field: ThriftField) throws(ParquetError) -> String { bytes.text(try readBinary(field)) }

  /// Checks that the field is a structure, which comes next.
  func beginStructure(_ field: ThriftField) throws(ParquetError) {
    guard field.type == .structure else { throw wrongType(field, expected: "a structure") }
  }

  /// The number of elements of a list, which come next; at most as many as bytes remain, so that room for them may be reserved.
  @_lifetime(self: copy self)
  mutating func beginList(_ field: ThriftField, of element: ThriftType) throws(ParquetError) -> Int {
    guard field.type == .list else { throw wrongType(field, expected: "a list") }
    let start = byteOffset
    let (type, count) = try readListHeader()
    // Both types of booleans stand for lists of them; an empty list's type says nothing.
    let isRight = type == element.rawValue || element == .booleanTrue && type == ThriftType.booleanFalse.rawValue
    guard isRight || count == 0 else { throw error(.thriftType(found: type, expected: "a list of type \(element.rawValue)"), at: start) }
    return count
  }

  // MARK: - Plain values

  @_lifetime(self: copy self)
  mutating func readByte() throws(ParquetError) -> UInt8 {
    guard byteOffset < bytes.byteCount else { throw error(.endOfData(needed: 1, remaining: 0), at: byteOffset) }
    defer { byteOffset &+= 1 }
    return bytes.littleEndianUInt8(at: byteOffset)
  }

  @_lifetime(self: copy self)
  mutating func readInt16() throws(ParquetError) -> Int16 {
    let start = byteOffset
    guard let value = Int16(exactly: try readInt64()) else { throw error(.numberTooLarge(type: "an i16"), at: start) }
    return value
  }

  @_lifetime(self: copy self)
  mutating func readInt32() throws(ParquetError) -> Int32 {
    let start = byteOffset
    guard let value = Int32(exactly: try readInt64()) else { throw error(.numberTooLarge(type: "an i32"), at: start) }
    return value
  }

  @_lifetime(self: copy self)
  mutating func readInt64() throws(ParquetError) -> Int {
    let zigzag = try readVarint()
    return Int(bitPattern: UInt(zigzag >> 1)) ^ -Int(bitPattern: UInt(zigzag & 1))
  }

  /// A boolean that is a list's element; unlike a field's it is a byte of its own: 1 is true, 0 and 2 are false.
  @_lifetime(self: copy self)
  mutating func readListedBool() throws(ParquetError) -> Bool {
    let byte = try readByte()
    guard byte <= 2 else { throw error(.invalid("a boolean", found: "\(byte)", expected: "0, 1 or 2"), at: byteOffset - 1) }
    return byte == 1
  }

  @_lifetime(self: copy self)
  mutating func readBinary() throws(ParquetError) -> Range<Int> {
    let start = byteOffset
    let length = try readVarint()
    guard length <= UInt64(remaining) else {
      defer { byteOffset = start }
      throw error(.endOfData(needed: Int(clamping: length), remaining: remaining), at: byteOffset)
    }
    let first = byteOffset
    byteOffset += Int(length)
    return first..<byteOffset
  }

  @_lifetime(self: copy self)
  mutating func readListHeader() throws(ParquetError) -> (type: UInt8, count: Int) {
    let start = byteOffset
    let header = try readByte()
    let count = header >> 4 == 15 ? try readVarint() : UInt64(header >> 4)
    // Every element has at least one byte.
    guard count <= UInt64(remaining) else { throw error(.endOfData(needed: Int(clamping: count), remaining: remaining), at: start) }
    return (header & 0xF, Int(count))
  }

  @_lifetime(self: copy self)
  mutating func readVarint() throws(ParquetError) -> UInt64 {
    let start = byteOffset
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try readByte()
      value |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 {
        // The tenth byte has room for one bit.
        guard shift < 63 || byte <= 1 else { throw error(.numberTooLarge(type: "64 bits"), at: start) }
        return value
      }
      shift &+= 7
      guard shift <= 63 else { throw error(.numberTooLarge(type: "ten bytes"), at: start) }
    }
  }

  // MARK: - Errors

  /// An error at a place of `bytes`.
  func error(_ problem: ParquetError.Problem, at byteOffset: Int) -> ParquetError {
    ParquetError(part, byteOffset: fileByteOffset + byteOffset, problem)
  }

  func wrongType(_ field: ThriftField, expected: String) -> ParquetError {
    error(.thriftType(found: field.type.rawValue, expected: "\(expected) for field \(field.number)"), at: field.byteOffset)
  }
}
