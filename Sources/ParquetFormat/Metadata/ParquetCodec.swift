// How pages are compressed.

/// A compression by its number in the format. A number that is not known is an error only where a chunk is read.
public enum ParquetCodec: Sendable, Hashable {
  case uncompressed
  case snappy
  case gzip
  case lzo
  case brotli
  /// The deprecated one: Hadoop's framing, or a raw block, or an LZ4 frame; the writers never agreed.
  case lz4
  case zstd
  case lz4Raw
  case unknown(Int32)

  public init(rawValue: Int32) {
    self =
      switch rawValue {
      case 0: .uncompressed
      case 1: .snappy
      case 2: .gzip
      case 3: .lzo
      case 4: .brotli
      case 5: .lz4
      case 6: .zstd
      case 7: .lz4Raw
      default: .unknown(rawValue)
      }
  }

  /// The format's name, as `LZ4_RAW`.
  public var name: String {
    switch self {
    case .uncompressed: "UNCOMPRESSED"
    case .snappy: "SNAPPY"
    case .gzip: "GZIP"
    case .lzo: "LZO"
    case .brotli: "BROTLI"
    case .lz4: "LZ4"
    case .zstd: "ZSTD"
    case .lz4Raw: "LZ4_RAW"
    case .unknown(let value): "codec \(value)"
    }
  }
}
