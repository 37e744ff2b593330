// Gzip members, by zlib.

internal import CZlib

@safe
final class GzipDecoder: MemberDecoder {
  // Sound: one allocation, whose address zlib keeps; freed once in deinit, after zlib's own memory.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isMade = false

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
  }

  deinit {
    if isMade { unsafe _ = inflateEnd(stream) }
    unsafe stream.deallocate()
  }

  /// The largest window; 16 more: a gzip header and trailer, and nothing else.
  private static let gzipWindowBits: Int32 = 15 + 16

  func begin() -> Bool {
    // Sound: `stream` is zeroed before its first use, as zlib asks.
    if isMade { return unsafe inflateReset(stream) == Z_OK }
    isMade = unsafe inflateInit2_(stream, Self.gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    return isMade
  }

  @unsafe func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> MemberStep {
    // Sound: zlib reads and writes only inside the two buffers, and keeps no pointer to them. It does not write to the input, for all its type says.
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(output.count)
    let result = unsafe inflate(stream, Z_NO_FLUSH)
    let outcome: MemberStep.Outcome =
      switch result {
      // Z_BUF_ERROR: no progress was possible.
      case Z_OK, Z_BUF_ERROR: .more
      case Z_STREAM_END: .end
      case Z_NEED_DICT: .failure("it needs a preset dictionary")
      case Z_MEM_ERROR: .failure("no memory for the window")
      // Sound: zlib's messages are constant strings.
      default: .failure(unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib's error \(result)")
      }
    return unsafe MemberStep(
      consumedByteCount: input.count - Int(stream.pointee.avail_in), producedByteCount: output.count - Int(stream.pointee.avail_out), outcome: outcome)
  }
}
