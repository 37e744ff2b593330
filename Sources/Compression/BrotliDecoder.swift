// A Brotli stream, by libbrotlidec.

internal import CBrotli

@safe
final class BrotliDecoder: MemberDecoder {
  // Sound: made by BrotliDecoderCreateInstance, owned by this object alone, freed once: in `free`.
  private var state: OpaquePointer?

  deinit { free() }

  /// The library has no reset: its state is made anew for every stream.
  func begin() -> Bool {
    free()
    unsafe state = BrotliDecoderCreateInstance(nil, nil, nil)
    return unsafe state != nil
  }

  @unsafe func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> MemberStep {
    var inputByteCount = input.count
    var outputByteCount = output.count
    var nextInput = unsafe input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    var nextOutput = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    // Sound: the library reads and writes only inside the two buffers and keeps no pointer to them.
    let result = unsafe BrotliDecoderDecompressStream(state, &inputByteCount, &nextInput, &outputByteCount, &nextOutput, nil)
    let outcome: MemberStep.Outcome
    switch result {
    case BROTLI_DECODER_RESULT_SUCCESS:
      outcome = .end
      // Its window may be 16 MiB: given back before the next file.
      free()
    case BROTLI_DECODER_RESULT_ERROR:
      // Sound: the library answers a constant string for every code.
      outcome = .failure(unsafe String(cString: BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state))))
      free()
    default: outcome = .more
    }
    return MemberStep(consumedByteCount: input.count - inputByteCount, producedByteCount: output.count - outputByteCount, outcome: outcome)
  }

  private func free() {
    unsafe BrotliDecoderDestroyInstance(state)
    unsafe state = nil
  }
}
