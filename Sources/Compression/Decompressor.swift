// Decompresses whole files and pages into memory that the caller provides.

internal import CZstd

/// Decompresses bytes of any codec; keeps the libraries' states between calls. One per thread.
@safe
public final class Decompressor {
  // Sound: made by ZSTD_createDCtx, owned by this object alone, freed once in deinit.
  private var zstdContext: OpaquePointer?
  /// Of the codecs that were met.
  private var memberDecoders: [Codec: any MemberDecoder] = [:]
  /// The file that is decompressed piece by piece.
  var pieces = Pieces()

  public init() {}

  deinit {
    // Sound: nobody else has the context; the library accepts nil.
    unsafe _ = ZSTD_freeDCtx(zstdContext)
  }

  /// Decompresses all of `input` to the start of `output` and returns the number of bytes written, which is at most `output.byteCount`.
  /// Ends a file that was begun by `begin`.
  ///
  /// Nothing is allocated for the data itself, whatever its headers claim.
  /// - Throws: `.damaged`, `.tooManyBytes`, `.outOfMemory`; the content of `output` is then undefined.
  public func decompress(_ input: RawSpan, codec: Codec, into output: inout MutableRawSpan) throws(CompressionError) -> Int {
    switch codec {
    case .none: return try copy(input, into: &output)
    case .gzip, .brotli, .bzip2, .lz4Frame: return try decompressMembers(input, codec: codec, into: &output)
    case .zstd, .snappy, .lz4Block, .lz4Legacy: break
    }
    // Sound: both buffers live for the whole call, and what is called stays inside them.
    let written = try unsafe output.withUnsafeMutableBytes { (target) throws(CompressionError) in
      try unsafe input.withUnsafeBytes { (source) throws(CompressionError) in try unsafe decompressWhole(source, codec: codec, into: target) }
    }
    if let written { return written }
    return try decompressMembers(input, codec: .lz4Frame, into: &output)
  }

  /// Nil where deprecated LZ4 turns out to be frames.
  // Unsafe to call: both buffers must be valid for their whole length.
  @unsafe private func decompressWhole(
    _ input: UnsafeRawBufferPointer, codec: Codec, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int? {
    switch codec {
    case .zstd: return try unsafe ZstdFrames.decompress(input, into: output, context: context())
    case .snappy: return try unsafe SnappyBlock.decompress(input, into: output)
    case .lz4Block:
      if let written = unsafe LZ4Blocks.decompress(input, into: output) { return written }
      throw .damaged(codec: codec, byteOffset: 0, message: "its \(input.count) bytes are no block of at most \(output.count) bytes")
    default:
      if let written = unsafe LZ4Blocks.decompressHadoop(input, into: output) { return written }
      if unsafe LZ4Blocks.beginsFrame(input) { return nil }
      if let written = unsafe LZ4Blocks.decompress(input, into: output) { return written }
      throw .damaged(codec: codec, byteOffset: 0, message: "neither blocks of Hadoop, nor a frame, nor a block of at most \(output.count) bytes")
    }
  }

  /// Decompresses all of `input`, which must fill `output` to its last byte.
  /// - Throws: as `decompress`, and `.tooFewBytes`.
  public func decompress(_ input: RawSpan, codec: Codec, filling output: inout MutableRawSpan) throws(CompressionError) {
    let found = try decompress(input, codec: codec, into: &output)
    guard found == output.byteCount else { throw .tooFewBytes(codec: codec, found: found, expected: output.byteCount) }
  }

  /// The library's state, made when it is first needed.
  @unsafe func context() throws(CompressionError) -> OpaquePointer {
    if unsafe zstdContext == nil { unsafe zstdContext = ZSTD_createDCtx() }
    guard let context = unsafe zstdContext else { throw .outOfMemory(codec: .zstd) }
    return unsafe context
  }

  /// The state of a codec of members, made when it is first needed.
  func memberDecoder(_ codec: Codec) -> any MemberDecoder {
    if let decoder = memberDecoders[codec] { return decoder }
    let decoder: any MemberDecoder =
      switch codec {
      case .gzip: GzipDecoder()
      case .brotli: BrotliDecoder()
      case .bzip2: Bzip2Decoder()
      case .lz4Frame: LZ4FrameDecoder()
      case .none, .zstd, .snappy, .lz4Block, .lz4Legacy: preconditionFailure("\(codec.name) has no members")
      }
    memberDecoders[codec] = decoder
    return decoder
  }

  private func decompressMembers(_ input: RawSpan, codec: Codec, into output: inout MutableRawSpan) throws(CompressionError) -> Int {
    pieces = Pieces(codec: codec)
    try feedMembers(input, into: &output)
    try checkComplete()
    return pieces.writtenByteCount
  }

  private func copy(_ input: RawSpan, into output: inout MutableRawSpan) throws(CompressionError) -> Int {
    guard input.byteCount <= output.byteCount else { throw .tooManyBytes(codec: .none, byteOffset: 0, expected: output.byteCount) }
    unsafe output.withUnsafeMutableBytes { target in
      // Sound: two live buffers; the source fits, as checked above.
      unsafe input.withUnsafeBytes { source in unsafe target.copyMemory(from: source) }
    }
    return input.byteCount
  }
}
