// Bzip2 streams, by libbz2.

internal import CBzip2

@safe
final class Bzip2Decoder: MemberDecoder {
  // Sound: one allocation, whose address the library keeps; freed once in deinit, after the library's own memory.
  private let stream: UnsafeMutablePointer<bz_stream>
  private var isMade = false

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: bz_stream())
  }

  deinit {
    if isMade { unsafe _ = BZ2_bzDecompressEnd(stream) }
    unsafe stream.deallocate()
  }

  /// The library has no reset: its state is made anew for every stream.
  func begin() -> Bool {
    // Sound: the fields that the library reads are zero: its own allocator, no state.
    if isMade { unsafe _ = BZ2_bzDecompressEnd(stream) }
    unsafe stream.pointee = bz_stream()
    isMade = unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK
    return isMade
  }

  @unsafe func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> MemberStep {
    // Sound: the library reads and writes only inside the two buffers. It does not write to the input, for all its type says.
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
    unsafe stream.pointee.avail_in = UInt32(input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
    unsafe stream.pointee.avail_out = UInt32(output.count)
    let result = unsafe BZ2_bzDecompress(stream)
    let outcome: MemberStep.Outcome =
      switch result {
      case BZ_OK: .more
      case BZ_STREAM_END: .end
      case BZ_DATA_ERROR_MAGIC: .failure("no bzip2 magic number")
      case BZ_DATA_ERROR: .failure("its content or its checksum is damaged")
      case BZ_MEM_ERROR: .failure("no memory for its blocks")
      default: .failure("libbz2's error \(result)")
      }
    return unsafe MemberStep(
      consumedByteCount: input.count - Int(stream.pointee.avail_in), producedByteCount: output.count - Int(stream.pointee.avail_out), outcome: outcome)
  }
}
