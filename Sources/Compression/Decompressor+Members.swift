// The loop that gzip, brotli, bzip2 and LZ4 frames are decompressed by.

extension Decompressor {
  /// Decompresses a piece behind what was written before.
  func feedMembers(_ piece: RawSpan, into output: inout MutableRawSpan) throws(CompressionError) {
    guard piece.byteCount > 0 else { return }
    let codec = pieces.codec
    let decoder = memberDecoder(codec)
    let expected = output.byteCount
    try unsafe output.withUnsafeMutableBytes { (target) throws(CompressionError) in
      try unsafe piece.withUnsafeBytes { (source) throws(CompressionError) in
        var next = 0
        while true {
          if !pieces.isInsideFrame {
            // Tapes and some writers pad; Python's gzip passes over it.
            if codec == .gzip, pieces.memberCount > 0 { while next < source.count, unsafe source[next] == 0 { next += 1 } }
            guard next < source.count else { break }
            try beginMember(decoder, byteOffset: pieces.readByteCount + next)
          }
          // Sound: `next` and the written bytes grow only by what the library took of, and wrote to, the rest.
          let rest = unsafe UnsafeRawBufferPointer(rebasing: source[next..<min(source.count, next + memberStepByteCount)])
          let room = min(target.count - pieces.writtenByteCount, memberStepByteCount)
          let step: MemberStep
          if room > 0 {
            let free = unsafe UnsafeMutableRawBufferPointer(rebasing: target[pieces.writtenByteCount..<pieces.writtenByteCount + room])
            step = unsafe decoder.step(rest, free)
            pieces.writtenByteCount += step.producedByteCount
          } else {
            // Whether there is more than fits shows in a byte more.
            var spare: UInt8 = 0
            step = unsafe withUnsafeMutableBytes(of: &spare) { unsafe decoder.step(rest, $0) }
            if step.producedByteCount > 0 { throw .tooManyBytes(codec: codec, byteOffset: pieces.frameByteOffset, expected: expected) }
          }
          next += step.consumedByteCount
          switch step.outcome {
          case .failure(let message): throw .damaged(codec: codec, byteOffset: pieces.frameByteOffset, message: message)
          case .end:
            pieces.isInsideFrame = false
            pieces.memberCount += 1
          case .more:
            guard step.consumedByteCount == 0, step.producedByteCount == 0 else { continue }
            guard next == source.count else {
              throw .damaged(codec: codec, byteOffset: pieces.frameByteOffset, message: "nothing follows from its bytes")
            }
            pieces.readByteCount += source.count
            return
          }
        }
        pieces.readByteCount += source.count
      }
    }
  }

  private func beginMember(_ decoder: any MemberDecoder, byteOffset: Int) throws(CompressionError) {
    if pieces.codec == .brotli, pieces.memberCount > 0 { throw .damaged(codec: .brotli, byteOffset: byteOffset, message: "bytes follow the end of the stream") }
    guard decoder.begin() else { throw .outOfMemory(codec: pieces.codec) }
    pieces.frameByteOffset = byteOffset
    pieces.isInsideFrame = true
  }
}
