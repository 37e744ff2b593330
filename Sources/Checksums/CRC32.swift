// The checksum of zip archives, from zlib.

internal import CZlib

/// CRC-32 (polynomial 0x04C11DB7, reflected) of bytes that come in pieces.
public struct CRC32: Sendable {
  /// Of everything added so far.
  public private(set) var value: UInt32 = 0

  public init() {}

  /// Adds the next bytes.
  public mutating func update(_ bytes: RawSpan) {
    // Sound: the buffer lives through the call, and the library only reads it.
    value = unsafe bytes.withUnsafeBytes { buffer in
      unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(value), buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count))
    }
  }
}
