// A whole Snappy block, by libsnappy.

internal import CSnappy

enum SnappyBlock {
  // Unsafe to call: both buffers must be valid for their whole length.
  @unsafe static func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int {
    let source = unsafe input.baseAddress?.assumingMemoryBound(to: CChar.self)
    var byteCount = 0
    // Sound: the library reads the input's bytes only.
    guard input.count > 0, unsafe snappy_uncompressed_length(source, input.count, &byteCount) == SNAPPY_OK else {
      throw .damaged(codec: .snappy, byteOffset: 0, message: "no length at its beginning")
    }
    guard byteCount <= output.count else { throw .tooManyBytes(codec: .snappy, byteOffset: 0, expected: output.count) }
    // Sound: the library writes `byteCount` bytes at most, which fit. It refuses to write to nowhere, even nothing.
    var nothing: UInt8 = 0
    let result = unsafe withUnsafeMutableBytes(of: &nothing) { spare in
      unsafe snappy_uncompress(source, input.count, (output.baseAddress ?? spare.baseAddress)?.assumingMemoryBound(to: CChar.self), &byteCount)
    }
    guard result == SNAPPY_OK else { throw .damaged(codec: .snappy, byteOffset: 0, message: "its elements do not give the length at its beginning") }
    return byteCount
  }
}
