// Compresses to zstd, for the shards that `sample` writes.

internal import CZstd

/// Compresses byte sequences to single Zstandard frames that carry their content's size.
public enum ZstdCompressor {
  /// `level`: 1 to 22, or negative for faster ones.
  /// - Throws: `.invalidLevel`, `.compressionFailed`.
  public static func compress(_ input: RawSpan, level: Int) throws(CompressionError) -> [UInt8] {
    let allowed = Int(ZSTD_minCLevel())...Int(ZSTD_maxCLevel())
    guard allowed.contains(level) else { throw .invalidLevel(codec: .zstd, level: level, allowed: allowed) }
    let bound = ZSTD_compressBound(input.byteCount)
    guard ZSTD_isError(bound) == 0 else { throw .compressionFailed(codec: .zstd, message: zstdMessage(bound)) }
    var result = 0
    // Sound: the library writes at most `bound` bytes into an array of that capacity, and says how many it wrote.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      result = unsafe input.withUnsafeBytes { source in
        unsafe ZSTD_compress(target.baseAddress, bound, source.baseAddress, source.count, Int32(level))
      }
      count = ZSTD_isError(result) == 0 ? result : 0
    }
    guard ZSTD_isError(result) == 0 else { throw .compressionFailed(codec: .zstd, message: zstdMessage(result)) }
    return bytes
  }
}
