// The compressions that stored files may have, and how MDS spells them.

/// How bytes are compressed.
public enum Codec: Sendable, Hashable, CaseIterable {
  /// Stored as they are.
  case none
  /// Zstandard frames, one after another.
  case zstd
  /// Gzip members (RFC 1952), one after another; zero bytes may stand between and behind them.
  case gzip
  /// One Brotli stream (RFC 7932).
  case brotli
  /// Bzip2 streams, one after another.
  case bzip2
  /// One Snappy block: the length, then elements. Not Snappy's framing format.
  case snappy
  /// One LZ4 block, without a header.
  case lz4Block
  /// LZ4 frames, one after another.
  case lz4Frame
  /// Parquet's deprecated `LZ4`, which was never specified: Hadoop's framing of blocks, a frame, or one bare block.
  case lz4Legacy

  /// The codec of an MDS `compression` field, `zstd` or `zstd:7`; what follows the colon is the writer's level, of no meaning to a reader.
  /// - Throws: `.unknownCodec` for a name that MDS does not have.
  public init(mdsName: String) throws(CompressionError) {
    switch mdsName.prefix(while: { $0 != ":" }) {
    case "zstd": self = .zstd
    case "gz": self = .gzip
    case "br": self = .brotli
    case "bz2": self = .bzip2
    case "snappy": self = .snappy
    default: throw .unknownCodec(name: mdsName)
    }
  }

  /// The codec's name in messages.
  public var name: String {
    switch self {
    case .none: "uncompressed"
    case .zstd: "zstd"
    case .gzip: "gzip"
    case .brotli: "brotli"
    case .bzip2: "bzip2"
    case .snappy: "snappy"
    case .lz4Block: "LZ4 block"
    case .lz4Frame: "LZ4 frame"
    case .lz4Legacy: "LZ4 (deprecated)"
    }
  }

  /// Whether `Decompressor.begin` takes it: whether its data may be handed over piece by piece. True for everything but bare LZ4 blocks, which only Parquet has.
  public var isPiecewise: Bool { self != .lz4Block && self != .lz4Legacy }

  /// The most bytes a library allocates for the state of one decompression, so that a memory cap can count them.
  public var stateByteCount: Int {
    switch self {
    // zlib: a window of 32 KiB and its tables. zstd: with its window in the output, the context alone.
    case .none, .snappy, .lz4Block, .lz4Legacy: 0
    case .gzip: 64 << 10
    case .zstd: 256 << 10
    // Two blocks of at most 4 MiB and the window.
    case .lz4Frame: 9 << 20
    // 3.6 MiB of transformed bytes in blocks of 900 kB, and tables.
    case .bzip2: 4 << 20
    // The ring of the largest window, 16 MiB, is made anew, twice as large, while the smaller lives; and tables.
    case .brotli: 26 << 20
    }
  }
}
