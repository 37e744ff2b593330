// LZ4 frames, by liblz4.

internal import CLZ4

@safe
final class LZ4FrameDecoder: MemberDecoder {
  // Sound: made by LZ4F_createDecompressionContext, owned by this object alone, freed once in deinit.
  private var context: OpaquePointer?

  deinit {
    // Sound: the library accepts nil.
    unsafe _ = LZ4F_freeDecompressionContext(context)
  }

  func begin() -> Bool {
    if let context = unsafe context {
      unsafe LZ4F_resetDecompressionContext(context)
      return true
    }
    return unsafe LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0
  }

  @unsafe func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> MemberStep {
    var inputByteCount = input.count
    var outputByteCount = output.count
    // Sound: the library reads and writes only inside the two buffers. What it needs again of the output it keeps a copy of.
    let result = unsafe LZ4F_decompress(context, output.baseAddress, &outputByteCount, input.baseAddress, &inputByteCount, nil)
    if LZ4F_isError(result) != 0 {
      // Sound: the library answers a constant string for every code.
      return MemberStep(consumedByteCount: 0, producedByteCount: 0, outcome: .failure(unsafe String(cString: LZ4F_getErrorName(result))))
    }
    return MemberStep(consumedByteCount: inputByteCount, producedByteCount: outputByteCount, outcome: result == 0 ? .end : .more)
  }
}
