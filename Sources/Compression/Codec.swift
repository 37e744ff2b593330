// The compressions that stored files may have, and how MDS spells them.

/// How a file's bytes are compressed.
public enum Codec: Sendable, Hashable {
  /// Stored as they are.
  case none
  /// Zstandard frames, one after another.
  case zstd

  /// The codec of an MDS `compression` field, `zstd` or `zstd:7`; what follows the colon is the writer's level, of no meaning to a reader.
  /// - Throws: `.unsupportedCodec` for a compression MDS has and this reader does not; `.unknownCodec` for any other name.
  public init(mdsName: String) throws(CompressionError) {
    let name = mdsName.prefix { $0 != ":" }
    switch name {
    case "zstd": self = .zstd
    case "br", "bz2", "gz", "snappy": throw .unsupportedCodec(name: mdsName)
    default: throw .unknownCodec(name: mdsName)
    }
  }

  /// The codec's name in messages.
  public var name: String {
    switch self {
    case .none: "uncompressed"
    case .zstd: "zstd"
    }
  }
}
