// Bare LZ4 blocks, and what Parquet's deprecated LZ4 may be.

internal import CLZ4

enum LZ4Blocks {
  /// Decompresses one block and answers the bytes written, nil where it is damaged or does not fit: the library does not say which.
  // Unsafe to call: both buffers must be valid for their whole length.
  @unsafe static func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int? {
    // The format is of 32 bits.
    guard let inputByteCount = Int32(exactly: input.count) else { return nil }
    let capacity = Int32(clamping: output.count)
    // The library refuses to write to nowhere, even nothing.
    var nothing: UInt8 = 0
    let written = unsafe withUnsafeMutableBytes(of: &nothing) { spare in
      // Sound: the library reads `inputByteCount` bytes at most and writes `capacity` at most.
      unsafe LZ4_decompress_safe(
        input.baseAddress?.assumingMemoryBound(to: CChar.self), (output.baseAddress ?? spare.baseAddress)?.assumingMemoryBound(to: CChar.self), inputByteCount,
        capacity)
    }
    return written < 0 ? nil : Int(written)
  }

  /// Decompresses Hadoop's framing: each part a big-endian length of the content, then blocks, each with a big-endian length of its own, until the content is there.
  /// Nil where the bytes are nothing of the kind.
  // Unsafe to call: as above.
  @unsafe static func decompressHadoop(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int? {
    var read = 0
    var written = 0
    // Sound: offsets grow only by counts that were found inside the rest.
    func length(at offset: Int) -> Int { unsafe Int(UInt32(bigEndian: input.loadUnaligned(fromByteOffset: offset, as: UInt32.self))) }
    while read < input.count {
      guard input.count - read >= 8 else { return nil }
      let contentByteCount = length(at: read)
      guard contentByteCount <= output.count - written else { return nil }
      let end = written + contentByteCount
      read += 4
      repeat {
        guard input.count - read >= 4 else { return nil }
        let blockByteCount = length(at: read)
        read += 4
        guard blockByteCount > 0, blockByteCount <= input.count - read else { return nil }
        let block = unsafe UnsafeRawBufferPointer(rebasing: input[read..<read + blockByteCount])
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: output[written..<end])
        guard let count = unsafe decompress(block, into: target) else { return nil }
        // A block of nothing would let the loop run without end only if it read nothing; it reads at least a byte.
        written += count
        read += blockByteCount
      } while written < end
    }
    return written
  }

  /// No block begins so: its first copy would reach to before the output.
  static func beginsFrame(_ source: UnsafeRawBufferPointer) -> Bool {
    guard source.count >= 4 else { return false }
    // Sound: four bytes are there.
    return unsafe UInt32(littleEndian: source.loadUnaligned(as: UInt32.self)) == 0x184D_2204
  }
}
