// The checksum of Parquet's pages and of zip members.

internal import CZlib

/// CRC-32 as gzip and zip have it.
public enum CRC32 {
  /// - Parameter previous: the checksum of the bytes before, to go on from.
  public static func checksum(_ bytes: RawSpan, continuing previous: UInt32 = 0) -> UInt32 {
    // Sound: the buffer lives for the whole call, and its length is given.
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe UInt32(truncatingIfNeeded: crc32_z(uLong(previous), buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count))
    }
  }
}
