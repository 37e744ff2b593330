// Values of every encoding against NumPy, cut and flipped.

import ParquetEncodings
import Testing

struct ValuesTests {
  /// A fixture, and what decodes it into memory of the expected values' size.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let data: [UInt8]
    let expected: [UInt8]
    /// Whether bytes missing at the end are an error at once.
    var mayBeCut = 0
    let decode: @Sendable (RawSpan, inout MutableRawSpan) throws -> Void
  }

  static func delta(_ name: String, _ data: [UInt8], _ expected: [UInt8], _ width: Int) -> Case {
    Case(testDescription: name, data: data, expected: expected) {
      _ = try DeltaBinaryPacked.decode($0, count: expected.count / width, byteWidth: width, into: &$1)
    }
  }

  static func split(_ name: String, _ data: [UInt8], _ expected: [UInt8], _ width: Int) -> Case {
    Case(testDescription: name, data: data, expected: expected) {
      try ByteStreamSplit.decode($0, values: 0..<expected.count / width, valueByteCount: width, into: &$1)
    }
  }

  static func dictionary(_ name: String, _ data: [UInt8], _ values: [UInt8], _ expected: [UInt8], _ width: Int) -> Case {
    Case(testDescription: name, data: data, expected: expected) { data, target in
      try values.reading {
        try DictionaryIndexes.decode(data, count: expected.count / width, dictionary: $0, valueByteCount: width, into: &target)
      }
    }
  }

  static func alp(_ name: String, _ data: [UInt8], _ expected: [UInt8], _ width: Int) -> Case {
    Case(testDescription: name, data: data, expected: expected) {
      try AdaptiveFloats.decode($0, count: expected.count / width, valueByteCount: width, into: &$1)
    }
  }

  static let cases: [Case] = [
    delta("delta int64", Fixtures.deltaInt64, Fixtures.deltaInt64Expected, 8), delta("delta int32", Fixtures.deltaInt32, Fixtures.deltaInt32Expected, 4),
    delta("delta of one", Fixtures.deltaOne, Fixtures.deltaOneExpected, 8),
    split("split half", Fixtures.splitHalf, Fixtures.splitHalfExpected, 2), split("split float", Fixtures.splitFloat, Fixtures.splitFloatExpected, 4),
    split("split double", Fixtures.splitDouble, Fixtures.splitDoubleExpected, 8), split("split int32", Fixtures.splitInt32, Fixtures.splitInt32Expected, 4),
    split("split of five bytes", Fixtures.splitFixed, Fixtures.splitFixedExpected, 5),
    dictionary("dictionary int64", Fixtures.dictionaryInt64, Fixtures.dictionaryInt64Values, Fixtures.dictionaryInt64Expected, 8),
    dictionary("dictionary int32", Fixtures.dictionaryInt32, Fixtures.dictionaryInt32Values, Fixtures.dictionaryInt32Expected, 4),
    dictionary("dictionary of one", Fixtures.dictionaryOne, Fixtures.dictionaryOneValues, Fixtures.dictionaryOneExpected, 4),
    dictionary("dictionary of twelve bytes", Fixtures.dictionaryTriples, Fixtures.dictionaryTriplesValues, Fixtures.dictionaryTriplesExpected, 12),
    alp("ALP double", Fixtures.alpDouble, Fixtures.alpDoubleExpected, 8), alp("ALP float", Fixtures.alpFloat, Fixtures.alpFloatExpected, 4),
    alp("ALP constant", Fixtures.alpConstant, Fixtures.alpConstantExpected, 8),
    Case(testDescription: "RLE booleans", data: Fixtures.rleBooleans, expected: Fixtures.rleBooleansExpected) {
      try Plain.decodeRunLengthBooleans($0, count: Fixtures.rleBooleansExpected.count, into: &$1)
    },
    Case(testDescription: "PLAIN booleans", data: Fixtures.plainBooleans, expected: Fixtures.plainBooleansExpected) {
      try Plain.decodeBooleans($0, values: 0..<Fixtures.plainBooleansExpected.count, into: &$1)
    },
    Case(testDescription: "delta of five bytes", data: Fixtures.deltaFixed, expected: Fixtures.deltaFixedExpected) {
      try ByteArrays.decodeFixedDelta($0, count: 90, valueByteCount: 5, into: &$1)
    },
  ]

  @Test(arguments: cases)
  func valuesAreThoseOfNumPy(sample: Case) throws {
    #expect(try output(sample.expected.count) { target in try sample.data.reading { try sample.decode($0, &target) } } == sample.expected)
  }

  @Test(arguments: cases)
  func cutDataIsAnError(sample: Case) throws {
    for count in 0..<sample.data.count {
      do {
        let found = try output(sample.expected.count) { target in try Array(sample.data[..<count]).reading { try sample.decode($0, &target) } }
        // Only padding was missing.
        #expect(found == sample.expected, "\(count) bytes")
      } catch is EncodingError {}
    }
  }

  @Test(arguments: cases)
  func flippedBitsDoNoHarm(sample: Case) throws {
    var random = Numbers(state: 1)
    for bit in stride(from: 0, to: sample.data.count * 8, by: 3) {
      var damaged = sample.data
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      if Bool.random(using: &random) { damaged[Int.random(in: 0..<damaged.count, using: &random)] = 0xFF }
      do { _ = try output(sample.expected.count) { target in try damaged.reading { try sample.decode($0, &target) } } } catch is EncodingError {}
    }
  }

  // MARK: - Parts of pages

  @Test func partsOfPages() throws {
    let expected = Fixtures.splitFloatExpected
    for values in [0..<0, 0..<1, 13..<60, 69..<70] {
      let part = Array(expected[values.lowerBound * 4..<values.upperBound * 4])
      #expect(
        try output(part.count) { target in
          try Fixtures.splitFloat.reading { try ByteStreamSplit.decode($0, values: values, valueByteCount: 4, into: &target) }
        } == part)
      #expect(try output(part.count) { target in try expected.reading { try Plain.decode($0, values: values, valueByteCount: 4, into: &target) } } == part)
    }
    let flags = Fixtures.plainBooleansExpected
    for values in [3..<3, 3..<4, 3..<30, 8..<80, 100..<147] {
      #expect(
        try output(values.count) { target in
          try Fixtures.plainBooleans.reading { try Plain.decodeBooleans($0, values: values, into: &target) }
        } == Array(flags[values]))
    }
    for values in [0..<71, 70..<71] {
      #expect(throws: EncodingError.self) {
        try output(values.count * 4) { target in try expected.reading { try Plain.decode($0, values: values, valueByteCount: 4, into: &target) } }
      }
    }
  }

  // MARK: - Dictionaries

  @Test(arguments: [1, 2, 3, 4, 8, 12, 16, 24], [0, 1, 5, 8, 11])
  func dictionariesOfEveryWidth(valueByteCount: Int, bitWidth: Int) throws {
    var random = Numbers(state: UInt64(valueByteCount * 100 + bitWidth))
    let dictionary = (0..<(1 << bitWidth) * valueByteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let indexes = randomValues(3000, bitWidth: bitWidth, with: &random)
    let data = [UInt8(bitWidth)] + (bitWidth == 0 ? [] : hybrid(indexes, bitWidth: bitWidth, with: &random))
    let expected = indexes.flatMap { dictionary[Int($0) * valueByteCount..<(Int($0) + 1) * valueByteCount] }
    let found = try output(expected.count) { target in
      try data.reading { data in
        try dictionary.reading { try DictionaryIndexes.decode(data, count: 3000, dictionary: $0, valueByteCount: valueByteCount, into: &target) }
      }
    }
    #expect(found == expected)
    let plain = try output(12_000) { target in
      try data.reading { try DictionaryIndexes.decodeIndexes($0, count: 3000, dictionaryCount: 1 << bitWidth, into: &target) }
    }
    #expect(numbers(plain, as: UInt32.self).map(UInt64.init) == indexes)
    // A dictionary that ends before the highest index.
    let highest = Int(indexes.max() ?? 0)
    #expect(throws: EncodingError.self) {
      try output(12_000) { target in try data.reading { try DictionaryIndexes.decodeIndexes($0, count: 3000, dictionaryCount: highest, into: &target) } }
    }
  }

  @Test func pagesOfNullsNeedNoIndexes() throws {
    #expect(
      try output(0) { target in
        try [UInt8]().reading { span in try DictionaryIndexes.decode(span, count: 0, dictionary: span, valueByteCount: 4, into: &target) }
      } == [])
    for data: [UInt8] in [[], [33], [0]] {
      _ = data.reading { span in
        #expect(throws: EncodingError.self) { try output(4) { try DictionaryIndexes.decodeIndexes(span, count: 1, dictionaryCount: 0, into: &$0) } }
      }
    }
  }

  // MARK: - Deltas

  @Test func deltaHeadersAreChecked() throws {
    // Blocks of no and of 100 values, miniblocks of no and of 16 values, another count, widths above 64.
    for data: [UInt8] in [
      [0, 4, 2, 0], [100, 4, 2, 0], [0x80, 1, 0, 2, 0], [0x80, 1, 8, 2, 0], [0x80, 1, 4, 3, 0, 0, 0, 0, 0, 0], [0x80, 1, 4, 2, 0, 2, 65, 0, 0, 0],
    ] {
      #expect(throws: EncodingError.self) {
        try output(16) { target in
          try (data + Array(repeating: 0, count: 100)).reading { _ = try DeltaBinaryPacked.decode($0, count: 2, byteWidth: 8, into: &target) }
        }
      }
    }
    // None at all, and one: a header is enough. The bytes read are those of the stream alone.
    try [UInt8]([0x80, 1, 4, 0, 0, 9, 9]).reading { span in
      #expect(try DeltaBinaryPacked.valueCount(of: span) == 0)
      var end = 0
      _ = try output(0) { end = try DeltaBinaryPacked.decode(span, count: 0, byteWidth: 8, into: &$0) }
      #expect(end == 5)
    }
    // Two values, in one miniblock of no bits; the widths of those behind it mean nothing.
    try [UInt8]([0x80, 1, 4, 2, 6, 8, 0, 200, 201, 202]).reading { span in
      var end = 0
      let found = try output(16) { end = try DeltaBinaryPacked.decode(span, count: 2, byteWidth: 8, into: &$0) }
      #expect(end == 10 && found == littleEndian([3, 7] as [Int64]))
    }
  }
}
