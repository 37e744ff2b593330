// Finds the values of one row after the other.

internal import ByteParsing
internal import JSONParsing

/// Reads the rows of one shard's data. Belongs to one thread.
///
///     try reader.read(sample: 7, table.range(ofSample: 7, in: meta), in: data)
///     let id = try reader.integer(column: 0, in: data)
public struct TextRowReader: Sendable {
  public let columns: [TextColumn]
  private let dialect: TextDialect
  private let keys: [[UInt8]]
  /// The row that was read last, and where its values stand in the data: the text between separators, or the JSON value.
  private var sample = 0
  private var values: [Range<Int>]

  public init(dialect: TextDialect, columns: [TextColumn]) {
    self.dialect = dialect
    self.columns = columns
    keys = columns.map { Array($0.name.utf8) }
    values = Array(repeating: 0..<0, count: columns.count)
  }

  /// Checks what stands before the first row.
  public func checkHeader(_ table: TextShardTable, in data: RawSpan) throws(TextShardError) {
    var expected: [UInt8] = []
    if case .separated(let separator, let newline) = dialect { expected = Array(keys.joined(separator: separator)) + newline }
    let found = Self.bytes(data, 0..<table.firstByteOffset, limit: expected.count + 1)
    guard found == expected else {
      throw .header(found: String(decoding: found.prefix(200), as: UTF8.self), expected: String(decoding: expected.prefix(200), as: UTF8.self))
    }
  }

  // MARK: - A row

  /// Goes to a row, whose extent in `data` is `range`, and finds its values.
  public mutating func read(sample: Int, _ range: Range<Int>, in data: RawSpan) throws(TextShardError) {
    self.sample = sample
    let newline = dialect.newline
    let end = range.upperBound - newline.count
    guard end >= range.lowerBound, Self.matches(newline, at: end, in: data) else { throw .noNewline(sample: sample, byteOffset: range.lowerBound) }
    switch dialect {
    case .json: try readObject(range.lowerBound..<end, in: data)
    case .separated(let separator, _): try split(range.lowerBound..<end, separator, in: data)
    }
  }

  private mutating func split(_ row: Range<Int>, _ separator: [UInt8], in data: RawSpan) throws(TextShardError) {
    var count = 0
    var begin = row.lowerBound
    var offset = row.lowerBound
    let first = separator[0]
    while offset <= row.upperBound - separator.count {
      if data.littleEndianUInt8(at: offset) == first, Self.matches(separator, at: offset, in: data) {
        if count < values.count { values[count] = begin..<offset }
        count += 1
        offset += separator.count
        begin = offset
      } else {
        offset += 1
      }
    }
    if count < values.count { values[count] = begin..<row.upperBound }
    count += 1
    guard count == values.count else { throw .fieldCount(sample: sample, byteOffset: row.lowerBound, found: count, expected: values.count) }
  }

  private mutating func readObject(_ row: Range<Int>, in data: RawSpan) throws(TextShardError) {
    for place in values.indices { values[place] = 0..<0 }
    let start = row.lowerBound
    do throws(JSONError) {
      var reader = JSONReader(data.extracting(row), acceptsNonFinite: true, stringByteLimit: .max)
      try reader.beginObject()
      var next = 0
      while try reader.nextKey() {
        // The writers sort the keys, as the columns are.
        let column = next < keys.count && reader.keyEquals(keys[next]) ? next : keys.firstIndex { reader.keyEquals($0) }
        let value = try reader.skipValue()
        if let column {
          values[column] = start + value.lowerBound..<start + value.upperBound
          next = column + 1
        }
      }
      try reader.finish()
    } catch {
      throw .json(sample: sample, byteOffset: start, error)
    }
    // A value takes at least one byte.
    if let missing = values.firstIndex(where: \.isEmpty) { throw .missingColumn(columns[missing].name, sample: sample, byteOffset: start) }
  }

  // MARK: - Values of the row

  /// The value of an `int` column. Of JSON rows also true and false, as 1 and 0: Python's booleans are whole numbers, and its writer takes them.
  public func integer(column: Int, in data: RawSpan) throws(TextShardError) -> Int64 {
    let range = values[column]
    guard case .json = dialect else {
      guard let value = TextNumbers.integer(range, in: data) else { throw wrong(column, data, "a whole number of 64 bits") }
      return value
    }
    do throws(JSONError) {
      var reader = JSONReader(data.extracting(range), stringByteLimit: 4096)
      if try reader.peekKind() == .boolean { return try reader.readBool() ? 1 : 0 }
      return Int64(try reader.readInt())
    } catch {
      throw wrong(column, data, "a whole number of 64 bits")
    }
  }

  /// The value of a `float` column.
  public func double(column: Int, in data: RawSpan) throws(TextShardError) -> Double {
    let range = values[column]
    guard case .json = dialect else {
      guard let value = TextNumbers.double(range, in: data) else { throw wrong(column, data, "a number") }
      return value
    }
    do throws(JSONError) {
      var reader = JSONReader(data.extracting(range), acceptsNonFinite: true, stringByteLimit: 4096)
      return try reader.readDouble()
    } catch {
      throw wrong(column, data, "a number")
    }
  }

  /// Appends the value of a `str` column as UTF-8, or of one with an unknown encoding as it is spelled.
  public func appendText(column: Int, in data: RawSpan, to bytes: inout [UInt8]) throws(TextShardError) {
    let range = values[column]
    guard columns[column].encoding == .string else { return Self.append(data, range, to: &bytes) }
    guard case .json = dialect else {
      guard TextNumbers.isUTF8(range, in: data) else { throw wrong(column, data, "UTF-8") }
      return Self.append(data, range, to: &bytes)
    }
    do throws(JSONError) {
      var reader = JSONReader(data.extracting(range), stringByteLimit: .max)
      _ = try reader.readString(appendingTo: &bytes)
    } catch {
      throw wrong(column, data, "a text")
    }
  }

  private func wrong(_ column: Int, _ data: RawSpan, _ expected: String) -> TextShardError {
    let found = Self.bytes(data, values[column], limit: 64)
    return .value(
      sample: sample, column: columns[column].name, byteOffset: values[column].lowerBound,
      found: "'\(String(decoding: found, as: UTF8.self))'\(found.count < values[column].count ? "..." : "")", expected: expected)
  }

  // MARK: - Bytes

  @inline(__always)
  private static func matches(_ text: [UInt8], at byteOffset: Int, in data: RawSpan) -> Bool {
    for index in text.indices where data.littleEndianUInt8(at: byteOffset + index) != text[index] { return false }
    return true
  }

  private static func bytes(_ data: RawSpan, _ range: Range<Int>, limit: Int) -> [UInt8] { range.prefix(limit).map { data.littleEndianUInt8(at: $0) } }

  private static func append(_ data: RawSpan, _ range: Range<Int>, to bytes: inout [UInt8]) {
    // Sound: the buffer lives for the whole call, and is copied.
    unsafe data.extracting(range).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
}
