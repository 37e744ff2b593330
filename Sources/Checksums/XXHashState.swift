// The four hashes of libxxhash.

internal import CXXHash

/// A running xxHash.
@safe
struct XXHashState: ~Copyable {
  private let algorithm: HashAlgorithm
  // Sound: made by the create function of this algorithm, owned by this value alone, freed once in deinit.
  private let state: OpaquePointer

  init(_ algorithm: HashAlgorithm) throws(ChecksumError) {
    self.algorithm = algorithm
    let made =
      switch algorithm {
      case .xxh32: unsafe XXH32_createState()
      case .xxh64: unsafe XXH64_createState()
      default: unsafe XXH3_createState()
      }
    guard let made = unsafe made else { throw .unavailable(algorithm) }
    unsafe state = made
    // Sound: a fresh state of the type that its reset function expects. Resets of valid states cannot fail.
    switch algorithm {
    case .xxh32: unsafe _ = XXH32_reset(state, 0)
    case .xxh64: unsafe _ = XXH64_reset(state, 0)
    case .xxh3_64: unsafe _ = XXH3_64bits_reset(state)
    default: unsafe _ = XXH3_128bits_reset(state)
    }
  }

  deinit {
    // Sound: each state goes to the free function of its kind, once.
    switch algorithm {
    case .xxh32: unsafe _ = XXH32_freeState(state)
    case .xxh64: unsafe _ = XXH64_freeState(state)
    default: unsafe _ = XXH3_freeState(state)
    }
  }

  borrowing func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { buffer in
      // The library need not accept a null pointer, and nothing changes.
      guard let start = buffer.baseAddress else { return }
      // Sound: the buffer lives for the whole call; updates of valid states cannot fail.
      switch algorithm {
      case .xxh32: unsafe _ = XXH32_update(state, start, buffer.count)
      case .xxh64: unsafe _ = XXH64_update(state, start, buffer.count)
      case .xxh3_64: unsafe _ = XXH3_64bits_update(state, start, buffer.count)
      default: unsafe _ = XXH3_128bits_update(state, start, buffer.count)
      }
    }
  }

  /// The canonical, big-endian digest.
  borrowing func digest() -> Digest {
    // Sound: digests read the state and leave it as it is.
    switch algorithm {
    case .xxh32: Digest(bytes: Self.bigEndianBytes(UInt64(unsafe XXH32_digest(state)), count: 4))
    case .xxh64: Digest(bytes: Self.bigEndianBytes(unsafe XXH64_digest(state), count: 8))
    case .xxh3_64: Digest(bytes: Self.bigEndianBytes(unsafe XXH3_64bits_digest(state), count: 8))
    default: Self.digest(unsafe XXH3_128bits_digest(state))
    }
  }

  private static func digest(_ hash: XXH128_hash_t) -> Digest {
    Digest(bytes: bigEndianBytes(hash.high64, count: 8) + bigEndianBytes(hash.low64, count: 8))
  }

  private static func bigEndianBytes(_ value: UInt64, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
  }
}
