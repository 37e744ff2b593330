// Reads tables of flatbuffers, untrusted.

internal import ByteParsing

/// Every read is checked. Offsets have 32 bits, so that sums of them fit an Int.
struct Flatbuffer: ~Escapable {
  let bytes: RawSpan

  /// A table: where it begins, and where and how long the table of its fields' places is.
  struct Table {
    var byteOffset: Int
    var fieldsOffset: Int
    var fieldsByteCount: Int
  }

  /// A vector of tables: where its offsets begin, and how many they are.
  struct Vector {
    var byteOffset: Int
    var count: Int
  }

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  /// The buffer's root.
  func root() throws(ParquetError) -> Table { try table(at: try target(of: 0)) }

  // MARK: - Fields of tables

  func uint8(_ field: Int, of table: Table) throws(ParquetError) -> UInt8? {
    guard let place = try place(field, of: table) else { return nil }
    try check(place, 1)
    return bytes.littleEndianUInt8(at: place)
  }

  func int16(_ field: Int, of table: Table) throws(ParquetError) -> Int16? {
    guard let place = try place(field, of: table) else { return nil }
    return Int16(bitPattern: try uint16(at: place))
  }

  func int32(_ field: Int, of table: Table) throws(ParquetError) -> Int32? {
    guard let place = try place(field, of: table) else { return nil }
    return Int32(bitPattern: try uint32(at: place))
  }

  func table(_ field: Int, of table: Table) throws(ParquetError) -> Table? {
    guard let place = try place(field, of: table) else { return nil }
    return try self.table(at: try target(of: place))
  }

  /// Where a string's bytes lie.
  func string(_ field: Int, of table: Table) throws(ParquetError) -> Range<Int>? {
    guard let place = try place(field, of: table) else { return nil }
    let start = try target(of: place)
    let count = Int(try uint32(at: start))
    try check(start + 4, count)
    return start + 4..<start + 4 + count
  }

  /// A vector of tables, empty when the table has not got it. Nothing of it is read: any number of tables may share one that is long.
  func vector(_ field: Int, of table: Table) throws(ParquetError) -> Vector {
    guard let place = try place(field, of: table) else { return Vector(byteOffset: 0, count: 0) }
    let start = try target(of: place)
    let count = Int(try uint32(at: start))
    try check(start + 4, 4 * count)
    return Vector(byteOffset: start + 4, count: count)
  }

  /// - Precondition: `index` is less than the vector's count.
  func element(_ index: Int, of vector: Vector) throws(ParquetError) -> Table {
    precondition(index >= 0 && index < vector.count)
    return try table(at: try target(of: vector.byteOffset + 4 * index))
  }

  // MARK: - Places

  func table(at byteOffset: Int) throws(ParquetError) -> Table {
    let fields = byteOffset - Int(Int32(bitPattern: try uint32(at: byteOffset)))
    guard fields >= 0 else { throw outside(byteOffset) }
    let byteCount = Int(try uint16(at: fields))
    try check(fields, byteCount)
    return Table(byteOffset: byteOffset, fieldsOffset: fields, fieldsByteCount: byteCount)
  }

  /// Where an offset leads to.
  func target(of byteOffset: Int) throws(ParquetError) -> Int { byteOffset + Int(try uint32(at: byteOffset)) }

  /// Where a field lies; nil when the table has not got it.
  private func place(_ field: Int, of table: Table) throws(ParquetError) -> Int? {
    let entry = 4 + 2 * field
    guard entry + 2 <= table.fieldsByteCount else { return nil }
    let distance = Int(try uint16(at: table.fieldsOffset + entry))
    return distance == 0 ? nil : table.byteOffset + distance
  }

  private func uint16(at byteOffset: Int) throws(ParquetError) -> UInt16 {
    try check(byteOffset, 2)
    return bytes.littleEndianUInt16(at: byteOffset)
  }

  private func uint32(at byteOffset: Int) throws(ParquetError) -> UInt32 {
    try check(byteOffset, 4)
    return bytes.littleEndianUInt32(at: byteOffset)
  }

  private func check(_ byteOffset: Int, _ byteCount: Int) throws(ParquetError) {
    guard byteOffset >= 0, byteOffset <= bytes.byteCount, byteCount <= bytes.byteCount - byteOffset else { throw outside(byteOffset) }
  }

  private func outside(_ byteOffset: Int) -> ParquetError {
    ParquetError(.arrowSchema, byteOffset: byteOffset, .invalid("a place", found: "byte \(byteOffset)", expected: "within the \(bytes.byteCount) bytes"))
  }
}
