// Every codec against bytes that other programs wrote: whole, in pieces, cut, flipped, and into memory of the wrong size.

import Compression
import Testing

struct FixtureTests {
  struct Fixture: CustomTestStringConvertible {
    let name: String
    let codec: Codec
    let bytes: [UInt8]
    var content = Content.bytes
    var testDescription: String { name }
  }

  static let fixtures: [Fixture] = [
    Fixture(name: "gzip", codec: .gzip, bytes: Fixtures.gzip),
    Fixture(name: "gzip members and padding", codec: .gzip, bytes: Fixtures.gzipMembers),
    Fixture(name: "bzip2", codec: .bzip2, bytes: Fixtures.bzip2),
    Fixture(name: "bzip2 streams", codec: .bzip2, bytes: Fixtures.bzip2Streams),
    Fixture(name: "brotli", codec: .brotli, bytes: Fixtures.brotli),
    Fixture(name: "brotli, level 1", codec: .brotli, bytes: Fixtures.brotliFast),
    Fixture(name: "python-snappy", codec: .snappy, bytes: Fixtures.snappy),
    Fixture(name: "cramjam's snappy", codec: .snappy, bytes: Fixtures.snappyOther),
    Fixture(name: "LZ4 block", codec: .lz4Block, bytes: Fixtures.lz4Block),
    Fixture(name: "LZ4 frame", codec: .lz4Frame, bytes: Fixtures.lz4Frame),
    Fixture(name: "LZ4 frames", codec: .lz4Frame, bytes: Fixtures.lz4Frames),
    Fixture(name: "Hadoop, one part", codec: .lz4Legacy, bytes: Fixtures.hadoop),
    Fixture(name: "Hadoop, two parts", codec: .lz4Legacy, bytes: Fixtures.hadoopParts),
    Fixture(name: "Hadoop, two blocks in a part", codec: .lz4Legacy, bytes: Fixtures.hadoopBlocks),
    Fixture(name: "legacy LZ4 that is a block", codec: .lz4Legacy, bytes: Fixtures.lz4Block),
    Fixture(name: "legacy LZ4 that is a frame", codec: .lz4Legacy, bytes: Fixtures.lz4Frame),
    Fixture(name: "empty gzip", codec: .gzip, bytes: Fixtures.emptyGzip, content: []),
    Fixture(name: "empty bzip2", codec: .bzip2, bytes: Fixtures.emptyBzip2, content: []),
    Fixture(name: "empty brotli", codec: .brotli, bytes: Fixtures.emptyBrotli, content: []),
    Fixture(name: "empty snappy", codec: .snappy, bytes: Fixtures.emptySnappy, content: []),
    Fixture(name: "empty LZ4 frame", codec: .lz4Frame, bytes: Fixtures.emptyLZ4Frame, content: []),
    Fixture(name: "empty LZ4 block", codec: .lz4Block, bytes: Fixtures.emptyLZ4Block, content: []),
  ]
  static let piecewise = fixtures.filter { $0.codec.isPiecewise }

  static func whole(_ fixture: Fixture, capacity: Int, _ input: [UInt8]? = nil, with decompressor: Decompressor = Decompressor()) throws -> [UInt8] {
    try DecompressorTests.decompressed(input ?? fixture.bytes, codec: fixture.codec, capacity: capacity, with: decompressor)
  }

