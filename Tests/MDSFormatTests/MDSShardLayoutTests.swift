// Shards whose counts, offsets and lengths do not agree.

import MDSFormat
import NumPyFormat
import Testing

struct MDSShardLayoutTests {
  /// The annotated shard of the format's description: columns s (text) and x (int32), three samples.
  static let schema = MDSSchema(columns: [
    MDSColumn(name: "s", encoding: .string, fixedByteCount: nil), MDSColumn(name: "x", encoding: .scalar(.int32), fixedByteCount: 4),
  ])
  static let text =
    #"{"column_encodings": ["str", "int32"], "column_names": ["s", "x"], "column_sizes": [null, 4], "compression": null, "format": "mds", "hashes": [], "size_limit": null, "version": 2}"#
  static let shard: [UInt8] =
    [3, 0, 0, 0, 0xC7, 0, 0, 0, 0xD1, 0, 0, 0, 0xD9, 0, 0, 0, 0xE3, 0, 0, 0] + Array(text.utf8)
    + [2, 0, 0, 0, 0x61, 0x62, 7, 0, 0, 0] + [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF] + [2, 0, 0, 0, 0xC3, 0xA9, 0, 1, 0, 0]

  static func layout(_ bytes: [UInt8] = shard, sampleCount: Int = 3) throws -> MDSShardLayout { try Fixtures.layout(bytes, sampleCount: sampleCount, schema) }

  /// The shard with one 32-bit word replaced.
  static func changed(_ byteOffset: Int, _ word: UInt32) -> [UInt8] {
    var bytes = shard
    for place in 0..<4 { bytes[byteOffset + place] = UInt8(truncatingIfNeeded: word >> UInt32(8 * place)) }
    return bytes
  }

  @Test func findsFieldsOfFixedAndVaryingSize() throws {
    #expect(Self.shard.count == 227)
    let layout = try Self.layout()
    #expect(try layout.offsets(1, 4, Self.shard) == [205, 213, 223])
    #expect(try (0..<3).map { try layout.range($0, 0, Self.shard) } == [203..<205, 213..<213, 221..<223])
    #expect(try (0..<3).map { try layout.range($0, 1, Self.shard) } == [205..<209, 213..<217, 223..<227])
  }

  @Test func valuesOfAnotherLengthAreNamed() throws {
    let layout = try Self.layout()
    #expect(throws: MDSError.fieldByteCount(sample: 1, column: "s", byteOffset: 213, found: 0, expected: 2)) { try layout.offsets(0, 2, Self.shard) }
    #expect(throws: MDSError.fieldByteCount(sample: 0, column: "x", byteOffset: 205, found: 4, expected: 8)) { try layout.offsets(1, 8, Self.shard) }
  }

  @Test(arguments: [-1, 3, Int.max, Int.min])
  func samplesThatAreNotThereAreErrors(sample: Int) throws {
    let layout = try Self.layout()
    #expect(throws: MDSError.noSample(sample, sampleCount: 3)) { try layout.range(sample, 0, Self.shard) }
  }

  @Test func countsMustAgree() {
    #expect(throws: MDSError.sampleCount(found: 3, expected: 4)) { try Self.layout(sampleCount: 4) }
    #expect(throws: MDSError.shardTooShort(found: 7, expected: 8)) { try Self.layout(Array(Self.shard[..<7])) }
    #expect(throws: MDSError.shardTooShort(found: 19, expected: 20)) { try Self.layout(Array(Self.shard[..<19])) }
    #expect(throws: MDSError.shardTooShort(found: 227, expected: 17_179_869_188)) { try Self.layout(Self.changed(0, .max), sampleCount: Int(UInt32.max)) }
  }

  @Test func offsetsMustRiseFromTheTableToTheEnd() {
    #expect(throws: MDSError.sampleOffset(entry: 0, byteOffset: 4, found: 19, expected: 20...227)) { try Self.layout(Self.changed(4, 19)) }
    #expect(throws: MDSError.sampleOffset(entry: 1, byteOffset: 8, found: 228, expected: 199...227)) { try Self.layout(Self.changed(8, 228)) }
    #expect(throws: MDSError.sampleOffset(entry: 2, byteOffset: 12, found: 208, expected: 209...227)) { try Self.layout(Self.changed(12, 208)) }
    #expect(throws: MDSError.sampleOffset(entry: 3, byteOffset: 16, found: 226, expected: 227...227)) { try Self.layout(Self.changed(16, 226)) }
    #expect(throws: MDSError.sampleOffset(entry: 3, byteOffset: 16, found: 227, expected: 228...228)) { try Self.layout(Self.shard + [0]) }
  }

