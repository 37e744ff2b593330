// Strings and keys: found by eight bytes at a time, decoded only where they have escapes.

internal import ByteParsing

extension JSONReader {
  /// Reads a string.
  @_lifetime(self: copy self)
  public mutating func readString() throws(JSONError) -> String {
    var decoded: [UInt8] = []
    _ = try readString(appendingTo: &decoded)
    // Valid already: nothing is replaced.
    return String(decoding: decoded, as: UTF8.self)
  }

  /// Reads a string, appends its UTF-8 bytes to `pool`, and answers how many they are.
  @_lifetime(self: copy self)
  public mutating func readString(appendingTo pool: inout [UInt8]) throws(JSONError) -> Int {
    let kind = try peekKind()
    guard kind == .string else { throw error(.unexpectedKind(kind, expected: JSONKind.string.description)) }
    let (range, hasEscapes) = try scanString()
    let before = pool.count
    if hasEscapes { try appendDecoded(range, to: &pool) } else { append(range, to: &pool) }
    return pool.count - before
  }

  // MARK: - Keys

  /// Whether the latest key is `name`.
  public func keyEquals(_ name: StaticString) -> Bool {
    precondition(name.hasPointerRepresentation)
    if let decodedKey {
      return decodedKey.count == name.utf8CodeUnitCount && Self.equal(decodedKey, name)
    }
    guard keyRange.count == name.utf8CodeUnitCount else { return false }
    for index in 0..<keyRange.count {
      // Sound: inside the literal's bytes, which live as long as the program.
      if unsafe byte(at: keyRange.lowerBound + index) != name.utf8Start[index] { return false }
    }
    return true
  }

  /// Whether the latest key is the UTF-8 `name`.
  public func keyEquals(_ name: [UInt8]) -> Bool {
    if let decodedKey { return decodedKey == name }
    guard keyRange.count == name.count else { return false }
    for index in name.indices where byte(at: keyRange.lowerBound + index) != name[index] { return false }
    return true
  }

  /// The latest key.
  public var key: String {
    if let decodedKey { return String(decoding: decodedKey, as: UTF8.self) }
    var key: [UInt8] = []
    append(keyRange, to: &key)
    return String(decoding: key, as: UTF8.self)
  }

  @_lifetime(self: copy self)
  mutating func readKey() throws(JSONError) {
    let (range, hasEscapes) = try scanString()
    keyRange = range
    if hasEscapes {
      var key: [UInt8] = []
      try appendDecoded(range, to: &key)
      decodedKey = key
    } else if decodedKey != nil {
      decodedKey = nil
    }
  }

  private static func equal(_ bytes: [UInt8], _ name: StaticString) -> Bool {
    // Sound: the caller compared the lengths.
    bytes.indices.allSatisfy { unsafe bytes[$0] == name.utf8Start[$0] }
  }

  // MARK: - Scanning

  /// Goes over a string, whose opening quotation mark is the current byte, checks its bytes, and answers what stands between its marks.
  @_lifetime(self: copy self)
  mutating func scanString() throws(JSONError) -> (range: Range<Int>, hasEscapes: Bool) {
    let start = byteOffset + 1
    var offset = start
    var hasEscapes = false
    let end = bytes.byteCount
    while true {
      while end - offset >= 8, !Self.hasSpecialByte(bytes.littleEndianUInt64(at: offset)) { offset += 8 }
      guard offset < end else { throw error(.endOfText, at: end) }
      guard offset - start <= stringByteLimit else { throw error(.stringTooLong(limit: stringByteLimit), at: start - 1) }
      let byte = byte(at: offset)
      switch byte {
      case UInt8(ascii: "\""):
        byteOffset = offset + 1
        guard offset - start <= stringByteLimit else { throw error(.stringTooLong(limit: stringByteLimit), at: start - 1) }
        return (start..<offset, hasEscapes)
      case UInt8(ascii: "\\"):
        // What follows the backslash is judged when it is decoded; here it only must not end the string.
        hasEscapes = true
        offset += 1
        guard offset < end else { throw error(.endOfText, at: end) }
        guard self.byte(at: offset) >= 0x20, self.byte(at: offset) < 0x80 else { throw error(.invalidEscape, at: offset) }
        offset += 1
      case 0..<0x20: throw error(.controlCharacterInString(byte), at: offset)
      case 0x80...:
        let length = sequenceLength(at: offset)
        guard length > 0 else { throw error(.invalidUnicode, at: offset) }
        offset += length
      default: offset += 1
      }
    }
  }

  /// Whether one of eight bytes is a quotation mark, a backslash, a control character or not ASCII.
  private static func hasSpecialByte(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let isZero = ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
    let isControl = (word &- (ones &* 0x20)) & ~word
    return (isZero | isControl | word) & highs != 0
  }

  /// The length of the UTF-8 sequence of two to four bytes at `offset`, 0 when it is not valid.
  private func sequenceLength(at offset: Int) -> Int {
    let first = byte(at: offset)
    let (length, secondRange): (Int, ClosedRange<UInt8>) =
      switch first {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0x80...0xBF)
      }
    guard length > 0, bytes.byteCount - offset >= length, secondRange.contains(byte(at: offset + 1)) else { return 0 }
    for index in 2..<max(length, 2) where byte(at: offset + index) & 0xC0 != 0x80 { return 0 }
    return length
  }

  // MARK: - Decoding

  private func append(_ range: Range<Int>, to pool: inout [UInt8]) {
    // Sound: the buffer lives for the whole call, and is copied.
    unsafe bytes.extracting(range).withUnsafeBytes { unsafe pool.append(contentsOf: $0) }
  }

  /// Appends the text of a scanned string with its escapes replaced.
  private func appendDecoded(_ range: Range<Int>, to pool: inout [UInt8]) throws(JSONError) {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let byte = byte(at: offset)
      guard byte == UInt8(ascii: "\\") else {
        pool.append(byte)
        offset += 1
        continue
      }
      // In bounds: the scan saw a byte after every backslash.
      let escape = self.byte(at: offset + 1)
      if escape == UInt8(ascii: "u") {
        let (scalar, length) = try escapedScalar(at: offset, end: range.upperBound)
        pool.append(contentsOf: scalar.utf8)
        offset += length
      } else {
        guard let plain = Self.plainByte(ofEscape: escape) else { throw error(.invalidEscape, at: offset) }
        pool.append(plain)
        offset += 2
      }
    }
  }

  private static func plainByte(ofEscape byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// The scalar of `\uXXXX`, or of a pair of them, and the bytes it takes.
  private func escapedScalar(at offset: Int, end: Int) throws(JSONError) -> (Unicode.Scalar, length: Int) {
    let first = try escapedUnit(at: offset, end: end)
    if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
    guard first < 0xDC00, offset + 12 <= end, byte(at: offset + 6) == UInt8(ascii: "\\"), byte(at: offset + 7) == UInt8(ascii: "u") else {
      throw error(.invalidUnicode, at: offset)
    }
    let second = try escapedUnit(at: offset + 6, end: end)
    guard second >= 0xDC00, second < 0xE000, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) else {
      throw error(.invalidUnicode, at: offset)
    }
    return (scalar, 12)
  }

  /// The number of the four hexadecimal digits after `\u`.
  private func escapedUnit(at offset: Int, end: Int) throws(JSONError) -> UInt32 {
    guard offset + 6 <= end else { throw error(.invalidEscape, at: offset) }
    var unit: UInt32 = 0
    for index in 2..<6 {
      let byte = byte(at: offset + index)
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default: throw error(.invalidEscape, at: offset)
      }
    }
    return unit
  }
}
