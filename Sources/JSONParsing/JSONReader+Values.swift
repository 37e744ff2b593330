// Numbers, booleans and null, and values nobody wants.

internal import ByteParsing

extension JSONReader {
  /// Reads a whole number, exactly.
  @_lifetime(self: copy self)
  public mutating func readInt() throws(JSONError) -> Int {
    let (range, isInteger) = try scanNumber()
    guard isInteger else { throw error(.notAnInteger, at: range.lowerBound) }
    let isNegative = byte(at: range.lowerBound) == UInt8(ascii: "-")
    guard let magnitude = magnitude(of: isNegative ? range.dropFirst() : range) else {
      throw error(.numberOutOfRange(type: "a signed 64-bit integer"), at: range.lowerBound)
    }
    // -2^63 has no positive counterpart: the magnitude is negated bit by bit.
    let value = isNegative ? Int(truncatingIfNeeded: 0 &- magnitude) : Int(truncatingIfNeeded: magnitude)
    guard isNegative ? magnitude <= UInt64(Int.max) + 1 : magnitude <= UInt64(Int.max) else {
      throw error(.numberOutOfRange(type: "a signed 64-bit integer"), at: range.lowerBound)
    }
    return value
  }

  /// Reads a whole number that is not negative, exactly.
  @_lifetime(self: copy self)
  public mutating func readUInt64() throws(JSONError) -> UInt64 {
    let (range, isInteger) = try scanNumber()
    guard isInteger else { throw error(.notAnInteger, at: range.lowerBound) }
    guard byte(at: range.lowerBound) != UInt8(ascii: "-"), let magnitude = magnitude(of: range) else {
      throw error(.numberOutOfRange(type: "an unsigned 64-bit integer"), at: range.lowerBound)
    }
    return magnitude
  }

  /// Reads a number as the nearest double; one too large for any is an error.
  @_lifetime(self: copy self)
  public mutating func readDouble() throws(JSONError) -> Double {
    if let nonFinite = try readNonFinite() { return nonFinite }
    let (range, isInteger) = try scanNumber()
    // Whole numbers below 2^53 are doubles exactly.
    if isInteger, range.count <= 15 {
      let isNegative = byte(at: range.lowerBound) == UInt8(ascii: "-")
      if let magnitude = magnitude(of: isNegative ? range.dropFirst() : range) { return isNegative ? -Double(magnitude) : Double(magnitude) }
    }
    let text = String(decoding: range.map { byte(at: $0) }, as: UTF8.self)
    guard let value = Double(text) else { throw error(.invalidNumber, at: range.lowerBound) }
    guard value.isFinite else { throw error(.numberOutOfRange(type: "a double"), at: range.lowerBound) }
    return value
  }

  @_lifetime(self: copy self)
  public mutating func readBool() throws(JSONError) -> Bool {
    let kind = try peekKind()
    guard kind == .boolean else { throw error(.unexpectedKind(kind, expected: JSONKind.boolean.description)) }
    if byte(at: byteOffset) == UInt8(ascii: "t") {
      try readWord("true")
      return true
    }
    try readWord("false")
    return false
  }

  /// Reads null if it is next; says whether it was.
  @_lifetime(self: copy self)
  public mutating func readNullIfPresent() throws(JSONError) -> Bool {
    guard try peekKind() == .null else { return false }
    try readWord("null")
    return true
  }

  @_lifetime(self: copy self)
  public mutating func readNull() throws(JSONError) {
    let kind = try peekKind()
    guard try readNullIfPresent() else { throw error(.unexpectedKind(kind, expected: JSONKind.null.description)) }
  }

  /// Goes over a value of any kind and answers where its text stands. Its syntax is checked, the escapes of its strings are not.
  @_lifetime(self: copy self)
  @discardableResult
  public mutating func skipValue() throws(JSONError) -> Range<Int> {
    let kind = try peekKind()
    let start = byteOffset
    switch kind {
    case .object:
      try beginObject()
      while try nextKey() { try skipValue() }
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .string: _ = try scanString()
    case .number: if try readNonFinite() == nil { _ = try scanNumber() }
    case .boolean: _ = try readBool()
    case .null: try readWord("null")
    }
    return start..<byteOffset
  }

  // MARK: - Numbers

  /// Goes over a number and answers where it stands and whether it has neither fraction nor exponent.
  @_lifetime(self: copy self)
  private mutating func scanNumber() throws(JSONError) -> (range: Range<Int>, isInteger: Bool) {
    let kind = try peekKind()
    guard kind == .number else { throw error(.unexpectedKind(kind, expected: JSONKind.number.description)) }
    let start = byteOffset
    var isInteger = true
    if try currentByte() == UInt8(ascii: "-") { byteOffset += 1 }
    let leading = byteOffset
    try skipDigits()
    guard byteOffset == leading + 1 || byte(at: leading) != UInt8(ascii: "0") else { throw error(.invalidNumber, at: start) }
    if byteOffset < bytes.byteCount, byte(at: byteOffset) == UInt8(ascii: ".") {
      isInteger = false
      byteOffset += 1
      try skipDigits()
    }
    if byteOffset < bytes.byteCount, byte(at: byteOffset) | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      byteOffset += 1
      let sign = try currentByte()
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { byteOffset += 1 }
      try skipDigits()
    }
    guard byteOffset - start <= stringByteLimit else { throw error(.stringTooLong(limit: stringByteLimit), at: start) }
    return (start..<byteOffset, isInteger)
  }

  /// Goes over one digit and all that follow.
  @_lifetime(self: copy self)
  private mutating func skipDigits() throws(JSONError) {
    let start = byteOffset
    while byteOffset < bytes.byteCount, Self.isDigit(byte(at: byteOffset)) { byteOffset += 1 }
    guard byteOffset > start else { throw byteOffset < bytes.byteCount ? error(.invalidNumber) : error(.endOfText) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  /// The number that digits spell, nil when it exceeds 64 bits.
  private func magnitude(of digits: Range<Int>) -> UInt64? {
    var value: UInt64 = 0
    for offset in digits {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(byte(at: offset) - UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  /// Reads `NaN`, `Infinity` or `-Infinity` if that is next and allowed.
  @_lifetime(self: copy self)
  private mutating func readNonFinite() throws(JSONError) -> Double? {
    skipWhitespace()
    guard acceptsNonFinite else { return nil }
    switch try currentByte() {
    case UInt8(ascii: "N"):
      try readWord("NaN")
      return .nan
    case UInt8(ascii: "I"):
      try readWord("Infinity")
      return .infinity
    case UInt8(ascii: "-"):
      guard byteOffset + 1 < bytes.byteCount, byte(at: byteOffset + 1) == UInt8(ascii: "I") else { return nil }
      try readWord("-Infinity")
      return -.infinity
    default: return nil
    }
  }

  /// Goes over exactly this word.
  @_lifetime(self: copy self)
  private mutating func readWord(_ word: StaticString) throws(JSONError) {
    for index in 0..<word.utf8CodeUnitCount {
      // Sound: inside the literal's bytes.
      guard try unsafe currentByte() == word.utf8Start[index] else { throw unexpectedByte(expected: "'\(word)'") }
      byteOffset += 1
    }
  }
}