  @Test(arguments: fixtures)
  func wholeDataIsRead(fixture: Fixture) throws {
    let decompressor = Decompressor()
    for _ in 0..<2 { #expect(try Self.whole(fixture, capacity: fixture.content.count, with: decompressor) == fixture.content) }
    #expect(try Self.whole(fixture, capacity: fixture.content.count + 1000) == fixture.content)
  }

  @Test(arguments: piecewise, [[1], [2, 1, 3, 7], [100, 1, 1000], [1 << 20]])
  func dataInPiecesIsRead(fixture: Fixture, sizes: [Int]) throws {
    let decompressor = Decompressor()
    for _ in 0..<2 {
      #expect(
        try decompressedInPieces(fixture.bytes, codec: fixture.codec, capacity: fixture.content.count, pieces: sizes, with: decompressor) == fixture.content)
    }
    #expect(
      try decompressedInPieces(fixture.bytes, codec: fixture.codec, capacity: fixture.content.count + 100, pieces: sizes, with: decompressor)
        == fixture.content)
  }

  @Test(arguments: fixtures.filter { !$0.content.isEmpty })
  func tooSmallAnOutputIsAnError(fixture: Fixture) throws {
    for capacity in [0, 1, fixture.content.count / 2, fixture.content.count - 1] {
      let error = #expect(throws: CompressionError.self) { try Self.whole(fixture, capacity: capacity) }
      switch (fixture.codec, error) {
      case (.lz4Block, .damaged), (.lz4Legacy, .damaged): break
      case (.lz4Legacy, .tooManyBytes(.lz4Frame, _, let expected)): #expect(expected == capacity)
      case (let codec, .tooManyBytes(let named, _, let expected)): #expect(named == codec && expected == capacity)
      default: Issue.record("\(String(describing: error))")
      }
      guard fixture.codec.isPiecewise else { continue }
      for size in [1, 500] {
        #expect(throws: CompressionError.self) { try decompressedInPieces(fixture.bytes, codec: fixture.codec, capacity: capacity, pieces: [size]) }
      }
    }
  }

  /// Cut data is an error, or a number of whole members, or, where a format has no end of its own (an LZ4 block), too short: never the content.
  @Test(arguments: fixtures)
  func noTruncationPassesUnseen(fixture: Fixture) throws {
    let decompressor = Decompressor()
    // Zero bytes behind the last member of gzip mean nothing
    let last = fixture.bytes.count - (fixture.bytes.reversed().prefix { $0 == 0 && fixture.codec == .gzip }.count)
    let members = fixture.name.contains("members") || fixture.name.contains("streams") || fixture.name.contains("frames") || fixture.name.contains("parts")
    for count in 1..<max(1, last - 8) {
      let cut = Array(fixture.bytes[..<count])
      let found = try? Self.whole(fixture, capacity: fixture.content.count, cut, with: decompressor)
      if let found {
        switch fixture.codec {
        case .lz4Block, .lz4Legacy: #expect(found.count < fixture.content.count && fixture.content.starts(with: found) || count < 8, "\(count) bytes")
        default: #expect(members && (found.isEmpty || found == Array(fixture.content[..<6000])), "\(count) bytes")
        }
      }
      guard fixture.codec.isPiecewise else { continue }
      let pieces = try? decompressedInPieces(cut, codec: fixture.codec, capacity: fixture.content.count, pieces: [count / 2 + 1], with: decompressor)
      #expect(pieces == found)
    }
  }

  @Test(arguments: fixtures)
  func flippedBitsNeverWritePastTheOutput(fixture: Fixture) throws {
    let decompressor = Decompressor()
    for bit in stride(from: 0, to: fixture.bytes.count * 8, by: 3) {
      var damaged = fixture.bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let whole = try? Self.whole(fixture, capacity: fixture.content.count, damaged, with: decompressor)
      guard fixture.codec.isPiecewise else { continue }
      let pieces = try? decompressedInPieces(damaged, codec: fixture.codec, capacity: fixture.content.count, pieces: [7, 300], with: decompressor)
      #expect(pieces == whole, "bit \(bit)")
    }
  }

  @Test(arguments: piecewise.filter { !$0.content.isEmpty })
  func bytesBehindTheEndAreAnError(fixture: Fixture) {
    let input = fixture.bytes + Array("rubbish".utf8)
    #expect(throws: CompressionError.self) { try Self.whole(fixture, capacity: 20_000, input) }
    #expect(throws: CompressionError.self) { try decompressedInPieces(input, codec: fixture.codec, capacity: 20_000, pieces: [fixture.bytes.count, 1]) }
  }

  @Test(arguments: [Codec.brotli, .snappy, .lz4Block, .lz4Legacy])
  func nothingIsNoData(codec: Codec) throws {
    if codec == .lz4Legacy {
      #expect(try DecompressorTests.decompressed([], codec: codec, capacity: 0) == [])
    } else {
      #expect(throws: CompressionError.self) { try DecompressorTests.decompressed([], codec: codec, capacity: 0) }
    }
  }

  @Test(arguments: [Codec.gzip, .bzip2, .lz4Frame, .zstd])
  func noMembersAreNoBytes(codec: Codec) throws {
    #expect(try DecompressorTests.decompressed([], codec: codec, capacity: 10) == [])
  }

  /// A length that lies, in a block of five bytes, allocates and writes nothing.
  @Test func snappyLengthsAreChecked() throws {
    for input: [UInt8] in [[0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0], [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], [0x80]] {
      #expect(throws: CompressionError.self) { try DecompressorTests.decompressed(input, codec: .snappy, capacity: 100) }
      for size in [1, 9] { #expect(throws: CompressionError.self) { try decompressedInPieces(input, codec: .snappy, capacity: 100, pieces: [size]) } }
    }
  }

  /// Elements that the compressor does not write: long literals' lengths of one to four bytes, copies with far offsets and with overlap of every distance.
  @Test func everyElementOfSnappyIsRead() throws {
    let literal = (0..<80).map { UInt8($0 * 3) }
    for (lengthByteCount, distance) in zip([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3], [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 80]) {
      var block: [UInt8] = [0xF8, 0x01]  // 248
      block += [UInt8(59 + lengthByteCount) << 2] + (0..<lengthByteCount).map { $0 == 0 ? 79 : 0 } + literal
      var expected = literal
      func copy(_ count: Int) { for _ in 0..<count { expected.append(expected[expected.count - distance]) } }
      block += [UInt8(63) << 2 | 2, UInt8(distance), 0]
      copy(64)
      block += [UInt8(63) << 2 | 3, UInt8(distance), 0, 0, 0]
      copy(64)
      block += [UInt8(7) << 2 | 1, UInt8(distance)]
      copy(11)
      block += [UInt8(28) << 2 | 2, UInt8(distance), 0]
      copy(29)
      #expect(try DecompressorTests.decompressed(block, codec: .snappy, capacity: 248) == expected)
      for sizes in [[1], [3, 2], [82, 5], [1000]] {
        #expect(try decompressedInPieces(block, codec: .snappy, capacity: 248, pieces: sizes) == expected, "\(distance)")
      }
    }
  }
}
