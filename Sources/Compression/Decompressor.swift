// Decompresses whole files into memory that the caller provides.

internal import CZstd

/// Decompresses whole files; keeps the libraries' states between calls. One per thread.
@safe
public final class Decompressor {
  // Sound: made by ZSTD_createDCtx, owned by this object alone, freed once in deinit.
  private var zstdContext: OpaquePointer?
  /// The file that is decompressed piece by piece.
  var pieces = Pieces()

  public init() {}

  deinit {
    // Sound: nobody else has the context; the library accepts nil.
    unsafe _ = ZSTD_freeDCtx(zstdContext)
  }

  /// Decompresses all of `input` to the start of `output` and returns the number of bytes written, which is at most `output.byteCount`.
  ///
  /// Nothing is allocated for the data itself, whatever its headers claim.
  /// - Throws: `.damaged`, `.tooManyBytes`, `.outOfMemory`; the content of `output` is then undefined.
  public func decompress(_ input: RawSpan, codec: Codec, into output: inout MutableRawSpan) throws(CompressionError) -> Int {
    switch codec {
    case .none: try copy(input, into: &output)
    case .zstd: try decompressZstd(input, into: &output)
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

  private func copy(_ input: RawSpan, into output: inout MutableRawSpan) throws(CompressionError) -> Int {
    guard input.byteCount <= output.byteCount else { throw .tooManyBytes(codec: .none, byteOffset: 0, expected: output.byteCount) }
    unsafe output.withUnsafeMutableBytes { target in
      // Sound: two live buffers; the source fits, as checked above.
      unsafe input.withUnsafeBytes { source in unsafe target.copyMemory(from: source) }
    }
    return input.byteCount
  }

  private func decompressZstd(_ input: RawSpan, into output: inout MutableRawSpan) throws(CompressionError) -> Int {
    let context = try unsafe context()
    // Sound: both buffers live for the whole call, and ZstdFrames stays inside them.
    return try unsafe output.withUnsafeMutableBytes { (target) throws(CompressionError) in
      try unsafe input.withUnsafeBytes { (source) throws(CompressionError) in
        try unsafe ZstdFrames.decompress(source, into: target, context: context)
      }
    }
  }
}
