// Decompression of whole, damaged and oversized data.

import Compression
import Testing

struct DecompressorTests {
  /// Compressible and not constant.
  static let content: [UInt8] = (0..<200_000).map { UInt8(truncatingIfNeeded: ($0 * $0) >> 7) }

  static func compressed(_ bytes: ArraySlice<UInt8>, level: Int = 3) throws -> [UInt8] {
    let array = Array(bytes)
    let span = array.span
    return try ZstdCompressor.compress(unsafe span.bytes, level: level)
  }

  /// What decompression of `input` into `capacity` bytes gives.
  static func decompressed(
    _ input: [UInt8], codec: Codec = .zstd, capacity: Int, with decompressor: Decompressor = Decompressor()
  ) throws -> [UInt8] {
    var output = [UInt8](repeating: 0xEE, count: capacity + 16)
    let span = input.span
    // Sound: the target is the beginning of a live buffer.
    let count = try unsafe output.withUnsafeMutableBytes { buffer in
      var target = unsafe MutableRawSpan(_unsafeBytes: buffer[..<capacity])
      return try decompressor.decompress(unsafe span.bytes, codec: codec, into: &target)
    }
    #expect(output[capacity...].allSatisfy { $0 == 0xEE }, "nothing is written past the output")
    return Array(output[..<count])
  }

  @Test(arguments: [-5, 1, 3, 19])
  func whatWasCompressedComesBack(level: Int) throws {
    let frame = try Self.compressed(Self.content[...], level: level)
    #expect(frame.count < Self.content.count)
    #expect(try Self.decompressed(frame, capacity: Self.content.count) == Self.content)
    #expect(try Self.decompressed(frame, capacity: Self.content.count + 100) == Self.content)
  }

  @Test func framesFollowEachOther() throws {
    let skippable: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let frames =
      try Self.compressed(Self.content[..<70_000]) + skippable + Self.compressed(Self.content[70_000..<70_000]) + Self.compressed(Self.content[70_000...])
    #expect(try Self.decompressed(frames, capacity: Self.content.count) == Self.content)
  }

  /// `zstd -c --no-check < "hello hello hello hello hello\n"`, from a pipe: the header has a window and no size.
  static let frameWithoutSize: [UInt8] = [
    0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0x6d, 0x00, 0x00, 0x38, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x0a, 0x01, 0x00, 0xa9, 0x4b, 0x11,
  ]

  @Test func aFrameNeedNotSayItsSize() throws {
    #expect(try Self.decompressed(Self.frameWithoutSize, capacity: 30) == Array("hello hello hello hello hello\n".utf8))
    #expect(throws: CompressionError.tooManyBytes(codec: .zstd, byteOffset: 0, expected: 29)) {
      try Self.decompressed(Self.frameWithoutSize, capacity: 29)
    }
  }

  @Test func tooSmallAnOutputIsAnError() throws {
    let first = try Self.compressed(Self.content[..<1000])
    let frames = try first + Self.compressed(Self.content[1000...])
    #expect(throws: CompressionError.tooManyBytes(codec: .zstd, byteOffset: first.count, expected: 199_999)) {
      try Self.decompressed(frames, capacity: 199_999)
    }
    #expect(throws: CompressionError.tooManyBytes(codec: .zstd, byteOffset: 0, expected: 0)) { try Self.decompressed(frames, capacity: 0) }
    #expect(throws: CompressionError.tooManyBytes(codec: .none, byteOffset: 0, expected: 2)) {
      try Self.decompressed([1, 2, 3], codec: .none, capacity: 2)
    }
  }

  @Test func everyTruncationIsAnError() throws {
    let frame = try Self.compressed(Self.content[..<5000])
    let decompressor = Decompressor()
    for count in 1..<frame.count {
      #expect(throws: CompressionError.self) { try Self.decompressed(Array(frame[..<count]), capacity: 5000, with: decompressor) }
    }
    #expect(try Self.decompressed(frame, capacity: 5000, with: decompressor) == Array(Self.content[..<5000]))
  }

  @Test func wrongBytesAreNamedByTheirFrame() throws {
    let frame = try Self.compressed(Self.content[..<5000])
    #expect(throws: CompressionError.damaged(codec: .zstd, byteOffset: frame.count, message: "no zstd magic number")) {
      try Self.decompressed(frame + Array("rubbish".utf8), capacity: 9000)
    }
    #expect(throws: CompressionError.damaged(codec: .zstd, byteOffset: 0, message: "no zstd magic number")) {
      try Self.decompressed(Array("PK\u{3}\u{4} is another format".utf8), capacity: 9000)
    }
    // The magic number of zstd 0.7.
    #expect(throws: CompressionError.damaged(codec: .zstd, byteOffset: 0, message: "no zstd magic number")) {
      try Self.decompressed([0x27, 0xB5, 0x2F, 0xFD] + frame[4...], capacity: 9000)
    }
  }

  @Test func flippedBitsNeverWritePastTheOutput() throws {
    let frame = try Self.compressed(Self.content[..<3000])
    let decompressor = Decompressor()
    for bit in 0..<frame.count * 8 {
      var damaged = frame
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      _ = try? Self.decompressed(damaged, capacity: 3000, with: decompressor)
    }
  }

  @Test func storedBytesAreCopied() throws {
    #expect(try Self.decompressed([1, 2, 3], codec: .none, capacity: 5) == [1, 2, 3])
    #expect(try Self.decompressed([], codec: .none, capacity: 0) == [])
    #expect(try Self.decompressed([], codec: .zstd, capacity: 0) == [])
  }

  @Test func anOutputThatIsNotFilledIsAnError() throws {
    let frame = try Self.compressed(Self.content[..<99])
    var output = [UInt8](repeating: 0, count: 100)
    #expect(throws: CompressionError.tooFewBytes(codec: .zstd, found: 99, expected: 100)) {
      let span = frame.span
      var target = output.mutableSpan
      var bytes = unsafe target.mutableBytes
      try Decompressor().decompress(unsafe span.bytes, codec: .zstd, filling: &bytes)
    }
  }

  @Test(arguments: [100, Int.min])
  func impossibleLevelsAreErrors(level: Int) {
    #expect(throws: CompressionError.self) { try Self.compressed([1, 2, 3], level: level) }
  }
}
