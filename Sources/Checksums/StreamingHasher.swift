// Hashes bytes that come in pieces.

/// A hash in progress. Not for several threads at once.
///
/// A class, not a struct that cannot be copied: the optimiser of Swift 6.3 loses the metadata of such a struct's private parts across modules.
public final class StreamingHasher {
  private enum State: ~Copyable {
    case xxh(XXHashState)
    case message(MessageDigestState)
  }

  public let algorithm: HashAlgorithm
  private let state: State

  /// - Throws: `.unavailable` when the library has not the algorithm.
  public init(_ algorithm: HashAlgorithm) throws(ChecksumError) {
    self.algorithm = algorithm
    if algorithm.isFast {
      state = .xxh(try XXHashState(algorithm))
    } else {
      state = .message(try MessageDigestState(algorithm))
    }
  }

  /// Adds the next bytes.
  public func update(_ bytes: RawSpan) throws(ChecksumError) {
    switch state {
    case .xxh(let state): state.update(bytes)
    case .message(let state): try state.update(bytes)
    }
  }

  /// The digest of everything added. Called once, last.
  public func finish() throws(ChecksumError) -> Digest {
    switch state {
    case .xxh(let state): state.digest()
    case .message(let state): try state.digest()
    }
  }
}

extension HashAlgorithm {
  /// The digest of one piece of memory.
  /// - Throws: `.unavailable` when the library has not the algorithm.
  public func digest(of bytes: RawSpan) throws(ChecksumError) -> Digest {
    let hasher = try StreamingHasher(self)
    try hasher.update(bytes)
    return try hasher.finish()
  }
}