  @Test func partsMustAddUp() throws {
    for (word, total) in [(3, 11), (1, 9), (UInt32.max, 4_294_967_303)] as [(UInt32, Int)] {
      let bytes = Self.changed(199, word)
      let layout = try Self.layout(bytes)
      let error = MDSError.sampleByteCount(sample: 0, byteOffset: 199, found: total, expected: 10)
      #expect(throws: error) { try layout.offsets(1, 4, bytes) }
      #expect(throws: error) { try layout.offsets(0, Int(word), bytes) }
      #expect(throws: error) { try layout.range(0, 0, bytes) }
    }
    let short = Self.changed(8, 0xCE)
    let layout = try Self.layout(short)
    #expect(throws: MDSError.sampleByteCount(sample: 0, byteOffset: 199, found: 8, expected: 7)) { try layout.offsets(1, 4, short) }
  }

  @Test func otherBytesThanThoseExaminedAreNoDanger() throws {
    let layout = try Self.layout()
    #expect(throws: MDSError.shardChanged(found: 226, expected: 227)) { try layout.offsets(1, 4, Array(Self.shard.dropLast())) }
    let other = Self.changed(8, .max)
    #expect(throws: MDSError.sampleOffset(entry: 1, byteOffset: 8, found: Int(UInt32.max), expected: 199...227)) { try layout.offsets(1, 4, other) }
  }

  @Test func aShardMayBeEmpty() throws {
    let empty: [UInt8] = [0, 0, 0, 0, 8, 0, 0, 0]
    let layout = try Self.layout(empty, sampleCount: 0)
    #expect(try layout.offsets(0, 99, empty) == [])
  }
}

struct MDSNDArrayHeaderTests {
  static func parse(_ bytes: [UInt8], _ known: ElementType? = nil) throws -> MDSNDArrayHeader {
    let span = bytes.span
    return try MDSNDArrayHeader(parsing: unsafe span.bytes, elementType: known)
  }

  static let vectors: [(elementType: ElementType, shape: [Int], header: [UInt8])] = [
    (.int16, [2, 3], [0x11, 0x08, 2, 3]), (.uint8, [300, 1], [8, 0x09, 0x2C, 1, 1, 0]), (.uint8, [70_000], [8, 0x06, 0x70, 0x11, 1, 0]),
    (.float64, [], [66, 0]),
  ]

  @Test(arguments: vectors)
  func headersAreThoseOfTheWriters(elementType: ElementType, shape: [Int], header: [UInt8]) throws {
    #expect(MDSNDArrayHeader.bytes(elementType: elementType, shape: shape, isTyped: false) == header)
    #expect(MDSNDArrayHeader.bytes(elementType: elementType, shape: shape, isTyped: true) == Array(header.dropFirst()))
    let payload = [UInt8](repeating: 1, count: try #require(ArrayShape.byteCount(shape, elementType: elementType)))
    let found = try Self.parse(header + payload)
    #expect(found.elementType == elementType && found.shape == shape && found.payload == header.count..<header.count + payload.count)
    #expect(try Self.parse(header.dropFirst() + payload, elementType).shape == shape)
    #expect(throws: MDSError.arrayByteCount(elementType: elementType, shape: shape, found: payload.count + 1, expected: payload.count)) {
      try Self.parse(header + payload + [0])
    }
  }

  @Test func damagedHeadersAreErrors() {
    #expect(throws: MDSError.arrayTooShort(byteOffset: 0, found: 0, expected: 1)) { try Self.parse([]) }
    #expect(throws: MDSError.arrayTooShort(byteOffset: 1, found: 0, expected: 1)) { try Self.parse([8]) }
    #expect(throws: MDSError.arrayTooShort(byteOffset: 2, found: 3, expected: 4)) { try Self.parse([8, 0x06, 1, 2, 3]) }
    #expect(throws: MDSError.unknownElementType(code: 10)) { try Self.parse([10, 4, 1, 1]) }
    let huge: [UInt8] = [8, 0x0B] + [UInt8](repeating: 0xFF, count: 16)
    #expect(throws: MDSError.impossibleShape([Int.max, Int.max])) { try Self.parse(huge) }
  }
}
