// The hashes of libcrypto.

internal import CLibcrypto

/// A running hash of libcrypto's EVP interface.
@safe
struct MessageDigestState: ~Copyable {
  private let algorithm: HashAlgorithm
  // Sound: made by EVP_MD_CTX_new, owned by this value alone, freed once in deinit.
  private let context: OpaquePointer

  init(_ algorithm: HashAlgorithm) throws(ChecksumError) {
    guard let context = unsafe EVP_MD_CTX_new() else { throw .unavailable(algorithm) }
    // Sound: a fresh context, and a constant table of the library.
    guard unsafe EVP_DigestInit_ex(context, Self.implementation(of: algorithm), nil) == 1 else {
      unsafe EVP_MD_CTX_free(context)
      throw .unavailable(algorithm)
    }
    self.algorithm = algorithm
    unsafe self.context = context
  }

  deinit {
    // Sound: freed once; nobody else has it.
    unsafe EVP_MD_CTX_free(context)
  }

  borrowing func update(_ bytes: RawSpan) throws(ChecksumError) {
    // Sound: the buffer lives for the whole call; an empty one is not looked at.
    let status = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    guard status == 1 else { throw .unavailable(algorithm) }
  }

  borrowing func digest() throws(ChecksumError) -> Digest {
    var status: Int32 = 0
    // Sound: EVP writes at most EVP_MAX_MD_SIZE (64) bytes and says how many.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { target, count in
      var written: UInt32 = 0
      status = unsafe EVP_DigestFinal_ex(context, target.baseAddress, &written)
      count = status == 1 ? Int(written) : 0
    }
    guard status == 1 else { throw .unavailable(algorithm) }
    return Digest(bytes: bytes)
  }

  private static func implementation(of algorithm: HashAlgorithm) -> OpaquePointer? {
    // Sound: these functions answer pointers to the library's constants.
    switch algorithm {
    case .md5: unsafe EVP_md5()
    case .sha1: unsafe EVP_sha1()
    case .sha224: unsafe EVP_sha224()
    case .sha256: unsafe EVP_sha256()
    case .sha384: unsafe EVP_sha384()
    case .sha512: unsafe EVP_sha512()
    case .sha3_224: unsafe EVP_sha3_224()
    case .sha3_256: unsafe EVP_sha3_256()
    case .sha3_384: unsafe EVP_sha3_384()
    case .sha3_512: unsafe EVP_sha3_512()
    case .blake2b: unsafe EVP_blake2b512()
    case .blake2s: unsafe EVP_blake2s256()
    case .xxh32, .xxh64, .xxh3_64, .xxh3_128: nil
    }
  }
}
