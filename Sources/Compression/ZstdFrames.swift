// Zstandard frames one after another, so that an error can say which of them is bad.

internal import CZstd

/// Decompresses a sequence of frames: data frames with or without their size, and skippable ones.
///
/// Frames of the formats before zstd 1.0 are refused: their decoders are in the library for old archives, not for hostile bytes.
enum ZstdFrames {
  // Unsafe to call: both buffers must be valid for their whole length, and the context a live one that no other thread uses.
  @unsafe
  static func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, context: OpaquePointer
  ) throws(CompressionError) -> Int {
    var inputOffset = 0
    var outputOffset = 0
    while inputOffset < input.count {
      // Sound: both slices lie inside the buffers: offsets grow only by counts that were found inside the rest.
      let source = unsafe UnsafeRawBufferPointer(rebasing: input[inputOffset...])
      let target = unsafe UnsafeMutableRawBufferPointer(rebasing: output[outputOffset...])
      guard unsafe beginsFrame(source) else {
        throw .damaged(codec: .zstd, byteOffset: inputOffset, message: "no zstd magic number")
      }
      let frameByteCount = unsafe ZSTD_findFrameCompressedSize(source.baseAddress, source.count)
      if let failure = failure(frameByteCount, byteOffset: inputOffset, expected: output.count) { throw failure }
      let written = unsafe ZSTD_decompressDCtx(context, target.baseAddress, target.count, source.baseAddress, frameByteCount)
      if let failure = failure(written, byteOffset: inputOffset, expected: output.count) { throw failure }
      inputOffset += frameByteCount
      outputOffset += written
    }
    return outputOffset
  }

  /// ZSTD_error_dstSize_tooSmall of zstd_errors.h, whose codes are stable; results carry codes negated.
  private static let destinationTooSmall = -70

  static func beginsFrame(_ source: UnsafeRawBufferPointer) -> Bool {
    guard source.count >= 4 else { return false }
    // Sound: four bytes are there.
    let magic = unsafe UInt32(littleEndian: source.loadUnaligned(as: UInt32.self))
    return magic == ZSTD_MAGICNUMBER || magic & 0xFFFF_FFF0 == 0x184D_2A50
  }

  /// What a return value of the library says, nil when it is a byte count.
  static func failure(_ result: Int, byteOffset: Int, expected: Int) -> CompressionError? {
    guard ZSTD_isError(result) != 0 else { return nil }
    if result == destinationTooSmall { return .tooManyBytes(codec: .zstd, byteOffset: byteOffset, expected: expected) }
    return .damaged(codec: .zstd, byteOffset: byteOffset, message: zstdMessage(result))
  }
}

/// The library's own words for an error code.
func zstdMessage(_ result: Int) -> String {
  // Sound: the library answers a constant string for every value.
  unsafe String(cString: ZSTD_getErrorName(result))
}
