// Why a hash could not be computed: never because of the data.

public enum ChecksumError: Error, Sendable, Equatable {
  /// The library refuses the algorithm (a FIPS configuration refuses md5) or has no memory for it.
  case unavailable(HashAlgorithm)
}

extension ChecksumError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unavailable(let algorithm): "this machine's libraries cannot compute \(algorithm.name)"
    }
  }
}
