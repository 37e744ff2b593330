// `bucket(column, n)`: an even spread of texts over n buckets, the same wherever and whenever it is computed.

internal import ByteParsing
internal import Checksums

enum TextBucket {
  /// The first four bytes of the text's md5, big-endian, modulo `count`. Nil where this machine's library refuses md5.
  static func bucket(_ text: [UInt8], count: Int) -> Int? {
    guard let digest = md5(text) else { return nil }
    return digest.bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) } % count
  }

  /// Whether md5 can be computed here: a FIPS configuration refuses it.
  static let isAvailable = md5([]) != nil

  private static func md5(_ text: [UInt8]) -> Digest? {
    try? HashAlgorithm.md5.digest(of: text.rawSpan)
  }
}
