// Files that are decompressed while they are read: piece by piece, into one place.

internal import CZstd

extension Decompressor {
  /// Begins a file of `codec`.
  /// - Precondition: the codec is one for pieces (`isPiecewise`).
  /// - Throws: `.outOfMemory`.
  public func begin(_ codec: Codec) throws(CompressionError) {
    precondition(codec.isPiecewise, "\(codec.name) data is decompressed as a whole")
    pieces = Pieces(codec: codec)
    guard codec == .zstd else { return }
    let context = try unsafe context()
    // Sound: a live context of this object. The output is the same memory for the whole file, so that the library keeps no window of its own
    // and a large one asks for no memory.
    unsafe _ = ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    unsafe _ = ZSTD_DCtx_setParameter(context, Self.stableOutput, 1)
    unsafe _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound)
  }

  /// ZSTD_d_stableOutBuffer, whose name is hidden from programs that link the library dynamically.
  private static let stableOutput = ZSTD_d_experimentalParam2

  /// Decompresses the next piece behind what was written before, and answers how many bytes of `output` are written now.
  ///
  /// `output` must be the same memory in every call of a file; its written bytes may be read between the calls, and must not be changed.
  /// - Throws: `.damaged`, `.tooManyBytes`.
  public func feed(_ piece: RawSpan, into output: inout MutableRawSpan) throws(CompressionError) -> Int {
    switch pieces.codec {
    case .none:
      let begin = pieces.writtenByteCount
      guard piece.byteCount <= output.byteCount - begin else { throw .tooManyBytes(codec: .none, byteOffset: 0, expected: output.byteCount) }
      unsafe output.withUnsafeMutableBytes { target in
        // Sound: two live buffers; the piece fits, as checked above.
        unsafe piece.withUnsafeBytes { source in unsafe UnsafeMutableRawBufferPointer(rebasing: target[begin...]).copyMemory(from: source) }
      }
      pieces.writtenByteCount += piece.byteCount
    case .zstd: try feedZstd(piece, into: &output)
    case .snappy: try feedSnappy(piece, into: &output)
    case .gzip, .brotli, .bzip2, .lz4Frame: try feedMembers(piece, into: &output)
    case .lz4Block, .lz4Legacy: preconditionFailure("begin refuses it")
    }
    return pieces.writtenByteCount
  }

  /// Checks that the file was complete, and that it filled `byteCount` bytes.
  /// - Throws: `.damaged`, `.tooFewBytes`.
  public func end(expecting byteCount: Int) throws(CompressionError) {
    try checkComplete()
    guard pieces.writtenByteCount == byteCount else { throw .tooFewBytes(codec: pieces.codec, found: pieces.writtenByteCount, expected: byteCount) }
  }

  /// Throws `.damaged` where the data ends inside a frame, or there is none and must be one.
  func checkComplete() throws(CompressionError) {
    let isCut: Bool =
      switch pieces.codec {
      case .snappy: !pieces.snappy.isComplete(written: pieces.writtenByteCount)
      case .brotli: pieces.isInsideFrame || pieces.memberCount == 0
      default: pieces.isInsideFrame
      }
    if isCut { throw .damaged(codec: pieces.codec, byteOffset: pieces.frameByteOffset, message: "the frame is cut short") }
  }

  private func feedSnappy(_ piece: RawSpan, into output: inout MutableRawSpan) throws(CompressionError) {
    let expected = output.byteCount
    var (stream, written) = (pieces.snappy, pieces.writtenByteCount)
    do throws(SnappyStream.Problem) {
      // Sound: two live buffers; the output holds what the calls before wrote, as `feed` asks of its caller.
      try unsafe output.withUnsafeMutableBytes { (target) throws(SnappyStream.Problem) in
        try unsafe piece.withUnsafeBytes { (source) throws(SnappyStream.Problem) in try unsafe stream.feed(source, into: target, written: &written) }
      }
      pieces.snappy = stream
      pieces.writtenByteCount = written
    } catch {
      switch error {
      case .tooManyBytes: throw .tooManyBytes(codec: .snappy, byteOffset: 0, expected: expected)
      case .damaged(let message): throw .damaged(codec: .snappy, byteOffset: 0, message: message)
      }
    }
  }

  private func feedZstd(_ piece: RawSpan, into output: inout MutableRawSpan) throws(CompressionError) {
    let context = try unsafe context()
    let expected = output.byteCount
    // Sound: both buffers live through the call; the library reads and writes between the given positions and sizes only.
    let failure: CompressionError? = unsafe output.withUnsafeMutableBytes { target in
      unsafe piece.withUnsafeBytes { source -> CompressionError? in
        var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var written = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: pieces.writtenByteCount)
        while unsafe input.pos < input.size {
          if !pieces.isInsideFrame {
            pieces.frameByteOffset = unsafe pieces.readByteCount + input.pos
            let rest = unsafe UnsafeRawBufferPointer(rebasing: source[input.pos...])
            // With fewer bytes than a magic number the library looks itself, and knows no old formats then.
            if rest.count >= 4, unsafe !ZstdFrames.beginsFrame(rest) {
              return .damaged(codec: .zstd, byteOffset: pieces.frameByteOffset, message: "no zstd magic number")
            }
          }
          let (readBefore, writtenBefore) = unsafe (input.pos, written.pos)
          let result = unsafe ZSTD_decompressStream(context, &written, &input)
          if let failure = ZstdFrames.failure(result, byteOffset: pieces.frameByteOffset, expected: expected) { return failure }
          pieces.isInsideFrame = result != 0
          if unsafe input.pos == readBefore && written.pos == writtenBefore {
            return .tooManyBytes(codec: .zstd, byteOffset: pieces.frameByteOffset, expected: expected)
          }
        }
        pieces.readByteCount += source.count
        pieces.writtenByteCount = unsafe written.pos
        return nil
      }
    }
    if let failure { throw failure }
  }
}

/// How far a file is that is decompressed piece by piece.
struct Pieces {
  var codec = Codec.none
  var readByteCount = 0
  var writtenByteCount = 0
  /// Where the current frame begins in the compressed file.
  var frameByteOffset = 0
  var isInsideFrame = false
  /// Members that were read to their end, of the codecs that have them.
  var memberCount = 0
  var snappy = SnappyStream()
}
