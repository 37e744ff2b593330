// Levels: random streams against plain lists of them, streams of pyarrow, and damaged ones.

import ParquetEncodings
import Testing

struct LevelsTests {
  @Test(arguments: [1, 2, 3, 4, 7, 8, 255], [0, 1, 9, 600, 3000])
  func questionsAreAnsweredFromRuns(maximum: Int, count: Int) throws {
    let bitWidth = Levels.bitWidth(maximum: maximum)
    var random = Numbers(state: UInt64(maximum * 10_000 + count))
    let values = randomValues(count, bitWidth: bitWidth, with: &random).map { min($0, UInt64(maximum)) }
    let data = hybrid(values, bitWidth: bitWidth, with: &random)
    try data.reading { span in
      let levels = try Levels(span, maximum: maximum, count: count)
      try check(levels, values.map(Int.init), with: &random)
    }
    // The same as BIT_PACKED, the highest bit first.
    var old = [UInt8](repeating: 0, count: (count * bitWidth + 7) / 8)
    for (index, value) in values.enumerated() {
      for bit in 0..<bitWidth where value >> UInt64(bitWidth - 1 - bit) & 1 == 1 {
        old[(index * bitWidth + bit) / 8] |= 0x80 >> UInt8((index * bitWidth + bit) % 8)
      }
    }
    try old.reading { span in
      let levels = try Levels(span, encoding: .bitPacked, maximum: maximum, count: count)
      #expect(levels.bitPackedByteCount == old.count)
      try check(levels, values.map(Int.init), with: &random)
    }
  }

  private func check(_ levels: borrowing Levels, _ values: [Int], with random: inout Numbers) throws {
    let maximum = levels.maximum
    var decoded: [UInt8] = []
    var mask: [UInt8] = []
    decoded = [UInt8](repeating: 9, count: values.count)
    mask = decoded
    do {
      var span = decoded.mutableSpan
      var target = unsafe span.mutableBytes
      try levels.decode(into: &target)
    }
    #expect(decoded.map(Int.init) == values)
    do {
      var span = mask.mutableSpan
      var target = unsafe span.mutableBytes
      #expect(try levels.decodeMask(into: &target) == values.count { $0 < maximum })
    }
    #expect(mask == values.map { $0 < maximum ? 1 : 0 })
    for value in [0, 1, maximum] {
      #expect(try levels.countEqual(to: value) == values.count { $0 == value })
      #expect(try levels.isAll(value) == values.allSatisfy { $0 == value })
      for _ in 0..<5 {
        let begin = Int.random(in: 0...values.count, using: &random)
        let end = Int.random(in: begin...values.count, using: &random)
        #expect(try levels.countEqual(to: value, in: begin..<end) == values[begin..<end].count { $0 == value })
      }
      let places = values.indices.filter { values[$0] == value }
      for ordinal in [0, 1, places.count / 2, max(0, places.count - 1), places.count] {
        #expect(try levels.position(ofOrdinal: ordinal, equalTo: value) == (ordinal < places.count ? places[ordinal] : nil))
      }
    }
  }

  @Test func noMaximumNeedsNoBytes() throws {
    try [UInt8]().reading { span in
      let levels = try Levels(span, maximum: 0, count: 1000)
      #expect(try levels.isAll(0) && levels.countEqual(to: 0) == 1000 && levels.position(ofOrdinal: 999) == 999)
    }
  }

  // MARK: - pyarrow

  @Test func definitionLevelsOfPyArrow() throws {
    try Fixtures.nullableDefinition.reading { span in
      let levels = try Levels(span, maximum: 1, count: 160)
      var nullCount = 0
      let mask = try output(160) { nullCount = try levels.decodeMask(into: &$0) }
      #expect(mask == Fixtures.nullableMask && nullCount == mask.count { $0 == 1 })
    }
  }

