// Walks a JSON text from front to back, without building a tree of it.

internal import ByteParsing

/// A pull parser over a whole text of UTF-8 (RFC 8259), untrusted.
///
///     try reader.beginObject()
///     while try reader.nextKey() {
///       if reader.keyEquals("samples") { count = try reader.readInt() } else { try reader.skipValue() }
///     }
///     try reader.finish()
///
/// After an error the reader is of no further use.
public struct JSONReader: ~Escapable {
  /// Objects and arrays may be nested so deep.
  public static let depthLimit = 64
  /// The length in bytes of a string or number when nothing else is said.
  public static let defaultStringByteLimit = 1 << 20

  public let bytes: RawSpan
  /// The next byte to look at, from the start of the text.
  public internal(set) var byteOffset: Int
  /// Whether `NaN`, `Infinity` and `-Infinity` are numbers, as Python writes them.
  let acceptsNonFinite: Bool
  let stringByteLimit: Int
  /// The number of open objects and arrays.
  private var depth = 0
  /// Bit d: whether level d is an object.
  private var isObject: UInt64 = 0
  /// Bit d: whether level d had an element.
  private var hasElement: UInt64 = 0
  /// The raw text of the latest key, between its quotation marks.
  var keyRange = 0..<0
  /// The decoded bytes of the latest key, where it has escapes.
  var decodedKey: [UInt8]?

  /// `startingAt`: where the value to read begins, as `skipValue` answered it; places in errors count from the start of the text all the same.
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan, startingAt byteOffset: Int = 0, acceptsNonFinite: Bool = false, stringByteLimit: Int = defaultStringByteLimit) {
    precondition(byteOffset >= 0 && byteOffset <= bytes.byteCount)
    self.bytes = bytes
    self.byteOffset = byteOffset
    self.acceptsNonFinite = acceptsNonFinite
    self.stringByteLimit = stringByteLimit
  }

  /// The kind of the next value, which is not read.
  @_lifetime(self: copy self)
  public mutating func peekKind() throws(JSONError) -> JSONKind {
    skipWhitespace()
    switch try currentByte() {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "N"), UInt8(ascii: "I"): if acceptsNonFinite { return .number }
    default: break
    }
    throw unexpectedByte(expected: "a value")
  }

  // MARK: - Objects and arrays

  @_lifetime(self: copy self)
  public mutating func beginObject() throws(JSONError) { try begin(.object) }

  @_lifetime(self: copy self)
  public mutating func beginArray() throws(JSONError) { try begin(.array) }

  /// Goes to the value of the next key of the current object; false at the object's end, which is then closed.
  @_lifetime(self: copy self)
  public mutating func nextKey() throws(JSONError) -> Bool {
    precondition(depth > 0 && isObject & (1 << UInt64(depth - 1)) != 0, "no object is open")
    guard try next(closing: UInt8(ascii: "}")) else { return false }
    guard try currentByte() == UInt8(ascii: "\"") else { throw unexpectedByte(expected: "a key") }
    try readKey()
    skipWhitespace()
    guard try currentByte() == UInt8(ascii: ":") else { throw unexpectedByte(expected: "a colon") }
    byteOffset += 1
    return true
  }

  /// Goes to the next element of the current array; false at the array's end, which is then closed.
  @_lifetime(self: copy self)
  public mutating func nextElement() throws(JSONError) -> Bool {
    precondition(depth > 0 && isObject & (1 << UInt64(depth - 1)) == 0, "no array is open")
    return try next(closing: UInt8(ascii: "]"))
  }

  /// Checks that nothing but whitespace follows.
  @_lifetime(self: copy self)
  public mutating func finish() throws(JSONError) {
    precondition(depth == 0, "an object or array is open")
    skipWhitespace()
    guard byteOffset == bytes.byteCount else { throw error(.bytesAfterValue) }
  }

  @_lifetime(self: copy self)
  private mutating func begin(_ kind: JSONKind) throws(JSONError) {
    let found = try peekKind()
    guard found == kind else { throw error(.unexpectedKind(found, expected: kind.description)) }
    guard depth < Self.depthLimit else { throw error(.tooDeep(limit: Self.depthLimit)) }
    let bit: UInt64 = 1 << UInt64(depth)
    if kind == .object { isObject |= bit } else { isObject &= ~bit }
    hasElement &= ~bit
    depth += 1
    byteOffset += 1
  }

  /// Goes over the comma before an element, or over the closing bracket.
  @_lifetime(self: copy self)
  private mutating func next(closing: UInt8) throws(JSONError) -> Bool {
    skipWhitespace()
    let bit: UInt64 = 1 << UInt64(depth - 1)
    let byte = try currentByte()
    if byte == closing {
      byteOffset += 1
      depth -= 1
      return false
    }
    if hasElement & bit != 0 {
      guard byte == UInt8(ascii: ",") else { throw unexpectedByte(expected: closing == UInt8(ascii: "}") ? "a comma or '}'" : "a comma or ']'") }
      byteOffset += 1
      skipWhitespace()
    }
    hasElement |= bit
    return true
  }

  // MARK: - Bytes

  @_lifetime(self: copy self)
  mutating func skipWhitespace() {
    while byteOffset < bytes.byteCount {
      switch byte(at: byteOffset) {
      case 0x20, 0x0A, 0x0D, 0x09: byteOffset += 1
      default: return
      }
    }
  }

  func byte(at offset: Int) -> UInt8 { bytes.littleEndianUInt8(at: offset) }

  func currentByte() throws(JSONError) -> UInt8 {
    guard byteOffset < bytes.byteCount else { throw error(.endOfText) }
    return byte(at: byteOffset)
  }

  // MARK: - Errors

  /// An error at the current place.
  func error(_ problem: JSONError.Problem) -> JSONError { error(problem, at: byteOffset) }

  /// An error at a place of the text; counts its lines.
  public func error(_ problem: JSONError.Problem, at byteOffset: Int) -> JSONError {
    JSONError(byteOffset: byteOffset, line: line(at: byteOffset), problem: problem)
  }

  /// The line of a byte, from 1.
  public func line(at byteOffset: Int) -> Int {
    var line = 1
    for offset in 0..<min(max(byteOffset, 0), bytes.byteCount) where byte(at: offset) == 0x0A { line += 1 }
    return line
  }

  func unexpectedByte(expected: String) -> JSONError {
    guard byteOffset < bytes.byteCount else { return error(.endOfText) }
    return error(.unexpectedByte(byte(at: byteOffset), expected: expected))
  }
}
