// What can be wrong with compressed bytes.

public enum CompressionError: Error, Sendable, Equatable {
  /// A compression that exists and is not read.
  case unknownCodec(name: String)
  /// The library refused the bytes of the frame (member, stream, block) that begins at `byteOffset` of the compressed bytes.
  case damaged(codec: Codec, byteOffset: Int, message: String)
  /// The data would decompress to more than the expected bytes; `byteOffset` is the frame that does not fit.
  case tooManyBytes(codec: Codec, byteOffset: Int, expected: Int)
  /// The data decompresses to fewer bytes than expected.
  case tooFewBytes(codec: Codec, found: Int, expected: Int)
  case invalidLevel(codec: Codec, level: Int, allowed: ClosedRange<Int>)
  /// The library could not make its state: out of memory.
  case outOfMemory(codec: Codec)
  /// The library could not compress.
  case compressionFailed(codec: Codec, message: String)
}

extension CompressionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownCodec(let name): "unknown compression '\(name)'; known are zstd, br, bz2, gz and snappy"
    case .damaged(let codec, let byteOffset, let message): "damaged \(codec.name) data: the frame at byte \(byteOffset): \(message)"
    case .tooManyBytes(let codec, let byteOffset, let expected):
      "\(codec.name) data decompresses to more than the expected \(expected) bytes, in the frame at byte \(byteOffset)"
    case .tooFewBytes(let codec, let found, let expected): "\(codec.name) data decompresses to \(found) bytes, expected \(expected)"
    case .invalidLevel(let codec, let level, let allowed):
      "\(codec.name) has no level \(level); allowed are \(allowed.lowerBound) to \(allowed.upperBound)"
    case .outOfMemory(let codec): "no memory for the state of \(codec.name)"
    case .compressionFailed(let codec, let message): "\(codec.name) could not compress: \(message)"
    }
  }
}
