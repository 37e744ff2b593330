// The hashes that an index may carry, by the names Python's hashlib and xxhash give them.

/// A hash of a whole file. The xxh* have the seed 0.
public enum HashAlgorithm: UInt8, Sendable, CaseIterable, Hashable {
  case xxh32, xxh64, xxh3_64, xxh3_128
  case md5, sha1
  case sha224, sha256, sha384, sha512
  case sha3_224, sha3_256, sha3_384, sha3_512
  case blake2b, blake2s

  /// The name in an index, `xxh64`; `xxh128` and `xxh3_128` are the same hash, of the second name here.
  public var name: String {
    switch self {
    case .xxh32: "xxh32"
    case .xxh64: "xxh64"
    case .xxh3_64: "xxh3_64"
    case .xxh3_128: "xxh3_128"
    case .md5: "md5"
    case .sha1: "sha1"
    case .sha224: "sha224"
    case .sha256: "sha256"
    case .sha384: "sha384"
    case .sha512: "sha512"
    case .sha3_224: "sha3_224"
    case .sha3_256: "sha3_256"
    case .sha3_384: "sha3_384"
    case .sha3_512: "sha3_512"
    case .blake2b: "blake2b"
    case .blake2s: "blake2s"
    }
  }

  /// The algorithm of this name, nil when there is none; the spelling is exact.
  public init?(name: String) {
    if name == "xxh128" {
      self = .xxh3_128
      return
    }
    guard let algorithm = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = algorithm
  }

  /// Bytes of a digest: 4 to 64.
  public var digestByteCount: Int {
    switch self {
    case .xxh32: 4
    case .xxh64, .xxh3_64: 8
    case .xxh3_128, .md5: 16
    case .sha1: 20
    case .sha224, .sha3_224: 28
    case .sha256, .sha3_256, .blake2s: 32
    case .sha384, .sha3_384: 48
    case .sha512, .sha3_512, .blake2b: 64
    }
  }

  /// Whether the hash is so fast (several GB/s) that it can be checked on every read.
  public var isFast: Bool {
    switch self {
    case .xxh32, .xxh64, .xxh3_64, .xxh3_128: true
    case .md5, .sha1, .sha224, .sha256, .sha384, .sha512, .sha3_224, .sha3_256, .sha3_384, .sha3_512, .blake2b, .blake2s: false
    }
  }
}