  @Test func rowsOfRaggedLists() throws {
    let lengths = Fixtures.raggedLengths.map { max(1, Int($0)) }
    try Fixtures.raggedRepetition.reading { span in
      let levels = try Levels(span, maximum: 1, count: lengths.reduce(0, +))
      #expect(try levels.countEqual(to: 0) == lengths.count)
      for row in lengths.indices { #expect(try levels.position(ofOrdinal: row) == lengths[..<row].reduce(0, +)) }
      for length in 1...6 { #expect(try !levels.isFixedLists(ofLength: length)) }
    }
    let slots = Fixtures.nestedSlots.map(Int.init)
    try Fixtures.nestedRepetition.reading { span in
      let levels = try Levels(span, maximum: 2, count: slots.reduce(0, +))
      for row in slots.indices { #expect(try levels.position(ofOrdinal: row) == slots[..<row].reduce(0, +)) }
    }
  }

  // MARK: - Lists of one length

  static let fixed: [(length: Int, repetition: [UInt8], definition: [UInt8])] = [
    (1, Fixtures.lists1Repetition, Fixtures.lists1Definition), (2, Fixtures.lists2Repetition, Fixtures.lists2Definition),
    (7, Fixtures.lists7Repetition, Fixtures.lists7Definition), (8, Fixtures.lists8Repetition, Fixtures.lists8Definition),
    (9, Fixtures.lists9Repetition, Fixtures.lists9Definition), (128, Fixtures.lists128Repetition, Fixtures.lists128Definition),
    (4640, Fixtures.lists4640Repetition, Fixtures.lists4640Definition),
  ]

  @Test(arguments: LevelsTests.fixed)
  func fixedListsOfPyArrow(length: Int, repetition: [UInt8], definition: [UInt8]) throws {
    let count = max(3, 40 / length) * length
    try repetition.reading { span in
      let levels = try Levels(span, maximum: 1, count: count)
      #expect(try levels.isFixedLists(ofLength: length))
      #expect(try !levels.isFixedLists(ofLength: length + 1))
      #expect(try length == 1 || !levels.isFixedLists(ofLength: length, startingAt: 1))
      #expect(try length == 1 || !levels.isFixedLists(ofLength: 1))
    }
    try definition.reading { span in
      let levels = try Levels(span, maximum: 2, count: count)
      #expect(try levels.isAll(2))
    }
  }

  /// However the runs are cut, and whichever level is wrong.
  @Test(arguments: [1, 2, 3, 7, 8, 9, 16, 100, 300])
  func fixedListsAreFoundInAnyRuns(length: Int) throws {
    var random = Numbers(state: UInt64(length))
    for position in [0, length / 2, length - 1] {
      let right = (0..<length * 3 + 5).map { UInt64(($0 + position) % length == 0 ? 0 : 1) }
      for trial in 0..<12 {
        var values = right
        if trial > 2 { values[Int.random(in: 0..<values.count, using: &random)] ^= 1 }
        try hybrid(values, bitWidth: 1, with: &random).reading { span in
          let levels = try Levels(span, maximum: 1, count: values.count)
          #expect(try levels.isFixedLists(ofLength: length, startingAt: position) == (values == right))
        }
      }
    }
  }

  /// DuckDB: 256 packed levels, then a run, for each row.
  @Test func fixedListsOfDuckDB() throws {
    let row = uleb128(32 << 1 | 1) + [0xFE] + Array(repeating: 0xFF, count: 31) + uleb128(4384 << 1) + [1]
    try (row + row + row).reading { span in
      let levels = try Levels(span, maximum: 1, count: 3 * 4640)
      #expect(try levels.isFixedLists(ofLength: 4640))
      #expect(try !levels.isFixedLists(ofLength: 4641))
    }
  }

  // MARK: - Damage

  @Test func damagedStreamsAreErrors() throws {
    // An end too early; a run's value that is missing; a value of too many bits; a level above the maximum; a length of more than 64 bits; bits that are missing.
    let damaged: [(data: [UInt8], maximum: Int)] = [
      ([], 1), ([0x06, 0x01], 1), ([0x06], 1), ([0x14, 0x02], 1), ([0x14, 0x03], 2), ([0x03, 0xFF, 0xFF], 2),
      (Array(repeating: 0xFF, count: 12), 1), ([0x05, 0xFF], 1), ([0x80], 1), ([0x00, 0x00], 1),
    ]
    for (data, maximum) in damaged {
      data.reading { span in
        #expect(throws: EncodingError.self) { try Levels(span, maximum: maximum, count: 10).countEqual(to: 1) }
        #expect(throws: EncodingError.self) { try output(10) { try Levels(span, maximum: maximum, count: 10).decode(into: &$0) } }
        if maximum == 1 { #expect(throws: EncodingError.self) { try Levels(span, maximum: maximum, count: 10).isFixedLists(ofLength: 11, startingAt: 1) } }
      }
    }
    _ = [UInt8]([0xFF]).reading { span in #expect(throws: EncodingError.self) { _ = try Levels(span, encoding: .bitPacked, maximum: 1, count: 9) } }
    _ = [UInt8]([]).reading { span in #expect(throws: EncodingError.self) { _ = try Levels(span, maximum: 1, count: -1) } }
  }

  @Test func paddingOfTheLastGroupMayBeMissing() throws {
    try [UInt8]([0x07, 0xFF, 0x03]).reading { span in
      let levels = try Levels(span, maximum: 1, count: 10)
      #expect(try levels.isAll(1))
      #expect(throws: EncodingError.self) { try Levels(span, maximum: 1, count: 17).isAll(1) }
    }
  }

  @Test func sectionsOfVersion1Pages() throws {
    try [UInt8]([2, 0, 0, 0, 0xAA, 0xBB, 1, 0, 0, 0, 0xCC]).reading { page in
      var byteOffset = 0
      let first = try Levels.section(of: page, at: &byteOffset).byteCount
      #expect(first == 2 && byteOffset == 6)
      let second = try Levels.section(of: page, at: &byteOffset).byteCount
      #expect(second == 1 && byteOffset == 11)
      #expect(throws: EncodingError.self) { try Levels.section(of: page, at: &byteOffset).byteCount }
      var inside = 5
      #expect(throws: EncodingError.self) { try Levels.section(of: page, at: &inside).byteCount }
    }
  }
}
